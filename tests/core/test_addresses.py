"""X-Forwarded-For is believed as far as our own proxies wrote it, and no further."""

from typing import Any

import pytest
from django.test import RequestFactory

from apps.core.addresses import came_through_strangers, client_address, whose


def address(remote: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


class TestWithoutProxies:
    @pytest.mark.parametrize("forwarded", [None, "203.0.113.9", "1.1.1.1, 2.2.2.2"])
    def test_only_the_connection_counts(self, forwarded: str | None) -> None:
        assert address("198.51.100.7", forwarded) == "198.51.100.7"

    def test_a_socket_file_has_no_address(self) -> None:
        assert address("") == "unknown"


class TestBehindProxies:
    @pytest.fixture(autouse=True)
    def two_proxies(self, settings: Any) -> None:
        settings.TRUSTED_PROXIES = ["10.0.0.0/8", "2001:db8:1::/48", "192.0.2.10"]

    @pytest.mark.parametrize(
        ("remote", "forwarded", "client"),
        [
            ("10.1.2.3", "203.0.113.9", "203.0.113.9"),
            ("10.1.2.3", "203.0.113.9, 192.0.2.10", "203.0.113.9"),
            ("10.1.2.3", "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # what the client wrote itself
            ("10.1.2.3", "10.9.9.9, 203.0.113.9", "203.0.113.9"),
            ("203.0.113.9", "1.1.1.1", "203.0.113.9"),  # not one of ours
            ("10.1.2.3", "", "10.1.2.3"),
            ("10.1.2.3", "nonsense", "10.1.2.3"),
            ("10.1.2.3", "1.1.1.1, nonsense, 10.4.4.4", "10.4.4.4"),
            ("10.1.2.3", "203.0.113.9:51234", "203.0.113.9"),
            ("10.1.2.3", "[2001:db8:2::7]:443", "2001:db8:2::7"),
            ("2001:db8:1::5", "203.0.113.9", "203.0.113.9"),
            ("::ffff:10.1.2.3", "::ffff:203.0.113.9", "203.0.113.9"),
            ("10.1.2.3", ",".join(["10.1.1.1"] * 5000), "10.1.1.1"),
        ],
    )
    def test_the_first_stranger_from_the_right_is_the_client(
        self, remote: str, forwarded: str, client: str
    ) -> None:
        assert address(remote, forwarded) == client

    def test_a_proxy_that_nobody_named_is_noticed(self) -> None:
        def through(remote: str) -> bool:
            return came_through_strangers(
                RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR="1.1.1.1")
            )

        assert through("172.16.0.1")
        assert not through("10.1.1.1")
        assert not came_through_strangers(RequestFactory().get("/", REMOTE_ADDR="172.16.0.1"))


class TestWhose:
    def test_an_ipv6_subscriber_has_one_count(self) -> None:
        assert whose("2001:db8:2:3:aaaa::1") == whose("2001:db8:2:3:bbbb::2") == "2001:db8:2:3::/64"
        assert whose("2001:db8:2:4::1") != whose("2001:db8:2:3::1")

    @pytest.mark.parametrize(("given", "counted"), [("203.0.113.9", "203.0.113.9"), ("unknown", "unknown")])
    def test_others_are_themselves(self, given: str, counted: str) -> None:
        assert whose(given) == counted
