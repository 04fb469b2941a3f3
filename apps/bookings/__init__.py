"""Customers and what they book: holds, bookings, their lines and the commands that change them."""
