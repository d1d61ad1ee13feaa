"""The policy under `requests`: an adapter to be mounted in the jira SDK's session or in py-trello's HTTP service."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import requests
from requests import exceptions as failures
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NewConnectionError

from syncbot.transport.policy import TIMEOUT, Transport
from syncbot.transport.wire import Answer, Lost, NotSent, Request


class Adapter(HTTPAdapter):
    """Sends every request of a session through a `Transport`, and reads each answer to its end.

    ``ca`` (a file of certificates to trust) and ``proxy`` come from the config and win over the environment, which
    `requests` would otherwise prefer. A request without a time-out gets one.
    """

    def __init__(self, transport: Transport, *, ca: str | None, proxy: str | None, connections: int) -> None:
        super().__init__(pool_connections=2, pool_maxsize=connections, max_retries=0)
        self._transport = transport
        self._fixed: dict[str, Any] = {}
        if ca:
            self._fixed["verify"] = ca
        if proxy:
            self._fixed["proxies"] = {"http": proxy, "https": proxy}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send by the policy. Raises ToolErrors only; what is returned has a status below 400."""
        options = dict(zip(("stream", "timeout", "verify", "cert", "proxies"), args, strict=False)) | kwargs
        options |= self._fixed
        options["timeout"] = options.get("timeout") or TIMEOUT

        def call() -> Answer:
            try:
                response = super(Adapter, self).send(request, **options)
            except (failures.RequestException, OSError) as error:
                raise _before(error) from None
            try:
                response.raw = _Whole(response.raw)
            except (HTTPError, OSError):
                raise Lost("the answer was cut on its way") from None
            return Answer(response.status_code, response.headers, response.content, response)

        answer = self._transport.send(Request(request.method or "GET", request.url or ""), call)
        response: requests.Response = answer.native
        return response


class _Whole(BytesIO):
    """A body unpacked at once, which `requests` does in small pieces; it finds the cookies that came with it."""

    def __init__(self, raw: Any) -> None:
        super().__init__(raw.read(decode_content=True))
        self._original_response = getattr(raw, "_original_response", None)


def mount(session: requests.Session, adapter: Adapter) -> None:
    """Make every request of this session go by the policy; sessions that share an adapter share its connections."""
    session.mount("https://", adapter)
    session.mount("http://", adapter)


def _before(error: Exception) -> NotSent | Lost:
    """Why no answer began, in our own words (the stack's hold whole URLs), and whether anything was sent."""
    if not isinstance(error, failures.RequestException):
        return NotSent("the file named by `ca` cannot be read", lasting=True)
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    for kind, why in _NOT_SENT.items():
        if isinstance(error, kind) or isinstance(reason, kind):
            return NotSent(why, lasting=kind in _LASTING)
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return NotSent("its certificate is not trusted (set `ca` if it is your company's own)", lasting=True)
    return Lost("no answer in time" if isinstance(error, failures.ReadTimeout) else "the connection broke")


_LASTING = (failures.InvalidURL, failures.InvalidSchema, failures.InvalidHeader)
_NOT_SENT: dict[type[Exception], str] = {
    failures.ProxyError: "the proxy cannot be reached, or refuses",
    failures.ConnectTimeout: "it cannot be reached (no answer while connecting)",
    NewConnectionError: "it cannot be reached: check the address and the network",
    **dict.fromkeys(_LASTING, "the address or a header is not valid"),
}
