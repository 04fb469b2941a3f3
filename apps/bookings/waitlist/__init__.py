"""Who waits for a time, and how freed ones are offered in their order (seed 004)."""
