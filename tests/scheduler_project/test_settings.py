"""What settings make of the environment."""

import pytest
from kombu.connection import Connection

from scheduler_project.settings.base import celery_broker_url


@pytest.mark.parametrize(
    ("redis_url", "broker_url"),
    [
        ("redis://localhost:6379", "redis://localhost:6379"),
        ("redis://localhost:6379/3", "redis://localhost:6379/3"),
        ("redis://localhost:6379?db=3", "redis://localhost:6379/3"),
        ("redis://localhost:6379/0?db=3", "redis://localhost:6379/3"),
        ("rediss://:secret@cache:6380/2", "rediss://:secret@cache:6380/2"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
    ],
)
def test_the_broker_is_the_same_redis_database(redis_url: str, broker_url: str) -> None:
    assert celery_broker_url(redis_url) == broker_url
    Connection(broker_url)  # type: ignore[no-untyped-call]  # raises where Kombu does not understand it
