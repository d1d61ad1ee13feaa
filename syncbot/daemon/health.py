"""What answers those who watch a daemon: /health, /ready and /metrics, for other machines only if the config says so.

All of it is read from the store when it is asked for, by threads that the daemon's own work does not wait for.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec
import uvicorn
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from syncbot.config.values import is_loopback
from syncbot.daemon.metrics import registry
from syncbot.daemon.watch import Watcher, told

LOG = logging.getLogger("syncbot.daemon.health")

_OK, _FAILING = 200, 503
_LOCAL = ["127.0.0.1", "localhost", "[::1]", "::1"]


def application(watcher: Watcher, *, everywhere: bool = False) -> Starlette:
    """The pages. Unless ``everywhere``, only requests to a name of this machine are answered (DNS rebinding)."""

    def health(_: Request) -> Response:
        watch = watcher.look()
        return _json(told(watch), _FAILING if watcher.is_stuck() else _OK)

    def ready(_: Request) -> Response:
        is_ready = watcher.is_ready()
        return _json({"ready": is_ready}, _OK if is_ready else _FAILING)

    def metrics(request: Request) -> Response:
        encode, media = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry(watcher.look())), headers={"content-type": media})

    pages = {"/health": health, "/ready": ready, "/metrics": metrics}
    return Starlette(
        routes=[Route(path, page, methods=["GET"]) for path, page in pages.items()],
        middleware=[] if everywhere else [Middleware(TrustedHostMiddleware, allowed_hosts=_LOCAL)],
    )


@contextmanager
def serving(listen: str | None, watcher: Watcher) -> Iterator[str | None]:
    """Answer at "address:port" (None: nowhere) from a thread; the address with the port that it is.

    A port that is taken is logged and nothing more: the work matters more than being watched.
    """
    if listen is None:
        yield None
        return
    address, _, port = listen.rpartition(":")
    host = address.removeprefix("[").removesuffix("]")
    try:
        place = socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        LOG.warning("nobody can watch this daemon at %s: %s", listen, error.strerror or error)
        yield None
        return
    app = application(watcher, everywhere=not is_loopback(listen))
    server = uvicorn.Server(
        uvicorn.Config(app, ws="none", lifespan="off", log_config=None, access_log=False, server_header=False)
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[place])), name="health", daemon=True)
    thread.start()
    try:
        yield f"{address}:{place.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        place.close()


class Window:
    """Where those who watch are answered: at one address at a time, which may change while the daemon runs."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher, self._stack = watcher, ExitStack()
        self._listen: str | None = None
        self._address: str | None = None

    def move(self, listen: str | None) -> str | None:
        """Answer there from now on and nowhere else; the address as in `serving`. What is taken is tried again."""
        if listen != self._listen or self._address is None:
            self.close()
            self._listen, self._address = listen, self._stack.enter_context(serving(listen, self._watcher))
        return self._address

    def close(self) -> None:
        """Answer no more."""
        self._stack.close()
        self._address = None


def _json(body: Any, status: int) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
