"""The one HTTP policy of all connectors: limits, waits, retries, time-outs and redaction.

A connector makes one `Transport` and hands it to the HTTP stack of its SDK through a thin adapter
(`syncbot.transport.over_requests`, `syncbot.transport.over_httpx`); the SDK's own retries are switched off. What comes
back through `Transport.send` is an answer below 400 or a `syncbot.errors.ToolError`, never the stack's own exception.
"""

from syncbot.transport.limits import ACCOUNT, Limit, Queues, Room, everything, holder
from syncbot.transport.policy import TIMEOUT, Transport, asked_to_wait, epoch_seconds
from syncbot.transport.wire import Answer, Lost, NotSent, Request, basic_credentials, scrub

__all__ = [
    "ACCOUNT",
    "TIMEOUT",
    "Answer",
    "Limit",
    "Lost",
    "NotSent",
    "Queues",
    "Request",
    "Room",
    "Transport",
    "asked_to_wait",
    "basic_credentials",
    "epoch_seconds",
    "everything",
    "holder",
    "scrub",
]
