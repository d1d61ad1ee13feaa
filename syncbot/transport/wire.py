"""What an HTTP stack tells the policy: a request, an answer, or why there is none; and what may be said of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import msgspec

from syncbot.model import Struct

# Sending these twice leaves the tool as sending them once does (RFC 9110, 9.2.2).
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
SAID_LENGTH = 300


class Request(Struct, frozen=True):
    """The part of a request that the policy looks at. ``url`` in full; only `place` of it is ever shown.

    ``weight``: as how many requests the tool counts it.
    """

    method: str
    url: str
    weight: int = 1

    @property
    def path(self) -> str:
        """The path of the URL."""
        return urlsplit(self.url).path

    @property
    def place(self) -> str:
        """Host and path, without what may hold credentials or people's words."""
        parts = urlsplit(self.url)
        return parts.netloc.rpartition("@")[2] + parts.path

    @property
    def is_idempotent(self) -> bool:
        """Whether sending it a second time is harmless."""
        return self.method in IDEMPOTENT


class Answer(Struct, frozen=True):
    """The answer, read to its end. ``headers`` compare without case; ``native`` is the stack's own response."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    native: Any = None


class NotSent(Exception):
    """The request provably did not reach the tool. ``lasting``: trying again cannot help (a certificate)."""

    def __init__(self, why: str, *, lasting: bool = False) -> None:
        self.lasting = lasting
        super().__init__(why)


class Lost(Exception):
    """The request may have reached the tool, but no whole answer came back."""


def scrub(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets, written plainly or as in a URL, and without whatever stands as a credential."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
            text = text.replace(form, "***")
    return _CREDENTIALS.sub(r"\1***", text)


# Whatever stands where credentials stand, so that one that we were not told of does not slip through either.
_CREDENTIALS = re.compile(
    r"""(\b(?:Basic|Bearer)\s+|[?&](?:key|token|access_token|api_key)=|oauth_(?:consumer_key|token|signature)=["']?)"""
    r"""[^\s"'&,]+""",
    re.IGNORECASE,
)


def basic_credentials(user: str, secret: str) -> str:
    """What Basic authentication makes of a user and a secret, to be scrubbed as well."""
    return base64.b64encode(f"{user}:{secret}".encode()).decode()


def words(answer: Answer) -> str:
    """What the tool says of an error, on one line and cut; nothing if it answered with a page for people."""
    kind = answer.headers.get("Content-Type", "")
    if "html" in kind:
        return ""
    try:
        said = " ".join(_sentences(msgspec.json.decode(answer.body.decode("utf-8", "replace"))))
    except (msgspec.DecodeError, RecursionError):
        said = answer.body[: 4 * SAID_LENGTH].decode("utf-8", "replace")
    said = " ".join(said.split())
    return said if len(said) <= SAID_LENGTH else said[: SAID_LENGTH - 1] + "…"


def _sentences(said: Any) -> Iterable[str]:
    """The sentences of an error body: Jira's errorMessages and errors, Trello's and Asana's message and error."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, list):
        for part in said:
            yield from _sentences(part)
    elif isinstance(said, dict):
        for key in ("errorMessages", "errorMessage", "message", "error"):
            yield from _sentences(said.get(key))
        errors = said.get("errors")
        if isinstance(errors, dict):
            yield from (f"{key}: {value}" for key, value in errors.items())
        else:
            yield from _sentences(errors)
