"""The asana SDK's client over our own transport: raw answers, one HTTP policy, collections read to their stated end.

The SDK is used for its client (address, sign-in, headers, bodies). Left out are its retries, its time-outs (a float is
ignored), its iterators (the one of events never advances) and its objects (a non-breaking space becomes a plain one):
every call asks for the raw response, which also keeps bodies out of the SDK's log and out of an attribute that threads
would share.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import GenericAlias
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl

import asana
import msgspec
from asana.rest import ApiException
from urllib3 import HTTPHeaderDict

from connectors.asana.wire import Batch, Events, Many, One, Part, parse
from syncbot.connector import Settings
from syncbot.errors import Broken, Limited, Missing, Refused, ToolError, Unknown, Unreachable
from syncbot.transport import ACCOUNT, Answer, Limit, Request, Room, Transport, asked_to_wait, epoch_seconds, holder
from syncbot.transport.over_urllib3 import Pool
from syncbot.transport.threads import each

T = TypeVar("T")

BATCH = 10  # actions of one batch request, Asana's own limit
AT_ONCE = 4  # batches: Asana works on at most 50 requests of one token at a time, and counts each action of a batch
WIDEST = 50 - AT_ONCE * BATCH  # other requests at a time
PAGE = 100  # things of one page, Asana's own limit
EXPIRED = 412

# The documented limit of a paid plan; a free one (150) says so by a 429, and is then kept to.
LIMITS = (Limit(1500, 60),)

_OK, _BAD, _BUSY, _FAILURE = 200, 400, 429, 500
_SIGNED = ["personalAccessToken"]


class Expired(ToolError):
    """A place in a collection that Asana no longer knows: read it again from the start."""

    retry = True


class Api:
    """Asana's routes for one connection. Safe to use from several threads."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self.name = settings.name
        self._settings = settings
        self._transport = transport
        self._pool = Pool(
            transport,
            ca=settings.ca,
            proxy=settings.proxy,
            connections=settings.concurrency,
            passed=frozenset({EXPIRED}),
            weigh=_actions,
        )
        self._batches = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="asana batch")
        self._client: asana.ApiClient | None = None
        self._lock = threading.Lock()

    def get(self, path: str, kind: type[T], **query: str) -> T:
        """What a route answers, parsed. ``path`` begins after the version; ``query`` as Asana names it."""
        return self._parse(f"GET {path}", self._call("GET", path, query).data, _one_of(kind)).data

    def all(self, path: str, kind: type[T], **query: str) -> Iterator[list[T]]:
        """The pages of a collection, until Asana says that there is no next one.

        Raises Expired when a page's offset was too old, and Broken when one came twice.
        """
        seen: set[str] = set()
        offset: str | None = None
        while True:
            page = self._page(path, kind, query, offset)
            if offset and not page.data and page.next_page is None:
                page = self._page(path, kind, query, offset)  # more was promised: none is believed the second time
            offset = page.next_page.offset if page.next_page else None
            if offset in seen:
                raise Broken(f"{self.name}: GET {path}: Asana repeated a page; the rest is read next time.")
            yield page.data
            if offset is None:
                return
            seen.add(offset)

    def _page(self, path: str, kind: type[T], query: dict[str, str], offset: str | None) -> Many[T]:
        more = {"offset": offset} if offset else {}
        try:
            answer = self._call("GET", path, {"limit": str(PAGE), **query, **more})
        except ToolError as error:
            if offset and error.status == _BAD and ("offset" in error.said or "pagination" in error.said):
                raise Expired(f"{self.name}: GET {path}: {error.said}", status=_BAD, said=error.said) from None
            raise
        return self._parse(f"GET {path}", answer.data, _many_of(kind))

    def events(self, project: str, sync: str | None) -> tuple[Events, bool, float]:
        """What happened in a project since that token; whether the token was good; the server's time (epoch seconds).

        Where it was not, only a new token comes. Where the server does not say its time, it is 0.
        """
        query = {"resource": project, **({"sync": sync} if sync else {})}
        try:
            answer = self._call("GET", "/events", query)
        except ApiException as error:
            if error.status != EXPIRED:
                raise self._odd("GET", "/events", error) from None
            return self._parse("GET /events", error.body, Events), False, _time(error.headers)
        return self._parse("GET /events", answer.data, Events), True, _time(answer.headers)

    def lists(self, asked: Sequence[str], kind: type[T], fields: str) -> list[list[T] | None]:
        """The whole collection at each of these routes, ten a request; None where there is nothing to collect from.

        What is longer than a page is read on by itself, and what failed for a moment is asked for once more.
        """
        found: list[list[T] | None] = []
        answers = self.batch(asked, _many_of(kind), fields=fields.split(","), limit=PAGE)
        for path, answer in zip(asked, answers, strict=True):
            if isinstance(answer, Missing):
                found.append(None)
            elif isinstance(answer, ToolError) and not answer.retry:
                raise answer
            elif not isinstance(answer, ToolError) and answer.next_page is None:
                found.append(answer.data)
            else:
                route, query = _route(path)
                found.append([one for page in self.all(route, kind, **query, opt_fields=fields) for one in page])
        return found

    def batch(self, paths: Sequence[str], kind: type[T], **options: Any) -> list[T | ToolError]:
        """What each of these routes answers, or why it does not, ten routes a request, in the order asked.

        What fails for a moment was asked for again, as a request by itself would be.
        """

        def ten(part: Sequence[str]) -> list[T | ToolError]:
            return [self._one(*answer, kind) for answer in zip(part, self._batch(part, options)[0], strict=True)]

        def ask(paths: list[str]) -> list[T | ToolError]:
            parts = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
            return [answer for part in each(self._batches, AT_ONCE, ten, parts) for answer in part]

        return self._transport.parts(Request("POST", f"{self._settings.url}/batch"), ask, paths)

    def first_tokens(self, projects: Sequence[str]) -> tuple[list[str | None], float]:
        """Sync tokens for up to ten projects that have none, as far as they come, and the server's time."""
        paths = [f"/events?resource={project}" for project in projects]
        parts, now = self._batches.submit(self._batch, paths, {}).result()
        told = [self._one(path, part, Events, {EXPIRED}) for path, part in zip(paths, parts, strict=True)]
        return [one.sync if isinstance(one, Events) else None for one in told], now

    def _batch(self, paths: Sequence[str], options: dict[str, Any]) -> tuple[list[Part], float]:
        answer = self._call("POST", "/batch", {}, {"data": {"actions": [_action(path, options) for path in paths]}})
        parts = self._parse("POST /batch", answer.data, Batch).data
        if len(parts) != len(paths):
            raise Broken(f"{self.name}: Asana answered {len(parts)} of the {len(paths)} routes of a batch.")
        return parts, _time(answer.headers)

    def write(self, method: str, path: str, kind: type[T], data: dict[str, Any], fields: str) -> T:
        """Change something. Raises Unknown when it cannot be told whether it happened."""
        answer = self._call(method, path, {"opt_fields": fields}, {"data": data})
        try:
            return parse(answer.data, _one_of(kind)).data
        except Broken as error:
            raise Unknown(f"{self.name}: {method} {path}: {error}, so it may or may not have happened.") from error

    def room(self) -> tuple[Room, ...]:
        """What is left of the limits at this moment."""
        return self._transport.room()

    def hurry(self) -> None:
        """Wait for no limit any more."""
        self._transport.hurry()

    def close(self) -> None:
        """Let go of all connections."""
        self._transport.close()
        self._batches.shutdown(cancel_futures=True)
        self._pool.clear()

    def _call(self, method: str, path: str, query: dict[str, str], body: dict[str, Any] | None = None) -> Any:
        """One request through the SDK's client; every dict is our own, since the SDK writes into them."""
        try:
            return self._sdk().call_api(
                path,
                method,
                query_params=dict(query),
                header_params={"Accept": "application/json; charset=UTF-8"},
                body=body,
                auth_settings=list(_SIGNED),
                _return_http_data_only=True,
                _preload_content=False,
            )
        except ApiException as error:
            if error.status == EXPIRED and path == "/events":
                raise
            raise self._odd(method, path, error) from None

    def _odd(self, method: str, path: str, error: ApiException) -> ToolError:
        text = f"{self.name}: {method} {path}: Asana answered {error.status}, which is not what its API promises."
        return Broken(text, status=error.status) if method == "GET" else Unknown(text, status=error.status)

    def _parse(self, where: str, raw: bytes | msgspec.Raw, kind: type[T]) -> T:
        try:
            return parse(raw, kind)
        except Broken as error:
            raise Broken(f"{self.name}: {where}: {error}") from None

    def _one(self, path: str, part: Part, kind: type[T], good: Collection[int] = (_OK,)) -> T | ToolError:
        """An action's part of a batch."""
        where = f"GET {path}"
        if part.status_code in good:
            try:
                return self._parse(where, part.body, kind)
            except Broken as error:
                return error
        said = self._transport.scrub(_said(part.body))
        failure = {401: Refused, 403: Refused, 404: Missing, 410: Missing}.get(part.status_code, ToolError)
        failure = Unreachable if part.status_code >= _FAILURE else failure
        text = f"{self.name}: {where}: {part.status_code} {said}"
        if part.status_code == _BUSY:
            return Limited(
                text,
                wait=asked_to_wait(
                    Answer(_BUSY, HTTPHeaderDict({name: str(value) for name, value in part.headers.items()}), b""),
                    time.time,
                ),
            )
        return failure(text, status=part.status_code, said=said)

    def _sdk(self) -> asana.ApiClient:
        """The SDK's client, made when first needed: it starts threads that we never use, so they end at once."""
        with self._lock:
            if self._client is None:
                configuration = asana.Configuration()
                configuration.host = f"{self._settings.url.rstrip('/')}/api/1.0"
                configuration.access_token = self._settings.secrets["token"]
                configuration.retry_strategy = False
                client = asana.ApiClient(configuration)
                client.pool.close()
                client.pool.join()
                client.rest_client.pool_manager = self._pool
                self._client = client
            return self._client


