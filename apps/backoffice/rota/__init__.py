"""Who works when: the week roster, closings, time off, and why a time is missing."""
