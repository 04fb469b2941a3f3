"""What every app stands on: ids, the clock, errors, commands, events, tokens, encryption, limits."""
