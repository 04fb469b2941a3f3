"""Saks & Silke, a made-up hair salon in Copenhagen."""
