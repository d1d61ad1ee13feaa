"""Findings as people name them at the terminal: by their id, in their own words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from syncbot.model import SHORT, Evidence, Finding, Subject
from syncbot.report.words import clean

_ID = re.compile(rf"[0-9a-f]{{{SHORT},12}}")


def by_id(known: Iterable[Finding], said: str) -> list[Finding]:
    """The findings whose id begins so; none where it cannot be the beginning of one that a report shows."""
    wanted = said.strip().lower()
    return [one for one in known if one.fingerprint.startswith(wanted)] if _ID.fullmatch(wanted) else []


def named(finding: Finding) -> str:
    """A finding in one line: rule, subject, first sentence."""
    return f"{finding.rule}: {called(finding.subject)}: {sentence(finding, finding.evidence[0])}"


def called(subject: Subject) -> str:
    """A subject as people know it."""
    title = clean(subject.title, 60).strip()
    return title if subject.ref in {"", subject.title} else f"{clean(subject.ref)} “{title}”"


def sentence(finding: Finding, evidence: Evidence) -> str:
    """What a finding says, with the titles in it."""
    other = f"“{clean(evidence.other.title, 60)}”" if evidence.other else "another item"
    return evidence.message.replace("{title}", f"“{clean(finding.subject.title, 60)}”").replace("{other}", other)
