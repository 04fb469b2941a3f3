"""A load generator that costs little: one thread, raw sockets, keep-alive, no parsing beyond the length.

`python -m benchmarks.load` reads its orders as JSON from standard input and prints what it measured. It runs
in a process of its own, so that it shares nothing with what it measures but the machine.
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass
from itertools import cycle

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"
LAST_CHUNK = b"0\r\n\r\n"


@dataclass(slots=True)
class Client:
    """One connection and what it is waiting for."""

    connection: socket.socket
    sent_at: float = 0.0
    received: bytes = b""


def is_complete(answer: bytes) -> bool:
    """Whether the whole answer is here."""
    head, separator, body = answer.partition(END_OF_HEAD)
    if not separator:
        return False
    lowered = head.lower()
    at = lowered.find(LENGTH)
    if at < 0:
        return answer.endswith(LAST_CHUNK)
    return len(body) >= int(lowered[at + len(LENGTH) :].split(b"\r\n", 1)[0])


def measure(*, port: int, requests: list[bytes], clients: int, seconds: float) -> dict[str, object]:
    """Keep every client busy for so long; returns count, seconds, latencies and statuses that weren't 200."""
    selector = selectors.DefaultSelector()
    orders = cycle(requests)
    for _ in range(clients):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Client(connection)
        selector.register(connection, selectors.EVENT_READ, client)
        client.sent_at = time.perf_counter()
        connection.sendall(next(orders))
    latencies: list[float] = []
    failures: dict[str, int] = {}
    begun = time.perf_counter()
    ends = begun + seconds
    now = begun
    while now < ends:
        for key, _ in selector.select(timeout=1):
            client = key.data
            client.received += client.connection.recv(1 << 18)
            if not is_complete(client.received):
                continue
            now = time.perf_counter()
            latencies.append((now - client.sent_at) * 1000)
            if not client.received.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")):
                line = client.received[:400].decode(errors="replace")
                failures[line] = failures.get(line, 0) + 1
            client.received = b""
            client.sent_at = now
            client.connection.sendall(next(orders))
        now = time.perf_counter()
    return {
        "count": len(latencies),
        "seconds": now - begun,
        "latencies_ms": [round(latency, 4) for latency in latencies],
        "failures": failures,
    }


if __name__ == "__main__":
    order = json.load(sys.stdin)
    order["requests"] = [request.encode() for request in order["requests"]]
    json.dump(measure(**order), sys.stdout)
