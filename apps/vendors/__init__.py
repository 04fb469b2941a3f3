"""Whose calendar answers: strategies behind `/v1/scheduler/*`. `native` is our own engine."""
