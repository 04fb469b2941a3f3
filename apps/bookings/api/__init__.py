"""`/v1` for holds and bookings."""
