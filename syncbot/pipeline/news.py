"""The news of an edition: what is new and what is resolved since news of a report were last told.

They are told once an edition, and only if there are any. What was told is kept with what was sent, so that nothing is
told twice and nothing is left out, whenever it happened and however many runs an edition has. What is only not said for
a while (a count missed it, its rule is off, it is accepted) stays told until it is resolved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from syncbot import outbox, report
from syncbot.model import STANDING, Linked, Report, Stated
from syncbot.pipeline.check import Verdict
from syncbot.pipeline.moments import instant
from syncbot.report import Document
from syncbot.report.readers import Readers
from syncbot.store import findings, targets

Render = Callable[[Document, Document], dict[str, Any]]


def drafts(
    db: Connection,
    living: outbox.Draft,
    render: Render,
    setting: Report,
    verdict: Verdict,
    linked: Linked,
    whole: Document,
    edition: dt.datetime,
) -> list[outbox.Draft]:
    """The news of an edition beside the living report that says the ``whole``; none if they were told or are none."""
    target = replace(living.target, edition=instant(edition))
    readers = Readers(setting, verdict.sources, linked)
    standing = {
        one.finding.fingerprint: one
        for one in verdict.stated
        if one.state in STANDING and not one.is_doubted and readers.covers(one.finding)
    }
    posted = targets.recall(db, replace(living, target=target).marker)
    if posted is not None and posted.remote_id is not None:
        return []
    before = _told(targets.told(db, living.report))
    gone = findings.resolved(db, before - standing.keys())
    new: list[Stated] = [replace(standing[one], state="new") for one in sorted(standing.keys() - before)]
    document = report.compose([*new, *gone], (), verdict.sources, setting, today=verdict.today, linked=linked)
    if not document.counts.new and not document.counts.resolved:
        return []
    told = (before | standing.keys()) - {one.finding.fingerprint for one in gone}
    body = {**render(document, whole), "told": sorted(told)}
    return [replace(living, target=target, body=body, named=document.named)]


def _told(body: bytes | None) -> frozenset[str]:
    """The fingerprints that the last news knew of."""
    return frozenset(msgspec.json.decode(body)["told"]) if body else frozenset()
