"""The policy under `urllib3`: what stands in for the pool manager of the asana SDK."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import urllib3
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import exceptions as failures

from syncbot.errors import ToolError
from syncbot.transport.policy import TIMEOUT, Transport
from syncbot.transport.wire import Answer, Lost, NotSent, Request

_GZIP = {"Accept-Encoding": "gzip"}


class Pool:
    """Sends every request through a `Transport`, asks for gzip, and reads each answer to its end.

    ``ca`` and ``proxy`` come from the config. ``passed``: statuses of 400 and above that are answers and no failures
    to the caller, who gets the response as it is. Time-outs are always ours: the SDK drops those given as a float.
    ``weigh``: as how many requests the tool counts one with that body.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        ca: str | None,
        proxy: str | None,
        connections: int,
        passed: frozenset[int] = frozenset(),
        weigh: Callable[[Any], int] = lambda _: 1,
    ) -> None:
        self._transport, self._weigh = transport, weigh
        self._passed = passed
        options: dict[str, Any] = {"maxsize": connections, "ca_certs": ca or DEFAULT_CA_BUNDLE_PATH, "retries": False}
        self._pools = urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)
        self._timeout = urllib3.Timeout(connect=TIMEOUT[0], read=TIMEOUT[1])

    def request(self, method: str, url: str, **options: Any) -> urllib3.BaseHTTPResponse:
        """Send by the policy. Raises ToolErrors only; what is returned is below 400, or one of ``passed``."""
        options |= {"timeout": self._timeout, "redirect": False, "preload_content": True}
        options["headers"] = {**(options.get("headers") or {}), **_GZIP}
        came: list[urllib3.BaseHTTPResponse] = []

        def call() -> Answer:
            try:
                response = self._pools.request(method, url, **options)
            except (failures.HTTPError, OSError) as error:
                raise _before(error) from None
            came.append(response)
            return Answer(response.status, response.headers, response.data, response)

        try:
            answer: urllib3.BaseHTTPResponse = self._transport.send(
                Request(method, url, self._weigh(options.get("body"))), call
            ).native
        except ToolError as error:
            if error.status in self._passed and came:
                return came[-1]
            raise
        return answer

    def clear(self) -> None:
        """Let go of the connections."""
        self._pools.clear()


def _before(error: Exception) -> NotSent | Lost:
    """Why no whole answer came, in our own words (the stack's hold whole URLs), and whether anything was sent."""
    cause = error.args[0] if error.args else None
    if not isinstance(error, failures.HTTPError) or isinstance(cause, FileNotFoundError | PermissionError):
        return NotSent("the file named by `ca` cannot be read", lasting=True)
    for kind, why in _NOT_SENT.items():
        if isinstance(error, kind):
            return NotSent(why, lasting=kind in _LASTING)
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return NotSent("its certificate is not trusted (set `ca` if it is your company's own)", lasting=True)
    return Lost("no answer in time" if isinstance(error, failures.ReadTimeoutError) else "the connection broke")


_LASTING = (failures.LocationValueError, failures.URLSchemeUnknown)
_NOT_SENT: dict[type[Exception], str] = {
    failures.ProxyError: "the proxy cannot be reached, or refuses",
    failures.NewConnectionError: "it cannot be reached: check the address and the network",
    failures.ConnectTimeoutError: "it cannot be reached (no answer while connecting)",
    **dict.fromkeys(_LASTING, "the address is not valid"),
}
