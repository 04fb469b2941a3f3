"""When people are away, beside the bookings that they have (seed 002)."""
