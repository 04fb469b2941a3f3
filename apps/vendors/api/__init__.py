"""`/v1/scheduler/*`."""
