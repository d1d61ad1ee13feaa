"""What the readers of one report may see: whose findings it covers, and how it names what they may not know.

A title goes only where the config says that it may be shown (DESIGN 8). A restricted item's title goes nowhere at
all: its own tool and the admin's terminal get its key, behind which the tool guards it; other tools get less.
"""

from __future__ import annotations

from collections.abc import Sequence

from syncbot import patterns
from syncbot.model import Acts, CannotTell, Finding, Linked, Person, Report, Source, Subject
from syncbot.report import words
from syncbot.report.document import Span

Place = tuple[str, str]
"""A scope: its connection and remote id."""

ROLES: dict[Acts, str] = {
    "product": "Product management",
    "project": "Project management",
    "both": "Product and project management",
    "admin": "Whoever looks after syncbot",
}
NO_ITEMS = frozenset({"scope", "connection", "team", "person", "account"})


class Readers:
    """The people who can open a report; of no report at all: the admin at the terminal, who may see everything."""

    def __init__(self, report: Report | None, sources: Sequence[Source], linked: Linked) -> None:
        self.report = report
        self.linked = linked
        self.names = report is None or report.names
        self._sources = {(source.connection, source.scope): source for source in sources}
        self._matched: dict[tuple[tuple[str, ...], Place], bool] = {}

    def covers(self, finding: Finding) -> bool:
        """Whether the finding belongs into this report: by its side, its severity and where it was found."""
        if self.report is None:
            return True
        return (
            finding.side in self._sides()
            and SEVERITY[finding.severity] >= SEVERITY[self.report.at_least]
            and self.reaches(finding.subject)
        )

    def covers_gap(self, gap: CannotTell) -> bool:
        """Whether these readers would miss what could not be told."""
        if self.report is None or gap.scope is None:
            return True
        source = self._labelled(gap.scope)
        return source is not None and self.covers_scope(source)

    def looked_after(self, place: Place) -> Source | None:
        """A scope, if these readers are to hear what keeps syncbot from reading a part of it."""
        source = self._sources.get(place)
        return source if source and "admin" in self._sides() and self.covers_scope(source) else None

    def covers_scope(self, source: Source) -> bool:
        """Whether the report stands on what is read from this scope."""
        if self.report is None:
            return True
        place = (source.connection, source.scope)
        if self.linked.alone:
            return place in self.linked.scopes and (not self.report.covers or self._covers_place(place))
        return self._covers_place(place) or (not self.report.covers and place in self.linked.scopes)

    def may_read_error(self, source: Source) -> bool:
        """Whether these readers may be told what a tool said of this scope: errors name boards, lists and fields."""
        return self._may_show((source.connection, source.scope))

    def sees(self, subject: Subject) -> bool:
        """Whether these readers may be told which item, sprint, person or scope this is."""
        place = (subject.connection, subject.scope)
        if self.report is None:
            return True
        if subject.view == "person":
            return self.names
        if subject.view in NO_ITEMS and subject.view != "scope":
            return True
        if subject.is_restricted:
            return subject.connection == self.report.connection and self._may_show(place)
        return self._may_show(place)

    def name(self, subject: Subject) -> Span:
        """What these readers call it: its title, "1 item in delivery" for others' items, a key where it is guarded."""
        place = (subject.connection, subject.scope)
        if subject.view == "scope":
            return Span(self.place(place), self.url(place))
        if not self.sees(subject):
            return Span(self.count([subject]))
        url = words.link(subject.url) or self.url(place)
        if subject.is_restricted:
            return Span(words.title(subject.ref), url)
        title = words.title(subject.title) or words.title(subject.ref) or "a nameless item"
        return Span(title, url, is_title=True, is_person=subject.view == "person")

    def name_beside(self, other: Subject, subject: Subject) -> Span:
        """What they call a second item: its name, unless that is the first one's too, as twins' often are."""
        name = self.name(other)
        if not name.is_title or name.text != self.name(subject).text:
            return name
        place = (other.connection, other.scope)
        apart = place != (subject.connection, subject.scope)
        return Span(f"the one in {self.place(place)}" if apart else words.title(other.ref), name.url)

    def count(self, subjects: Sequence[Subject]) -> str:
        """How many of what, and where: "3 items in PAY", or the connection alone where the scope says too much."""
        first = subjects[0]
        noun = first.view if first.view in {"sprint", *NO_ITEMS} else "item"
        many = "people" if noun == "person" else None
        where = self.place((first.connection, first.scope)) if self.sees(first) else first.connection
        return words.number(len(subjects), noun, many) + (f" in {where}" if where else "")

    def place(self, place: Place) -> str:
        """A scope as these readers know it."""
        source = self._sources.get(place)
        if source is None or not self._may_show(place):
            return words.title(place[0])
        return words.title(source.key if source.tool == "jira" and source.key else source.name)

    def place_of(self, scope: str) -> str:
        """The same for "connection/key of the scope"; one that no report covers, only the terminal, may be unknown."""
        source = self._labelled(scope)
        return self.place((source.connection, source.scope)) if source else words.title(scope)

    def url(self, place: Place) -> str | None:
        """Where a scope can be opened, if these readers know it."""
        source = self._sources.get(place)
        return words.link(source.url) if source and self._may_show(place) else None

    def who(self, side: Acts, person: Person | None) -> str:
        """Whom a finding is for: the person who can act, or the role where nobody is known or names are off."""
        if person is None or not self.names:
            return ROLES[side]
        return words.title(person.name) or ROLES[side]

    def _sides(self) -> frozenset[Acts]:
        if self.report is None or self.report.side == "both":
            return frozenset({"product", "project", "both", "admin"})
        return frozenset({self.report.side, "both"})

    def reaches(self, subject: Subject) -> bool:
        """Whether the report is about what this is part of."""
        place, own = (subject.connection, subject.scope), (subject.connection, subject.remote_id)
        belongs = own in self.linked.subjects
        restricts = self.report is not None and bool(self.report.covers)
        if self.linked.alone and not belongs:
            return False
        if subject.view == "person" and not self.linked.alone:
            return self.meets(subject.id)
        if not subject.connection:  # a person or a team belongs to no tool
            return True
        return (belongs and not restricts) or self._covers_place(place)

    def meets(self, person: int | None) -> bool:
        """Whether somebody, by our id, works on anything that the report covers."""
        places = None if person is None else self.linked.work.get(person)
        if self.report is None or places is None:
            return True
        if self.linked.alone:
            return not places.isdisjoint(self.linked.scopes)
        if not self.report.covers and not places.isdisjoint(self.linked.scopes):
            return True
        return any(map(self._covers_place, places))

    def _covers_place(self, place: Place) -> bool:
        if self.report is None:
            return True
        if self.report.covers:
            return self._matches(self.report.covers, place)
        return self._is_own(place)

    def _is_own(self, place: Place) -> bool:
        return self.report is not None and self._matches((f"{self.report.connection}/{self.report.scope}",), place)

    def _may_show(self, place: Place) -> bool:
        if self.report is None:
            return True
        return self._matches(self.report.may_show or (self.report.connection,), place)

    def _matches(self, wanted: tuple[str, ...], place: Place) -> bool:
        key = (wanted, place)
        if key not in self._matched:
            source = self._sources.get(place)
            names = self._names(source) if source else (place[1],)
            self._matched[key] = any(patterns.covers(pattern, place[0], *names) for pattern in wanted)
        return self._matched[key]

    def _labelled(self, label: str) -> Source | None:
        """The scope that is called "connection/key", or by its name or id behind the slash."""
        connection, _, key = label.partition("/")
        found = (one for one in self._sources.values() if one.connection == connection and key in self._names(one))
        return next(found, None)

    @staticmethod
    def _names(source: Source) -> tuple[str, ...]:
        return tuple(filter(None, (source.key, source.scope, source.name)))


SEVERITY = {"info": 0, "warning": 1, "error": 2}
