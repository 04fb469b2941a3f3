"""Visits of several services: the algebra below the planner, and what it reads (seed 002)."""
