"""Which free times are found, kept and shown (seed 003)."""
