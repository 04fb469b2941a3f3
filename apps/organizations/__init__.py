"""Tenants: organizations, who works there, their API keys and the policies that they set."""
