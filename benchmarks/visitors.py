"""Visitors who book: each connection walks its flows step by step; a step may use the id of the one before.

`python -m benchmarks.visitors` reads its orders as JSON from standard input and prints what it measured. Like
benchmarks.load it is one thread with raw sockets, in a process of its own.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any, TypedDict
from uuid import uuid4

from benchmarks.load import END_OF_HEAD, is_complete

RECEIVE_BYTES = 1 << 16


class Step(TypedDict):
    """A POST: where `{id}` stands in the path or body, the id of the answer before is put."""

    path: str
    body: str


class Flow(TypedDict):
    """What one visitor does, with the headers that all of it has."""

    headers: Mapping[str, str]
    steps: Sequence[Step]


class Order(TypedDict):
    """`endless` begins the flows anew when they have run out; each client then keeps to its own."""

    port: int
    clients: int
    seconds: float
    endless: bool
    flows: Sequence[Flow]


@dataclass(slots=True)
class Visitor:
    """One connection and where on its way it is."""

    connection: socket.socket
    flows: Iterator[Flow]
    flow: Flow | None = None
    step: int = 0
    found: str = ""
    sent_at: float = 0.0
    received: bytes = b""

    def next_request(self) -> bytes | None:
        """The next request to send; None when there is nothing left to do."""
        if self.flow is None or self.step == len(self.flow["steps"]):
            self.flow = next(self.flows, None)
            self.step = 0
        if self.flow is None:
            return None
        step = self.flow["steps"][self.step]
        self.step += 1
        path, body = step["path"].replace("{id}", self.found), step["body"].replace("{id}", self.found)
        lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in self.flow["headers"].items()]
        lines += [f"Idempotency-Key: {uuid4()}", f"Content-Length: {len(body.encode())}"]
        return "\r\n".join([*lines, "", body]).encode()

    def take(self, answer: bytes) -> str | None:
        """Remember the id in an answer; returns what to complain of, if anything."""
        head, _, body = answer.partition(END_OF_HEAD)
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            self.step = len(self.flow["steps"]) if self.flow else 0  # the rest of the way is closed
            return f"{head[9:12].decode()} {json.loads(body or b'{}').get('code')}"
        self.found = json.loads(body)["id"]
        return None


@dataclass(slots=True)
class Findings:
    """What has been measured: of whole requests, in milliseconds."""

    latencies_ms: list[float] = field(default_factory=list)
    flows: int = 0
    failures: Counter[str] = field(default_factory=Counter)


def visit(order: Order) -> dict[str, Any]:
    """Keep every visitor busy for so long, or until the flows have run out."""
    selector = selectors.DefaultSelector()
    shared = iter(order["flows"])
    busy = 0
    for number in range(order["clients"]):
        own = chain.from_iterable(repeat(order["flows"][number :: order["clients"]]))
        connection = socket.create_connection(("127.0.0.1", order["port"]))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        visitor = Visitor(connection, own if order["endless"] else shared)
        busy += _send(visitor)
        selector.register(connection, selectors.EVENT_READ, visitor)
    found = Findings()
    begun = now = time.perf_counter()
    while busy and now < begun + order["seconds"]:
        for key, _ in selector.select(timeout=1):
            if _receive(key.data, found) and not _send(key.data):
                busy -= 1
        now = time.perf_counter()
    return {
        "count": len(found.latencies_ms),
        "flows": found.flows,
        "seconds": now - begun,
        "latencies_ms": [round(latency, 3) for latency in found.latencies_ms],
        "failures": dict(found.failures),
        "ran_out": busy == 0,
    }


def _send(visitor: Visitor) -> bool:
    request = visitor.next_request()
    if request is None:
        return False
    visitor.received = b""
    visitor.sent_at = time.perf_counter()
    visitor.connection.sendall(request)
    return True


def _receive(visitor: Visitor, found: Findings) -> bool:
    """Whether the answer is complete now."""
    visitor.received += visitor.connection.recv(RECEIVE_BYTES)
    if not is_complete(visitor.received):
        return False
    found.latencies_ms.append((time.perf_counter() - visitor.sent_at) * 1000)
    complaint = visitor.take(visitor.received)
    if complaint:
        found.failures[complaint] += 1
    elif visitor.flow and visitor.step == len(visitor.flow["steps"]):
        found.flows += 1
    return True


if __name__ == "__main__":
    json.dump(visit(json.load(sys.stdin)), sys.stdout)
