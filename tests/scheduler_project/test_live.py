import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.testing import ApplicationCommunicator

from scheduler_project.asgi import application

SCOPE = {
    "type": "websocket",
    "path": "/ws/healthz",
    "query_string": b"",
    "headers": [(b"origin", b"http://localhost")],
    "subprotocols": [],
}


def test_the_health_socket_answers_each_frame() -> None:
    async def talk() -> list[Any]:
        socket = ApplicationCommunicator(application, SCOPE)
        await socket.send_input({"type": "websocket.connect"})
        accepted = await socket.receive_output(timeout=5)
        greeting = await socket.receive_output(timeout=5)
        await socket.send_input({"type": "websocket.receive", "text": "{}"})
        answer = await socket.receive_output(timeout=5)
        await socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await socket.wait(timeout=5)
        return [accepted["type"], json.loads(greeting["text"]), json.loads(answer["text"])]

    # On a thread of its own: a browser test may have left its event loop running on this one.
    with ThreadPoolExecutor(max_workers=1) as thread:
        said = thread.submit(asyncio.run, talk()).result()
    assert said == ["websocket.accept", {"status": "ok"}, {"status": "ok"}]
