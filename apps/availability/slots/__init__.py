"""From hours to bookable rows, and again when the hours change (seed 003)."""
