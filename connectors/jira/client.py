"""The jira SDK's client as we use it: its authentication, addresses and sessions, without its objects and retries.

Bulk answers are read as bytes through the SDK's own session and parsed once. `requests` does not promise that a session
can be shared by threads, so each request borrows one of several SDK clients; they share one adapter, and so one pool
of connections and one policy.
"""

from __future__ import annotations

import queue
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from email.utils import parsedate_to_datetime
from threading import BoundedSemaphore
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

import msgspec
import requests
from jira import JIRA

from connectors.jira.answers import Server
from connectors.jira.records import epoch
from connectors.jira.wire import Json, parse
from syncbot.connector import Settings
from syncbot.errors import Broken, Refused, ToolError
from syncbot.transport import ACCOUNT, TIMEOUT, Limit, Request, Room, Transport, basic_credentials, holder
from syncbot.transport.over_requests import Adapter, mount
from syncbot.transport.threads import each

S = TypeVar("S")
R = TypeVar("R")

PLATFORM, AGILE = JIRA.JIRA_BASE_URL, JIRA.AGILE_BASE_URL
VERSION_2 = "{server}/rest/api/2/{path}"  # all of the platform on Data Center, and there on Cloud too
DEPLOYMENTS = {"Cloud": "Cloud", "Server": "Data Center"}  # what serverInfo calls them, and people

_ONE = re.compile(r"/(issue|project|board|sprint)/(?!search|bulk)[^/]+")
_WRITTEN = re.compile(r"/issue/(?!bulk)([^/]+)")


def _endpoint(request: Request) -> str:
    """A request's endpoint and method, whatever issue or project it is about."""
    return request.method + " " + _ONE.sub(r"/\1/*", request.path)


def _fast(request: Request) -> str | None:
    return _endpoint(request) if request.method in {"GET", "POST"} else None


def _slow(request: Request) -> str | None:
    return _endpoint(request) if request.method in {"PUT", "DELETE"} else None


def _written(request: Request) -> str | None:
    found = _WRITTEN.search(request.path)
    return found[1] if found and request.method != "GET" else None


# developer.atlassian.com/cloud/jira/platform/rate-limiting: of a site by endpoint and method; writes by issue.
# The points an hour concern apps; those who use an API token are exempt.
LIMITS = (
    Limit(100, 1, _fast, "jira-burst-based", whose="site"),
    Limit(50, 1, _slow, "jira-burst-based", whose="site"),
    Limit(20, 2, _written, "jira-per-issue-on-write", whose="site"),
    Limit(100, 30, _written, "jira-per-issue-on-write", whose="site"),
)


# How the paths of POSTs end that change nothing.
READS = (
    "/issue/bulkfetch",
    "/changelog/bulkfetch",
    "/rest/api/2/search",
    "/search/jql",
    "/search/approximate-count",
)
LONGEST_QUERY = 4_000  # letters, encoded, of a search in an address


