"""From holds to bookings with an order: questions, prices, payment (seed 004)."""
