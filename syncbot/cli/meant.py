"""Findings as the terminal names them: in their own words, with the titles that the admin may see."""

from __future__ import annotations

from syncbot.model import Evidence, Finding, Subject
from syncbot.report.words import clean


def named(finding: Finding) -> str:
    """A finding in one line: rule, the subject's key, first sentence, with the title before it where it has none."""
    evidence, subject = finding.evidence[0], finding.subject
    what = clean(subject.ref) if "{title}" in evidence.message and subject.ref else called(subject)
    return f"{finding.rule}: {what}: {sentence(finding, evidence)}"


def called(subject: Subject) -> str:
    """A subject as people know it."""
    title = clean(subject.title, 60).strip()
    return title if subject.ref in {"", subject.title} else f"{clean(subject.ref)} “{title}”"


def sentence(finding: Finding, evidence: Evidence) -> str:
    """What a finding says, with the titles in it; a second item with its key, since twins are often called alike."""
    other = called(evidence.other) if evidence.other else "another item"
    return evidence.message.replace("{title}", f"“{clean(finding.subject.title, 60)}”").replace("{other}", other)