class _Sdk(JIRA):
    """The SDK's client on our adapter. It sends nothing by itself: no server info, no update check, no retries."""

    def __init__(self, url: str, user: str | None, token: str, adapter: Adapter) -> None:
        credential: dict[str, Any] = {"basic_auth": (user, token)} if user else {"token_auth": token}
        super().__init__(
            options={"server": url, "rest_api_version": "3", "check_update": False},
            get_server_info=False,
            max_retries=0,
            timeout=TIMEOUT,
            **credential,
        )
        self.deploymentType = "Cloud"  # else the SDK's Cloud methods return None without a word
        mount(self._session, adapter)
        # Proxies and certificates of the environment, asked for once: `requests` would for each request, and slowly.
        told = self._session.merge_environment_settings(url, {}, None, None, None)
        self._session.proxies, self._session.verify = told["proxies"], told["verify"]
        self._session.trust_env = False
        if not token:
            self._session.auth = _nobody

    def call(self, method: str, path: str, base: str, **options: Any) -> requests.Response:
        """Send through the SDK's session, to an address that the SDK makes."""
        return self._session.request(method, self._get_url(path, base), **options)


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No credential, also none that `requests` would take from a .netrc file."""
    return request


def _date(text: str) -> int:
    """An HTTP date in epoch milliseconds, 0 if it is none."""
    try:
        return int(parsedate_to_datetime(text).timestamp()) * 1000
    except ValueError:
        return 0


class _Values(Json):
    """A page of an offset-paged list. ``values`` and, if the answer is honest, ``isLast``."""

    values: list[msgspec.Raw]
    start_at: int | None = None
    is_last: bool | None = None
    total: int | None = None


class Client:
    """Jira's routes for one connection. May be used by several threads."""

    def __init__(self, settings: Settings, transport: Transport | None = None, adapter: Adapter | None = None) -> None:
        self.name = settings.name
        self.url = settings.url.rstrip("/")
        self.workers = max(1, settings.concurrency)
        self._settings = settings
        self._user, self._token = settings.user, settings.secrets["token"]
        secrets = (self._token, basic_credentials(self._user or "", self._token))
        self._transport = transport or Transport(
            settings.name,
            limits=LIMITS,
            secrets=secrets,
            reads=READS,
            patience=settings.patience,
            queues=settings.queues,
            holders={"site": self.url, ACCOUNT: holder(self.url, self._user or "", self._token)},
        )
        self._adapter = adapter or Adapter(
            self._transport, ca=settings.ca, proxy=settings.proxy, connections=self.workers
        )
        self._sdks: queue.LifoQueue[_Sdk | None] = queue.LifoQueue()
        for _ in range(self.workers):
            self._sdks.put(None)  # room for one more, made when it is needed
        self.pool = ThreadPoolExecutor(self.workers, thread_name_prefix=settings.name)
        self.ahead = BoundedSemaphore(self.workers)  # places for pages that are asked for before their turn
        self._site: str | None = None
        self.is_data_center: bool | None = None  # None: the site was not asked yet

    def get(self, path: str, kind: type[S], base: str = PLATFORM, **query: Any) -> S:
        """What a route answers, parsed."""
        answer: S = parse(self.read(path, base, **query), kind, f"{self.name}: {path}")
        return answer

    def read(self, path: str, base: str = PLATFORM, **query: Any) -> bytes:
        """What a route answers, as it came. ``query`` as Jira names it."""
        return self._call("GET", path, base, params=query)[0]

    def search(self, query: dict[str, Any]) -> tuple[bytes, int]:
        """A page of a search, as it came, and when it was answered: epoch milliseconds by the site's clock, 0: unknown.

        It is asked for in the address while that holds only words, of a length that every proxy lets through.
        """
        if self.is_data_center:
            return self._call("POST", "search", PLATFORM, data=msgspec.json.encode(query))
        if "reconcileIssues" not in query:
            flat = {key: ",".join(held) if isinstance(held, list) else held for key, held in query.items()}
            if len(urlencode(flat)) <= LONGEST_QUERY:
                return self._call("GET", "search/jql", PLATFORM, params=flat)
        return self._call("POST", "search/jql", PLATFORM, data=msgspec.json.encode(query))

    def write(self, method: str, path: str, body: dict[str, Any]) -> bytes:
        """Change something. Raises Unknown when the answer to a POST was lost."""
        return self._call(method, path, PLATFORM, data=msgspec.json.encode(body))[0]

    def pages(self, path: str, kind: type[S], base: str = PLATFORM, **query: Any) -> Iterator[S]:
        """The values of an offset-paged list, to the end that Jira names; a page may be shorter than asked."""
        start = 0
        while True:
            page = self.get(path, _Values, base, startAt=start, **query)
            if page.start_at not in {None, start}:
                raise Broken(
                    f"{self.name}: Jira's list {path} was asked from {start} on and begins at {page.start_at}."
                )
            yield from (parse(value, kind, f"{self.name}: {path}") for value in page.values)
            start += len(page.values)
            if page.is_last or (page.is_last is None and page.total is not None and start >= page.total):
                return
            if not page.values:
                raise Broken(f"{self.name}: Jira's list {path} stops at {start} without saying that it ends.")

    def post(self, path: str, body: dict[str, Any]) -> bytes:
        """Ask something that is too long for an address; the path is one of `READS`."""
        return self._call("POST", path, PLATFORM, data=msgspec.json.encode(body))[0]

    def once(self) -> AbstractContextManager[None]:
        """Within, and in this thread, a failure of Jira is not tried again."""
        return self._transport.once()

    def each(self, ask: Callable[[S], R], about: Iterable[S]) -> Iterator[R]:
        """Ask the same about several things, some at once; the answers come in their order, few waiting in memory."""
        return each(self.pool, self.workers, ask, about)

    def stranger(self) -> Client:
        """The same site, seen by somebody without an account."""
        nobody = msgspec.structs.replace(self._settings, user=None, secrets={"token": ""})
        stranger = Client(nobody, self._transport, self._adapter)
        stranger.is_data_center = self.is_data_center
        return stranger

    def server(self) -> Server:
        """What the site says of itself now. Raises ToolError if it is neither Cloud nor Data Center."""
        server = self.get("serverInfo", Server, VERSION_2)
        if server.deployment_type not in DEPLOYMENTS:
            raise ToolError(
                f"{self.name}: {self.url} is Jira {server.version}, deployment {server.deployment_type!r}; "
                "syncbot reads Jira Cloud and Data Center."
            )
        self._site = server.base_url.rstrip("/") or self.url
        self.is_data_center = server.deployment_type == "Server"
        return server

    def known(self) -> Self:
        """This client, once the site has said what it is: Cloud and Data Center have different routes."""
        if self.is_data_center is None:
            self.server()
        return self

    def now(self) -> int:
        """The site's own time, in epoch milliseconds: the clock that stamps every change; 0 if it does not say."""
        return epoch(self.server().server_time)

    def site(self) -> str:
        """The address that people see, asked for once."""
        if self._site is None:
            self.server()
        return self._site or self.url

    def room(self) -> tuple[Room, ...]:
        """What is left of the limits at this moment."""
        return self._transport.room()

    def hurry(self) -> None:
        """Wait for no limit any more."""
        self._transport.hurry()

    def close(self) -> None:
        """Let go of all connections."""
        self._transport.close()
        self.pool.shutdown(cancel_futures=True)
        self._adapter.close()

    def _call(self, method: str, path: str, base: str, **options: Any) -> tuple[bytes, int]:
        if self.is_data_center and base == PLATFORM:
            base = VERSION_2
        with self._borrowed() as sdk:
            answer = sdk.call(method, path, base, **options)
        # Jira may answer a wrong credential as if nobody had asked: 200, and only what everyone may see.
        if "AUTHENTICATED_FAILED" in answer.headers.get("X-Seraph-LoginReason", ""):
            said = f"{self.name}: Jira does not accept the credential: check the user and the token."
            raise Refused(said, status=401)
        return answer.content, _date(answer.headers.get("Date", ""))

    @contextmanager
    def _borrowed(self) -> Iterator[_Sdk]:
        """One of as many SDK clients as requests may be on their way; waits while all are in use."""
        sdk = self._sdks.get()
        try:
            sdk = sdk or _Sdk(self.url, self._user, self._token, self._adapter)
            yield sdk
        finally:
            self._sdks.put(sdk)
