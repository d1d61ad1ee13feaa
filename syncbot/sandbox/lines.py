"""The callers' connections, so that a fault can close one under its request."""

from __future__ import annotations

import asyncio
import socket

from uvicorn.protocols.http.h11_impl import H11Protocol

from syncbot.sandbox.faults import FaultKind


async def break_off(
    line: asyncio.Transport, kind: FaultKind, status: int, headers: dict[str, str], content: bytes
) -> None:
    """Close a connection: after half of the answer's body if it is to be cut, else without a word."""
    if kind == "cut":
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        start = f"HTTP/1.1 {status} \r\n{head}Content-Length: {len(content)}\r\n\r\n".encode()
        line.write(start + content[: len(content) // 2])
        line.close()
    else:
        line.abort()
    await asyncio.sleep(0.01)  # until the server has noticed; what is returned after that goes nowhere


def remembering(lines: dict[tuple[str, int], asyncio.Transport]) -> type[H11Protocol]:
    """The server's protocol, which also remembers each caller's connection so that a fault can close it."""

    class Protocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it too
            """As the server does, and remember it."""
            super().connection_made(transport)
            # Head and body leave in two writes; without this the second waits for the caller's delayed receipt.
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lines[transport.get_extra_info("peername")] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            """As the server does, and forget it."""
            lines.pop(self.transport.get_extra_info("peername"), None)
            super().connection_lost(exc)

    return Protocol
