"""The policy under `httpx`: a transport to be given to an `httpx.Client`, for tools without an SDK."""

from __future__ import annotations

import httpx

from syncbot.transport.policy import Transport
from syncbot.transport.wire import Answer, Lost, NotSent, Request


class Adapter(httpx.BaseTransport):
    """Sends every request of a client through a `Transport`, and reads each answer to its end.

    ``inner`` does the sending: an `httpx.HTTPTransport` made with the config's ``verify`` and ``proxy``, and without
    retries. Time-outs are the client's (httpx has them by default).
    """

    def __init__(self, transport: Transport, inner: httpx.BaseTransport) -> None:
        self._transport = transport
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send by the policy. Raises ToolErrors only; what is returned has a status below 400."""

        def call() -> Answer:
            try:
                response = self._inner.handle_request(request)
            except httpx.TransportError as error:
                raise _before(error) from None
            try:
                return Answer(response.status_code, response.headers, response.read(), response)
            except (httpx.TransportError, httpx.DecodingError):
                raise Lost("the answer was cut on its way") from None
            finally:
                response.close()

        answer = self._transport.send(Request(request.method, str(request.url)), call)
        response: httpx.Response = answer.native
        return response

    def close(self) -> None:
        """Let go of the connections."""
        self._inner.close()


def _before(error: httpx.TransportError) -> NotSent | Lost:
    """Why no answer began, and whether anything was sent."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return NotSent("its certificate is not trusted (set `ca` if it is your company's own)", lasting=True)
    for kind, why in _NOT_SENT.items():
        if isinstance(error, kind):
            return NotSent(why, lasting=kind is httpx.UnsupportedProtocol)
    return Lost("no answer in time" if isinstance(error, httpx.TimeoutException) else "the connection broke")


_NOT_SENT: dict[type[httpx.TransportError], str] = {
    httpx.ConnectTimeout: "it cannot be reached (no answer while connecting)",
    httpx.PoolTimeout: "all connections were busy",
    httpx.ConnectError: "it cannot be reached: check the address and the network",
    httpx.ProxyError: "the proxy cannot be reached, or refuses",
    httpx.UnsupportedProtocol: "the address is not valid",
}
