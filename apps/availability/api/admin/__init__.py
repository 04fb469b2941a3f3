"""`/admin/v1` for places, people, hours, times and the calendar."""
