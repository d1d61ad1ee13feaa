"""Some records with all that people fill in, to learn from: what is stored holds only what a mapping has asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from msgspec.structs import replace

from syncbot.connector import Want
from syncbot.model import Field, Record, Scope, Struct
from syncbot.pipeline.feed import Ready, want
from syncbot.pipeline.pull import stream

MOST = 2000
"""Records of a connection; its scopes share them."""

FEWEST = 100
"""Records of a scope: as many as come in one answer."""

RECENT = dt.timedelta(days=90)


class Sample(Struct, frozen=True):
    """Records, and the date since which they changed; None: since ever."""

    records: tuple[Record, ...]
    since: str | None


def sample(ready: Ready, scopes: Collection[Scope], *, now: dt.datetime) -> Sample:
    """Read what changed of these scopes in 90 days; everything where that is too little to learn from.

    Reads at most about 2,000 records, stores none, and keeps to the filters of the config. Raises ToolError.
    """
    since = (now - RECENT).date().isoformat()
    recent = _read(ready, scopes, since)
    if len(recent) >= FEWEST:
        return Sample(tuple(recent.values()), since)
    return Sample(tuple(_read(ready, scopes, None).values()), None)


def _read(ready: Ready, scopes: Collection[Scope], since: str | None) -> dict[str, Record]:
    fields = frozenset(field.id for field in ready.vocabulary.fields if _is_telling(field))
    most = max(FEWEST, MOST // max(1, len(scopes)))
    found: dict[str, Record] = {}
    for scope in scopes:
        own = want(ready, scope, None)
        begun = replace(own, since=max(filter(None, (own.since, since)), default=None))
        found |= {record.remote_id: record for record in _some(ready, begun, fields, most)}
    return found


def _some(ready: Ready, begun: Want, fields: frozenset[str], most: int) -> list[Record]:
    records: list[Record] = []
    with stream(ready, [begun], fields) as pages:
        for page in pages:
            if page.error is not None:
                raise page.error
            records += page.records
            if len(records) >= most:
                break
    return records


def _is_telling(field: Field) -> bool:
    """Not long text, which is nobody's business here, and not what the tool keeps for itself."""
    return field.custom or field.type not in {"text", "other"}
