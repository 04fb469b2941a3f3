"""How often a password may be tried."""

import logging
import math
import time

from django.conf import settings
from django.utils.crypto import salted_hmac
from redis import Redis
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

logger = logging.getLogger(__name__)

ATTEMPTS = 10
WINDOW_SECONDS = 300
# Counting and setting the end of the window are one step, so a counter never outlives its window.
COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class SignInThrottle(BaseThrottle):
    """Ten tries in five minutes for one address, whether or not anybody has it.

    Atomic in Redis. Where Redis is away, the door stays open and the log says so: the hashing of passwords
    is slow enough on its own.
    """

    def __init__(self) -> None:
        self.window = int(time.time()) // WINDOW_SECONDS

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  (DRF's signature)
        """Count this try; False if there were too many. Raises MalformedJSON."""
        email = request.data.get("email") if isinstance(request.data, dict) else None
        if not isinstance(email, str):
            return True  # refused for its shape, without a look at any password
        name = salted_hmac("wrkbelt.sign_in", email.strip().lower(), algorithm="sha256").hexdigest()[:32]
        try:
            with Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as redis:
                count = redis.eval(COUNT, 1, f"sign-in:{name}:{self.window}", str(WINDOW_SECONDS))
        except (RedisError, OSError) as error:
            logger.warning("sign-ins are not counted: Redis is away (%s)", type(error).__name__)
            return True
        return int(str(count)) <= ATTEMPTS

    def wait(self) -> float:
        """Seconds until the next window."""
        return math.ceil((self.window + 1) * WINDOW_SECONDS - time.time())
