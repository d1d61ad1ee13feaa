"""What rules say, and what a report needs to say it discreetly."""

from __future__ import annotations

from typing import Literal

from syncbot.model.kinds import Acts, Scalar, Severity, Struct
from syncbot.model.settings import Waiver


class Subject(Struct, frozen=True):
    """What a finding is about, or stands beside it as evidence, with all that a report needs to name it discreetly.

    ``scope`` is the remote id of its home scope.
    """

    view: str
    id: int
    connection: str
    scope: str
    remote_id: str
    ref: str
    title: str
    url: str
    is_restricted: bool = False


class Person(Struct, frozen=True):
    """Who can act. ``id`` None: an account that no person is known for; ``accounts``: remote ids by connection."""

    id: int | None
    name: str
    accounts: dict[str, str] = {}


class Evidence(Struct, frozen=True):
    """One row of a rule's answer: the sentence, the facts behind it, the second item if there is one.

    ``message`` holds ``{title}`` and ``{other}`` unfilled where a title stands, so that each report can decide
    whether its readers may see it; all other placeholders are filled.
    """

    message: str
    facts: dict[str, Scalar | None] = {}
    other: Subject | None = None


class Finding(Struct, frozen=True):
    """What a rule says of a subject. ``fingerprint`` identifies it over time and is safe to show."""

    rule: str
    fingerprint: str
    severity: Severity
    side: Acts
    subject: Subject
    evidence: tuple[Evidence, ...]
    person: Person | None = None


FAILED_READ = "its last read failed"
"""Why a rule cannot tell where what was read before is not older than promised, and the last try to read more failed:
a reason that often is gone with the next run. It may end a longer reason.
"""


class CannotTell(Struct, frozen=True):
    """A rule had no fresh or filled data for ``count`` subjects of a scope (None: of one subject or of all).

    A ``count`` of 0: more data could only have named fewer, and it would have named none; reports leave that out.

    ``scope`` is "connection/key of the scope". ``reason`` names no number that an edit elsewhere would change, because
    reports show it. ``fingerprints``, where there are any, names the only findings that could not be told; the other
    subjects of the scope were.
    """

    rule: str
    scope: str | None
    reason: str
    count: int
    fingerprints: tuple[str, ...] = ()

    @property
    def is_passing(self) -> bool:
        """Whether the next run is likely to tell."""
        return self.reason.endswith(FAILED_READ)


NOWHERE = ("", "")
"""Where subjects of no scope are, such as people."""


class Checked(Struct, frozen=True):
    """The answer of one rule in one run: what it found, and where it could not tell.

    ``asked``: where it is enabled, as (connection, remote id of the scope) or `NOWHERE`; None: everywhere. ``blind``:
    where of these it could tell nothing at all. ``broke_off``: its query failed or took too long, which another run may
    not.
    """

    rule: str
    findings: tuple[Finding, ...] = ()
    cannot_tell: tuple[CannotTell, ...] = ()
    asked: frozenset[tuple[str, str]] | None = None
    blind: frozenset[tuple[str, str]] = frozenset()
    broke_off: bool = False


FindingState = Literal["new", "still", "resolved", "waived", "not_checked", "baseline"]

STANDING: frozenset[FindingState] = frozenset({"new", "still", "not_checked"})
"""The states in which someone has to act: neither resolved, nor accepted, nor known from before."""

SHORT = 8
"""So many characters of a fingerprint name a finding where people read it."""


class Stated(Struct, frozen=True):
    """A finding with its history: the state in this edition and the days it was first and last seen.

    ``is_doubted``: it was never named, and what it stands on could not be looked at again; so no report names it yet.
    """

    finding: Finding
    state: FindingState
    first_on: str
    last_on: str
    waiver: Waiver | None = None
    is_doubted: bool = False


class Source(Struct, frozen=True):
    """How fresh one scope is: the last complete read, and what went wrong since, in words for people.

    ``scope`` is the scope's remote id, ``key``, ``name`` and ``url`` are what people know it by.
    """

    connection: str
    tool: str
    scope: str
    name: str
    read_at: str | None
    promise_broken: bool = False
    error: str | None = None
    key: str = ""
    url: str = ""


class Aside(Struct, frozen=True):
    """Items of one scope (remote id) that could not be read for one reason, since an instant.

    ``example`` is the ref of one of them, ``title`` what it was called when it last could be; neither is that of one
    that is known to be restricted.
    """

    connection: str
    scope: str
    reason: str
    count: int
    since: str
    example: str | None = None
    title: str | None = None


class Linked(Struct, frozen=True):
    """What is linked to a scope, or belongs to a team: subjects as (connection, remote id), and the (connection, scope)
    they live in. ``alone``: a report on these covers nothing else, not even its own scope. ``work``: the scopes in
    which people have open work, by our id; whoever is not among them counts as working everywhere.
    """

    subjects: frozenset[tuple[str, str]] = frozenset()
    scopes: frozenset[tuple[str, str]] = frozenset()
    alone: bool = False
    work: dict[int, frozenset[tuple[str, str]]] = {}
