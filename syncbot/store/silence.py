"""What it means that a rule no longer says what it said: pure, and the only place that takes silence for an answer.

Resolved is only what was looked at and is no more. Whoever reads that something was put right stops looking at it.
"""

from __future__ import annotations

from typing import Literal

from syncbot.model import Checked, Finding
from syncbot.store.history import Past
from syncbot.store.whereabouts import Ref, Whereabouts

Meaning = Literal["resolved", "not_checked", "unsaid"]

_SUMMED = frozenset({"person", "sprint"})
"""What is summed over scopes: a person's weeks and a sprint's work are less if one of these was only read in part, or
left the config."""


def meaning(answer: Checked, finding: Finding, past: Past, where: Whereabouts) -> Meaning:
    """What becomes of a finding that stood and that its rule does not say now."""
    home = where.home(finding.subject)
    if answer.asked is not None and home not in answer.asked:
        return "unsaid"
    if past.state == "unsaid" and (where.is_lost(finding) or where.is_unknown(finding)):
        return "unsaid"
    if finding.subject.view in _SUMMED and (where.places.are_fewer or past.state == "unsaid"):
        return "unsaid"
    could_tell = _could_tell(answer, finding, home, where)
    if where.is_missing(finding) or (could_tell and where.is_lost(finding)):
        return "unsaid"
    return "resolved" if could_tell else "not_checked"


def _could_tell(answer: Checked, finding: Finding, home: Ref, where: Whereabouts) -> bool:
    """Whether its rule would have said it, were it there."""
    if home in answer.blind or (where.places.is_partial and finding.subject.view in _SUMMED):
        return False
    for gap in answer.cannot_tell:
        if finding.fingerprint in gap.fingerprints:
            return False
        if not gap.fingerprints and (gap.scope is None or gap.scope == where.places.labels.get(home)):
            return False
    return True
