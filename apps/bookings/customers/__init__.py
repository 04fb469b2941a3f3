"""Who books: found, corrected, merged, forgotten (DESIGN §12)."""
