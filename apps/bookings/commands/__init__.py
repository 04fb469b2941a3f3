"""One file a mutation: lock, decide, write, audit, publish."""
