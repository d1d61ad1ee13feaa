"""py-trello's client, carried by our own sessions: another base URL, no secret in any URL, one HTTP policy.

The client has no seam but its ``http_service``, builds every URL on api.trello.com, and would put key and token into
the query. Here it gets a service that moves each request to the connection's own address and signs it with a header.
Bulk reads take the same way without the client, so that their bytes are parsed only once.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
import requests
import trello

from connectors.trello.wire import parse, shape
from syncbot.connector import Settings
from syncbot.errors import Broken, Limited, Missing, Refused, ToolError, Unknown, Unreachable
from syncbot.transport import ACCOUNT, Limit, Request, Room, Transport, epoch_seconds, holder
from syncbot.transport.over_requests import Adapter

T = TypeVar("T")

BATCH = 10  # routes of one batch request, Trello's own limit

_HOST = "https://api.trello.com"
_GONE = {404, 410}
_REFUSED = {401, 403}
_BUSY, _FAILURE = 429, 500


_MEMBER = re.compile(r"/1/members(/[^/]+)?$")


def _members(request: Request) -> str | None:
    return "members" if _MEMBER.search(request.path) else None


# developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits: of a token, of an API key with all its tokens, and
# of members, without what is nested below them.
LIMITS = (
    Limit(100, 10, reason="API_TOKEN_LIMIT_EXCEEDED"),
    Limit(300, 10, reason="API_KEY_LIMIT_EXCEEDED", whose="key"),
    Limit(100, 900, _members),
)


class Api:
    """Trello's routes for one connection. Safe to use from several threads: each has its own session and client."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._base = settings.url.rstrip("/")
        self._own = threading.local()
        self._adapter = Adapter(transport, ca=settings.ca, proxy=settings.proxy, connections=settings.concurrency)
        self._date = ""
        self._key, self._token = settings.secrets["key"], settings.secrets["token"]

    def get(self, path: str, kind: type[T], **query: str) -> T:
        """What a route answers, parsed. ``query`` as Trello names it; ``path`` begins after the version."""
        answer = self.request("GET", f"{_HOST}/1{path}", params=query)
        self._date = answer.headers.get("Date", "")
        try:
            return parse(answer.content, kind)
        except Broken as error:
            raise Broken(f"{self._settings.name}: GET {path}: {error}") from None

    def batch(self, paths: Sequence[str], kind: type[T]) -> list[T | ToolError]:
        """What each of these routes answers, or why it does not, ten routes a request, in the order asked.

        What fails for a moment was asked for again, as a request by itself would be.
        """
        return self._transport.parts(
            Request("GET", f"{self._base}/1/batch"), lambda part: self._tens(part, kind), paths
        )

    def _tens(self, paths: Sequence[str], kind: type[T]) -> list[T | ToolError]:
        answers: list[T | ToolError] = []
        for start in range(0, len(paths), BATCH):
            part = paths[start : start + BATCH]
            # A comma parts the routes, so one inside a route is escaped twice: here, and with the whole query.
            listed = self.get(
                "/batch", list[dict[str, msgspec.Raw]], urls=",".join(quote(path, "/?=&%") for path in part)
            )
            if len(listed) != len(part):
                raise Broken(f"Trello answered {len(listed)} of the {len(part)} routes of a batch; none was used.")
            answers += [self._one(path, answer, kind) for path, answer in zip(part, listed, strict=True)]
        return answers

    def write(self, method: str, path: str, kind: type[T], **body: Any) -> T:
        """Change something through the SDK's client. Raises Unknown when it cannot be told whether it happened."""
        try:
            return shape(self._client().fetch_json(path, http_method=method, post_args=body), kind)
        except (requests.JSONDecodeError, trello.ResourceUnavailable, Broken) as error:
            raise Unknown(
                f"{self._settings.name}: {method} {path}: Trello's answer is not what its API promises, "
                "so it may or may not have happened."
            ) from error

    def now(self) -> float:
        """The server's time by the last answer (epoch seconds); where it does not say its time, 0."""
        return epoch_seconds(self._date) or 0.0

    def room(self) -> tuple[Room, ...]:
        """What is left of the limits at this moment."""
        return self._transport.room()

    def hurry(self) -> None:
        """Wait for no limit any more."""
        self._transport.hurry()

    def close(self) -> None:
        """Let go of all connections."""
        self._transport.close()
        self._adapter.close()

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """What py-trello calls as its HTTP service: moved to our address, signed, and sent by the policy.

        Its ``auth`` and ``proxies`` are left behind; the session has its own.
        """
        if not url.startswith(f"{_HOST}/"):
            raise ValueError("py-trello asked for an address that is not Trello's API")
        try:
            return self._session().request(
                method,
                self._base + url.removeprefix(_HOST),
                params=options.get("params"),
                data=options.get("data"),
                headers=options.get("headers"),
                allow_redirects=False,
            )
        except Refused as error:
            if "permission" in error.said:
                raise Refused(
                    f"{self._settings.name}: this Trello account may not do that ({error.said}): "
                    f"{method} {url.removeprefix(_HOST)}. Add it to the board, with a role that can edit.",
                    status=error.status,
                    said=error.said,
                ) from None
            raise

    def _client(self) -> trello.TrelloClient:
        client = getattr(self._own, "client", None)
        if client is None:
            # Given as an OAuth token (not as `api_secret`), the token stays out of the query.
            client = self._own.client = trello.TrelloClient(api_key=self._key, token=self._token, http_service=self)
        return client

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = requests.Session()
            session.auth = self._sign  # also keeps requests from looking for credentials in ~/.netrc
            session.mount("https://", self._adapter)
            session.mount("http://", self._adapter)
        return session

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f'OAuth oauth_consumer_key="{self._key}", oauth_token="{self._token}"'
        return request

    def _one(self, path: str, answer: dict[str, msgspec.Raw], kind: type[T]) -> T | ToolError:
        """A route's part of a batch: ``{"200": body}``, or ``{"statusCode": 404, "message": ...}`` where it failed."""
        if "200" in answer:
            try:
                return parse(bytes(answer["200"]), kind)
            except Broken as error:
                return error
        parts = {name: msgspec.json.decode(raw) for name, raw in answer.items()}
        status = next((int(name) for name in parts if name.isdigit()), parts.get("statusCode"))
        said = self._transport.scrub(str(parts.get("message") or parts.get("name") or "no reason given"))
        failure = Missing if status in _GONE else Refused if status in _REFUSED else ToolError
        failure = Unreachable if isinstance(status, int) and status >= _FAILURE else failure
        text = f"{self._settings.name}: GET {path.partition('?')[0]}: {said}"
        return Limited(text, wait=0) if status == _BUSY else failure(text, status=status, said=said)


def connect_api(settings: Settings) -> Api:
    """The routes of one connection; nothing is sent yet."""
    key, token = settings.secrets["key"], settings.secrets["token"]
    transport = Transport(
        settings.name,
        limits=LIMITS,
        secrets=settings.secrets.values(),
        patience=settings.patience,
        queues=settings.queues,
        holders={"key": holder(settings.url, key), ACCOUNT: holder(settings.url, key, token)},
    )
    return Api(settings, transport)
