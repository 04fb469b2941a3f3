"""Finding a place for visits and taking it: holds, schedules, moves (DESIGN §5)."""