def _route(path: str) -> tuple[str, dict[str, str]]:
    """A path and its query, which a batch wants apart."""
    route, _, query = path.partition("?")
    return route, dict(parse_qsl(query))


def _action(path: str, options: dict[str, Any]) -> dict[str, Any]:
    """What a batch is asked for; a place in a collection is an option there, and no part of the query."""
    route, query = _route(path)
    place = {"offset": query.pop("offset")} if "offset" in query else {}
    return {"relative_path": route, "method": "get", "data": query, "options": {**options, **place}}


def _actions(body: Any) -> int:
    """As how many requests Asana counts one with this body: each action of a batch is one."""
    return max(1, body.count('"relative_path"')) if isinstance(body, str) else 1


def _said(body: msgspec.Raw) -> str:
    try:
        errors = msgspec.json.decode(body).get("errors") or ()
        return " ".join(str(error.get("message")) for error in errors) or "no reason given"
    except (msgspec.DecodeError, AttributeError):
        return "no reason given"


def _time(headers: Any) -> float:
    return epoch_seconds(headers.get("Date", "")) or 0.0


def connect_api(settings: Settings) -> Api:
    """The routes of one connection; nothing is sent yet. A batch of ours only reads, so it may be sent twice."""
    transport = Transport(
        settings.name,
        limits=LIMITS,
        secrets=settings.secrets.values(),
        reads=("/batch",),
        patience=settings.patience,
        queues=settings.queues,
        holders={ACCOUNT: holder(settings.url, settings.secrets["token"])},
    )
    return Api(settings, transport)


def _one_of(kind: type[T]) -> type[One[T]]:
    """``One`` of a kind that is known only as the program runs, which the type checker's syntax cannot say."""
    return cast("type[One[T]]", GenericAlias(One, (kind,)))


def _many_of(kind: type[T]) -> type[Many[T]]:
    """``Many``, likewise."""
    return cast("type[Many[T]]", GenericAlias(Many, (kind,)))
