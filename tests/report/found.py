"""A small payments company's findings, to compose reports from."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from syncbot.model import Evidence, Finding, Person, Source, Stated, Subject
from syncbot.report.document import About

TODAY = "2026-11-23"
ADA = Person(1, "Ada Park", {"roadmap": "ada"})
BO = Person(2, "Bo Lind", {"delivery": "5b10ac"})

ROADMAP, PAY, RISK = ("roadmap", "5abb"), ("delivery", "10001"), ("delivery", "10002")
SOURCES = (
    Source(
        *("roadmap", "trello", "5abb"),
        "Product roadmap",
        "2026-11-23T07:00:00.000Z",
        key="Sh0rt",
        url="https://trello.com/b/5abb",
    ),
    Source(
        *("delivery", "jira", "10001"), "Payments", "2026-11-23T07:00:00.000Z", key="PAY", url="https://x.example/PAY"
    ),
    Source(*("delivery", "jira", "10002"), "Risk", "2026-11-23T07:00:00.000Z", key="RISK"),
)


def card(ref: str, title: str, **more: Any) -> Subject:
    """A feature on the roadmap."""
    return subject("feature", ROADMAP, ref, title, url=f"https://trello.com/c/{ref}", **more)


def issue(ref: str, title: str, **more: Any) -> Subject:
    """A task in Jira."""
    place = RISK if ref.startswith("RISK") else PAY
    return subject("task", place, ref, title, url=f"https://x.example/browse/{ref}", **more)


def sprint(name: str) -> Subject:
    return subject("sprint", PAY, name, name, url="")


def subject(view: str, place: tuple[str, str], ref: str, title: str, *, url: str, restricted: bool = False) -> Subject:
    number = int(blake2b(f"{place}{ref}".encode(), digest_size=4).hexdigest(), 16)
    return Subject(view, number, *place, remote_id=f"id-{ref}", ref=ref, title=title, url=url, is_restricted=restricted)


def stated(rule: str, about: Subject, message: str = "", **more: Any) -> Stated:
    """A finding of a rule, as the store states it: by default new, found today, of what the rule's name says."""
    severity, side, text = RULES[rule]
    state, first, last = more.get("state", "new"), more.get("first", TODAY), more.get("last", TODAY)
    finding = Finding(
        rule=rule,
        fingerprint=blake2b(f"{rule}|{about.ref}".encode(), digest_size=6).hexdigest(),
        severity=more.get("severity", severity),
        side=more.get("side", side),
        subject=about,
        evidence=more.get("evidence", (Evidence(message or text, more.get("facts", {}), more.get("other")),)),
        person=more.get("person"),
    )
    return Stated(finding, state, first, last, is_doubted=more.get("doubted", False))


RULES: dict[str, tuple[Any, Any, str]] = {
    "feature-without-owner": ("error", "product", "Nobody owns {title}."),
    "feature-without-work": ("error", "both", "{title} is committed, but no delivery work stands behind it."),
    "work-without-assignee": ("warning", "project", "{title} is under way with nobody on it."),
    "sprint-over-capacity": ("error", "project", "47 points planned, 40 to give (config): 117%."),
    "status-drift": ("error", "both", "{title} is done, but its twin {other} is doing."),
    "source-stale": ("error", "admin", "{title} was last read on 20 Nov 2026."),
    "person-overloaded": ("error", "project", "40 h planned, 32 h to give."),
    "one-person-both-roles": ("info", "both", "{title} owns and leads 4 features."),
}

ABOUT = {
    "feature-without-owner": About(
        "Feature has no owner",
        "A feature that nobody owns has nobody to decide what it is.",
        "Name one person as its `owner` in the tool where the feature is planned,\nor drop the feature.",
    ),
    "status-drift": About(
        "Twins disagree about the status",
        "When the roadmap and the delivery differ, one of them misleads everyone who reads only that one.",
        "Find out which of the two is **true** and correct the other one.\n\nThe mapping says what their words mean.",
    ),
    "work-without-assignee": About(
        "Work under way has nobody on it",
        "Work that belongs to nobody does not get done.",
        "Assign it, or move it back and out of the sprint.",
    ),
}
"""What a reader is told of some of the rules."""
