"""Who is at the other end: the client's address behind proxies that are trusted, and no others.

`X-Forwarded-For` is whatever its sender liked to write. Only what a proxy of ours has added is true, and that
is read from the right, as far as the proxies go.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest

UNKNOWN = "unknown"
# What one subscriber of IPv6 is given: within it an address costs nothing.
IPV6_SUBSCRIBER_BITS = 64


def client_address(request: HttpRequest) -> str:
    """The client's address as text; "unknown" where the server names none (a socket file)."""
    return _client(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


def came_through_strangers(request: HttpRequest) -> bool:
    """Whether a proxy that is not on TRUSTED_PROXIES claims to speak for somebody else."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return bool(forwarded) and not within(request.META.get("REMOTE_ADDR", ""), settings.TRUSTED_PROXIES)


@lru_cache(maxsize=8192)
def whose(address: str) -> str:
    """What an address is counted under: itself, or the subscriber's network of an IPv6 address."""
    parsed = _parsed(address)
    if not isinstance(parsed, IPv6Address):
        return str(parsed) if parsed else UNKNOWN
    return str(IPv6Network((int(parsed), IPV6_SUBSCRIBER_BITS), strict=False))


def within(address: str, networks: Sequence[str]) -> bool:
    """Whether the address is in one of the networks (CIDR, or single addresses)."""
    return bool(networks) and _within(address, tuple(networks))


@lru_cache(maxsize=8192)
def _within(address: str, networks: tuple[str, ...]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in ip_network(network, strict=False) for network in networks)


@lru_cache(maxsize=8192)
def _client(remote: str, forwarded: str) -> str:
    address = remote
    # Bounded: nobody has so many proxies, and the header's length is the sender's choice.
    for hop in reversed(forwarded[-1000:].split(",") if forwarded else []):
        if not within(address, settings.TRUSTED_PROXIES) or _parsed(hop) is None:
            break
        address = hop.strip()
    parsed = _parsed(address)
    return str(parsed) if parsed else UNKNOWN


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address; an IPv4 one that was mapped into IPv6 as what it is. Some proxies add a port."""
    text = text.strip()
    if text.startswith("[") and "]" in text:
        text = text[1 : text.index("]")]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "TRUSTED_PROXIES":
        _client.cache_clear()


setting_changed.connect(_forget)
