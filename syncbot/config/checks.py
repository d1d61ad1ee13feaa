"""What single tables cannot see: settings that contradict each other, unknown rules, what comes in later versions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import combinations

from syncbot.config.settings import Config, Connection
from syncbot.errors import Mistake
from syncbot.model import RuleSetting, Scalar
from syncbot.patterns import fold, matches
from syncbot.toml import nearest
from syncbot.toml_lines import Where

WHOLE = 100
"""Percent."""


def conflicts(config: Config) -> Iterator[Mistake]:
    """Connections that read the same work, people with one login, reports in one place, goals that want too much."""
    yield from _same_work(config)
    yield from _same_people(config)
    yield from _same_place(config)
    shares = sum(goal.share or 0 for goal in config.goals)
    if shares > WHOLE:
        yield config.mistake(("goals",), f"have shares of {shares}% together, more than 100%.")


def _same_work(config: Config) -> Iterator[Mistake]:
    for first, second in combinations(config.connections.values(), 2):
        where = ("connections", second.name)
        if fold(first.name) == fold(second.name):
            yield config.mistake(where, f'differs from "{first.name}" only by case.')
        same_site = first.tool and (first.tool, first.url) == (second.tool, second.url)
        shared = _shared(first, second) if same_site else None
        if shared is not None:
            message = f'reads "{shared}" of {second.url}, which "{first.name}" reads too.'
            yield config.mistake((*where, "scopes"), message, 'Leave it out with "!" in one of them.')


def _same_place(config: Config) -> Iterator[Mistake]:
    lines: dict[tuple[str, str, str, str], int] = {}
    for at, report in enumerate(config.reports):
        place = (report.connection, fold(report.scope), fold(report.title), report.each or "")
        if report.connection and report.scope and place in lines:
            yield config.mistake(("reports", at), f"has the place and title of the report on line {lines[place]}.")
        lines.setdefault(place, config.line(("reports", at)))


def _same_people(config: Config) -> Iterator[Mistake]:
    owners: dict[tuple[Where, str], str] = {}
    for person in config.people:
        logins: dict[Where, str] = {("accounts", name): account for name, account in person.accounts.items()}
        if person.email:
            logins[("email",)] = person.email
        for way, login in logins.items():
            owner = owners.setdefault((way, fold(login)), person.key)
            if owner != person.key:
                yield config.mistake(("people", person.key, *way), f'is also of "{owner}".')


def _shared(first: Connection, second: Connection) -> str | None:
    """A scope pattern of one that may name what the other reads; None if their patterns keep apart."""
    left_out = [pattern[1:] for pattern in (*first.scopes, *second.scopes) if pattern.startswith("!")]
    for one in first.scopes:
        for other in second.scopes:
            if one.startswith("!") or other.startswith("!") or not _meet(fold(one), fold(other)):
                continue
            if not any(matches(pattern, name) for pattern in left_out for name in (one, other)):
                return other if "*" in one else one
    return None


@lru_cache(maxsize=4096)
def _meet(one: str, other: str) -> bool:
    """Whether some name matches both patterns."""
    if not one or not other:
        return not one.strip("*") and not other.strip("*")
    if one[0] == "*":
        return _meet(one[1:], other) or _meet(one, other[1:])
    if other[0] == "*":
        return _meet(other, one)
    return one[0] == other[0] and _meet(one[1:], other[1:])


def check_rules(
    config: Config, known: Mapping[str, Mapping[str, Scalar]], *, broken: Collection[str] = ()
) -> list[Mistake]:
    """Settings and waivers of rules that do not exist. ``known``: the parameters of each rule with their defaults.

    ``broken``: rules that are there with mistakes in their own files, which are enough to be told.
    """
    mistakes = [
        found
        for rule in config.rules
        if rule.rule not in broken
        for found in _rule(config, rule, ("rules", rule.rule), known)
    ]
    for at, waiver in enumerate(config.waivers):
        if waiver.rule and waiver.rule not in known and waiver.rule not in broken:
            way = ("waivers", at, "rule")
            mistakes.append(config.mistake(way, f'no rule is called "{waiver.rule}".', nearest(waiver.rule, known)))
    return mistakes


def _rule(
    config: Config, rule: RuleSetting, where: Where, known: Mapping[str, Mapping[str, Scalar]]
) -> Iterator[Mistake]:
    if rule.rule not in known:
        yield config.mistake(where, "is not the name of a rule.", nearest(rule.rule, known))
        return
    params = known[rule.rule]
    for name, value in rule.params.items():
        if name not in params:
            hint = nearest(name, (*params, "enabled", "severity"))
            yield config.mistake((*where, name), "is not a parameter of this rule.", hint)
        elif _shape(value) != _shape(params[name]):
            yield config.mistake((*where, name), f"must be {_shape(params[name])}.")
    for pattern, inner in rule.inside.items():
        yield from _rule(config, inner, (*where, "in", pattern), known)


def _shape(value: Scalar) -> str:
    return "true or false" if isinstance(value, bool) else "text" if isinstance(value, str) else "a number"
