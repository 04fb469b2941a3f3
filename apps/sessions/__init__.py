"""Visits to a booking flow: immutable events, and the state that is their fold (seed 000 §7)."""
