"""What customers do with the link to their booking (seed 004)."""
