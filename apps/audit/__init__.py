"""What happened, for good: an append-only log, and the tokens by which an action is undone."""
