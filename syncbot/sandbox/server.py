"""The sandbox as a server: its tools' APIs on one local port, a log of what was asked, and faults on demand.

with Sandbox(seed=1, now=datetime(2026, 11, 23, 8, tzinfo=UTC)) as sandbox:
    connect(sandbox.jira_url, JIRA_USER, JIRA_TOKEN)
"""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, ClassVar, Self

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from uvicorn.server import ServerState

from syncbot.sandbox.company import found
from syncbot.sandbox.cruelty import Plan
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.faults import Fault, FaultKind
from syncbot.sandbox.http import Answer, Call, Endpoint, Fail, Tool, read
from syncbot.sandbox.limits import Limits
from syncbot.sandbox.lines import break_off, remembering
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.pages import HEADERS, PAGES, show
from syncbot.sandbox.tools import TOOLS
from syncbot.sandbox.world import World

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
_GZIP_FROM = 1_000  # bytes; below, compressing costs more than it saves


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was answered. ``path`` is the endpoint's, with {names}. ``content``, the answer's body, is for
    observers; the log does without it, so that a long run does not fill the memory.
    """

    tool: str
    method: str
    path: str
    url: str
    is_write: bool
    status: int
    media: str
    content: bytes
    faulty: bool


class Sandbox:
    """Jira (Cloud and Data Center), Trello and Asana on ``127.0.0.1``, over a world of their own.

    Use it as a context manager, or start and stop it.

    ``latency``: seconds that every answer of a tool takes longer, of any number at once.
    ``plan``: what goes wrong by itself; `fault` puts single faults in the way.
    ``limits``: how often the tools let themselves be asked; None: as often as one likes.
    ``skew``: seconds by which the Date of the servers' answers is ahead of the world's clock.
    ``observe``, if set, sees every exchange of every sandbox of this process: the tests validate all answers with it.
    """

    observe: ClassVar[Callable[[Exchange], None] | None] = None

    def __init__(
        self,
        *,
        seed: int = 1,
        now: datetime = NOW,
        items: int = 60,
        port: int = 0,
        plan: Plan | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._socket = socket.create_server(("127.0.0.1", port), backlog=256)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.jira_url, self.trello_url, self.asana_url = (f"{self.url}/{name}" for name in ("jira", "trello", "asana"))
        self.dc_url = f"{self.url}/dc"
        self.world: World = found(seed=seed, now=now, items=items, site=self.url)
        self.requests: list[Exchange] = []
        self.lock = threading.RLock()
        self.plan, self.limits = plan, limits
        self._faults: list[Fault] = []
        self.skew, self.latency = 0.0, 0.0
        self._applied: dict[str, Edits] = {}
        self._lines: dict[tuple[str, int], asyncio.Transport] = {}
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve_all, daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to answer, from a thread of its own."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Stop answering: from now on connections are refused."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join()
        self._socket.close()

    def wait(self) -> None:
        """Until it is stopped."""
        self._thread.join()

    def _serve_all(self) -> None:
        try:
            asyncio.run(self._run())
        finally:
            self._ready.set()  # so that start() ends even if this could not begin

    async def _run(self) -> None:
        """The server itself: its protocol on our socket, so that it starts and stops within a millisecond."""
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        app = Starlette(routes=self._routes())
        config = uvicorn.Config(
            app, ws="none", lifespan="off", log_config=None, access_log=False, server_header=False, date_header=False
        )
        config.load()
        state, protocol = ServerState(), remembering(self._lines)
        server = await self._loop.create_server(
            lambda: protocol(config=config, server_state=state, app_state={}), sock=self._socket
        )
        self._ready.set()
        await self._stopped.wait()
        server.close()
        for line in [*self._lines.values()]:
            line.abort()
        await asyncio.sleep(0)

    @property
    def now(self) -> datetime:
        """The world's clock."""
        return self.world.now

    @now.setter
    def now(self, now: datetime) -> None:
        with self.lock:
            self.world.set_clock(now)

    def writes(self) -> list[Exchange]:
        """The requests that asked for a change."""
        return [one for one in self.requests if one.is_write]

    def reports(self) -> dict[str, str]:
        """Where people see what the bot wrote: by tool, the page of the last issue or card that it made."""
        world, found = self.world, {}
        mine = {account for _, account in world.jira.tokens.values()}
        for issue in world.jira.issues.values():
            if issue.creator in mine:
                found["jira"] = f"{self.jira_url}/browse/{issue.key}"
        for card in world.trello.cards.values():
            if card.creator in world.trello.tokens.values():
                found["trello"] = f"{self.trello_url}/c/{card.short_link}"
        for task in world.asana.tasks.values():
            if task.creator in world.asana.tokens.values():
                found["asana"] = f"{self.asana_url}/0/{next(iter(task.places), 0)}/{task.gid}"
        return found

    def clear(self) -> None:
        """Forget the requests so far, and the faults that did not strike."""
        with self.lock:
            self.requests.clear()
            self._faults.clear()

    def fault(
        self,
        tool: str,
        pattern: str,
        kind: FaultKind = "answer",
        *,
        times: int | None = 1,
        after: int = 0,
        status: int = 503,
        headers: dict[str, str] | None = None,
        body: bytes | str = b"",
    ) -> Fault:
        """Put a fault in the way of requests whose "METHOD /path?query" matches the pattern."""
        content = body.encode() if isinstance(body, str) else body
        made = Fault(tool, re.compile(pattern), kind, times, after, status, headers or {}, content)
        with self.lock:
            self._faults.append(made)
        return made

    def apply(self, *names: str) -> None:
        """Apply mutations of `syncbot.sandbox.mutations` by name."""
        with self.lock:
            for name in names:
                edits = self._applied[name] = Edits(self.world)
                MUTATIONS[name].act(edits)

    def undo(self, *names: str) -> None:
        """Take mutations back; without names all that are applied, the last one first."""
        with self.lock:
            for name in names or [*reversed(self._applied)]:
                self._applied.pop(name).undo()

    def _routes(self) -> list[Route]:
        routes = [self._page(path) for path in PAGES]
        routes += [self._route(tool, endpoint) for tool in TOOLS for endpoint in tool.endpoints]
        for tool in TOOLS:
            nowhere = tool.missing

            def missing(_: Any, nowhere: Answer = nowhere) -> Answer:
                return nowhere

            routes += [
                self._route(tool, Endpoint(method, "/{rest:path}", missing, reads=True))
                for method in ("GET", "POST", "PUT", "DELETE", "PATCH")
            ]
        return routes

    def _route(self, tool: Tool, endpoint: Endpoint) -> Route:
        async def serve(request: Request) -> Response:
            return await self._serve(request, tool, endpoint)

        return Route(f"/{tool.name}{endpoint.path}", serve, methods=[endpoint.method])

    def _page(self, path: str) -> Route:
        async def serve(request: Request) -> Response:
            with self.lock:
                shown = show(self.world, path, dict(request.path_params))
            return HTMLResponse(shown or "<p>There is nothing here.", 200 if shown else 404, HEADERS)

        return Route(path, serve)

    async def _serve(self, request: Request, tool: Tool, endpoint: Endpoint) -> Response:
        base = f"{request.url.scheme}://{request.url.netloc}/{tool.name}"
        call = await read(request, self.world, base)
        query = request.scope["query_string"].decode("latin-1")
        line = f"{request.method} {call.path.removeprefix('/' + tool.name)}{'?' + query if query else ''}"
        with self.lock:
            refusal, told = self.limits.meet(tool.name, endpoint, call) if self.limits else (None, {})
            fault = next((one for one in self._faults if one.strikes(tool.name, line)), None)
            if fault is None and self.plan is not None:
                fault = self.plan.draw(tool, endpoint, call, line)
            if refusal:
                answer, fault = refusal, None
            elif fault and not fault.executes:
                answer = Answer(fault.body, fault.status, fault.headers)
            else:
                answer = _answer(tool, endpoint, call, fault)
            content, media = _encode(answer.body)
            exchange = Exchange(
                tool.name,
                request.method,
                endpoint.path,
                line,
                request.method not in {"GET", "HEAD"} and not endpoint.reads and not call.only_reads,
                answer.status,
                media,
                content,
                fault is not None or refusal is not None,
            )
            self.requests.append(replace(exchange, content=b""))
            if Sandbox.observe is not None:
                Sandbox.observe(exchange)
        headers = {
            "Date": formatdate(self.now.timestamp() + self.skew, usegmt=True),
            **tool.headers,
            **told,
            **answer.headers,
        }
        if content or answer.status != HTTPStatus.NO_CONTENT:
            headers.setdefault("Content-Type", media)
        if len(content) >= _GZIP_FROM and "gzip" in call.headers.get("accept-encoding", ""):
            content = gzip.compress(content, compresslevel=1, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        if late := self.latency + (fault.delay if fault else 0.0):
            await asyncio.sleep(late)
        if fault and fault.kind in {"cut", "lost", "dropped"}:
            await break_off(self._lines[request.scope["client"]], fault.kind, answer.status, headers, content)
        return Response(content, answer.status, headers)


def _answer(tool: Tool, endpoint: Endpoint, call: Call, fault: Fault | None) -> Answer:
    try:
        call.user = tool.check(call)
        if fault:
            fault.before(call)
        body = endpoint.handler(call)
        answer = body if isinstance(body, Answer) else Answer(body)
        return fault.after(call, answer) if fault else answer
    except Fail as fail:
        return Answer(fail.body, fail.status, fail.headers)
    except Exception:  # noqa: BLE001 - a mistake of ours: said in the answer, where the tests see it
        return Answer(traceback.format_exc(), 500)


def _encode(body: Any) -> tuple[bytes, str]:
    if body is None:
        return b"", "application/json"
    if isinstance(body, bytes):
        return body, "application/json"
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    return msgspec.json.encode(body), "application/json; charset=utf-8"
