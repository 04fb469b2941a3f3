"""What the ground layer itself measures: requests, conflicts, deadlocks. Other apps name their own."""

from apps.core.metrics import Counter, Histogram

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Histogram(
    "http_request_duration_seconds",
    "How long requests took, by method, route and status.",
    bounds=SECONDS,
    labels=["method", "route", "status"],
)
CONFLICTS = Counter(
    "conflicts", "Requests that came too late or met another's change, by the problem's code.", ["code"]
)
DEADLOCKS = Counter(
    "deadlock_retries", "Transactions that were run again after a deadlock, by command.", ["command"]
)
