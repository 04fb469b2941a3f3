"""How often somebody may ask (seed 003): an exact sliding window, counted in Redis in one step.

The moments of what was let through are kept, oldest last, so that no window of that length, wherever it
begins, holds more than the limit; a bucket that refills (GCRA) lets almost twice as many through in its
first window. A list of moments costs as little: what is past the window falls off at one end, and the
length is the count. What was refused is not counted: who waits as long as they are told gets through.

Without Redis everybody gets through, and a metric says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from redis.exceptions import ResponseError

from apps.core import metrics
from apps.core.soft_redis import RedisAway, Script

# KEYS: what is counted. ARGV: the window in microseconds, then each key's limit. The clock is Redis's own, so
# that all servers share one. All keys are looked at before any is written: a refusal by one costs no other.
COUNT = Script("""
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local window = tonumber(ARGV[1])
local tightest, left, reset, wait = 0, nil, 0, 0
for index, key in ipairs(KEYS) do
  local limit = tonumber(ARGV[index + 1])
  local oldest = redis.call('LINDEX', key, -1)
  while oldest and tonumber(oldest) + window <= now do
    redis.call('RPOP', key)
    oldest = redis.call('LINDEX', key, -1)
  end
  local used = oldest and redis.call('LLEN', key) or 0
  if used >= limit then
    -- Not always the oldest: the limit may have been lowered meanwhile.
    local last = limit > 0 and tonumber(redis.call('LINDEX', key, limit - 1)) or now
    wait = math.max(wait, last + window - now)
  end
  if left == nil or limit - used < left then
    tightest, left = limit, limit - used
    reset = oldest and tonumber(oldest) + window - now or window
  end
end
local function told(...) return string.format('%d %d %d %.0f %.0f', ...) end
if wait > 0 then return told(0, tightest, 0, wait, wait) end
for _, key in ipairs(KEYS) do
  redis.call('LPUSH', key, string.format('%.0f', now))
  redis.call('PEXPIRE', key, math.ceil(window / 1000))
end
return told(1, tightest, left - 1, reset, 0)
""")
MICROSECONDS = 1_000_000
UNCOUNTED = metrics.Counter(
    "rate_limits_failed_open", "Requests that were let through uncounted, because Redis was away."
)
REFUSED = metrics.Counter("rate_limits_refused", "Requests that came too fast.", ["kind"])


class Counted(NamedTuple):
    """Whom a request is counted under, and how many in a window they have."""

    who: str
    limit: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one more is allowed, of the tightest of the limits. Times are whole seconds, rounded up."""

    allowed: bool
    limit: int
    remaining: int
    reset_after: int
    retry_after: int


def take(kind: str, counted: Sequence[Counted], *, seconds: int) -> Verdict | None:
    """Count one more of this kind; None where nobody counts, because Redis is away."""
    try:
        answer = COUNT.run(
            [f"limit:{kind}:{each.who}" for each in counted],
            seconds * MICROSECONDS,
            *(each.limit for each in counted),
        )
    except (RedisAway, ResponseError):
        UNCOUNTED.count()
        return None
    # One text is read several times as fast as an array of numbers.
    allowed, limit, remaining, reset, wait = map(int, answer.split())
    if not allowed:
        REFUSED.count(kind)
    return Verdict(
        allowed=bool(allowed),
        limit=limit,
        remaining=remaining,
        reset_after=_seconds(reset),
        retry_after=_seconds(wait),
    )


def _seconds(microseconds: int) -> int:
    return -(-microseconds // MICROSECONDS)
