"""A flow as a file: what it looks like, how it is written and read back (docs/flow-format.md)."""
