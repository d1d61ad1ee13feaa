"""Refuses SQL that the two engines read differently, and rules that do not fit their own header.

Each ban stands for a difference that was seen (see docs on rules): silent, such as ``like`` that folds case on SQLite
only, or an error on one engine, such as ``is_open = 1``. What is not listed here is caught by running the rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from syncbot.errors import Mistake
from syncbot.rules.rule import SLOT, Rule
from syncbot.rules.sql import Token, enclosed, split, tokens
from syncbot.rules.subjects import WORDS
from syncbot.toml import nearest


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


VIEWS = _set(
    "items features tasks milestones goals memberships assignees people accounts teams team_people team_boards links "
    "link_suggestions unmapped_words sprints item_sprints changes snapshots snapshot_items metrics readings scopes "
    "connections trust needs twins lost_twins effort sprint_load person_weeks feature_people feature_sprints "
    "feature_functions dependencies flow forecast scope_usual calendar findings"
)
"""What a rule may read."""

BOOLEANS = _set(
    "is_open is_committed is_flagged is_waiting is_home is_current is_bot active has_reason released complete fresh "
    "mapped enough provisional rebuilt"
)
"""The columns of these that are true or false."""

FIELDS = _set("owner assignees points minutes left_minutes spent_minutes start_on due_on priority")
"""What a rule can ask to be mapped or filled, besides words."""

LINKS = frozenset({"feature"})
"""What it can ask to be in use, besides: that items belong to a feature or a goal."""

FUNCTIONS = frozenset({"count", "sum", "min", "max", "coalesce", "nullif", "abs"})
AGGREGATES = frozenset({"count", "sum", "min", "max"})

_BANNED = {
    **dict.fromkeys(
        ("like", "ilike", "glob", "similar", "regexp"), "folds case on one engine only: compare whole words"
    ),
    "cast": "differs between the engines: use the _day columns",
    "round": "differs between the engines: facts hold whole numbers",
    **dict.fromkeys(
        ("order", "limit", "offset", "fetch"), "has no meaning here: a rule returns all rows, reports sort"
    ),
    **dict.fromkeys(("current_date", "current_time", "current_timestamp"), "is the server's clock: use :today"),
    **dict.fromkeys(("right", "full", "natural"), "is not known to every SQLite: use left join"),
    **dict.fromkeys(("isnull", "notnull"), "is written is null, is not null"),
    **dict.fromkeys(("collate", "rowid", "values", "any", "some", "over"), "differs between the engines"),
    **dict.fromkeys(
        ("insert", "update", "delete", "into", "create", "drop", "alter", "attach", "pragma", "copy"),
        "a rule only reads",
    ),
}
_SIGNS = {
    "||": "differs between the engines for null: give the parts, the message joins them",
    "::": "is PostgreSQL's own",
    "->": "is not for rules",
    "->>": "is not for rules",
    "==": "is written =",
    "/": "fails on zero on one engine only: multiply the other side",
    "%": "fails on zero on one engine only",
    ";": "a rule is one query, without a semicolon",
}
# Words that stand before a parenthesis and are no function.
_PLAIN = _set(
    "in exists and or not on where when then else case select from join as having by union all distinct between is "
    "intersect except"
)
KEYWORDS = _PLAIN | _set("end null true false with left inner outer cross group")


def lint(rule: Rule) -> list[Mistake]:
    """What is wrong with a rule's query, as far as it can be seen without a database."""
    found = tokens(rule.sql, rule.line)
    if not found:
        return [Mistake(rule.file, rule.line, "", "there is no query after the comment.")]
    return [
        Mistake(rule.file, line, "", message, hint)
        for check in (_fields, _start, _words, _booleans, _calls, _tables, _params, _groups, _dates)
        for line, message, hint in check(rule, found)
    ]


Complaints = Iterator[tuple[int, str, str]]


def _fields(rule: Rule, _: list[Token]) -> Complaints:
    needs = (
        ("mapped", rule.mapped, FIELDS | WORDS),
        ("filled", rule.filled, FIELDS),
        ("used", rule.used, FIELDS | LINKS),
    )
    for key, names, known in needs:
        for name in (one for alternatives in names for one in alternatives.split(" or ")):
            if name not in known:
                yield 1, f'{key}: "{name}" is not a field of ours.', nearest(name, sorted(known))


def _start(_: Rule, found: list[Token]) -> Complaints:
    if found[0].text not in {"select", "with"}:
        yield found[0].line, "a rule is one query that begins with select or with.", ""
    if len(found) > 1 and found[1].text == "recursive":
        yield found[1].line, "recursive is not for rules: facts walk trees.", ""


def _words(_: Rule, found: list[Token]) -> Complaints:
    for before, token in zip([None, *found], found, strict=False):
        if token.kind == "quoted":
            yield token.line, f"{token.text} is a name on one engine and text on the other: text stands in ' '.", ""
        elif token.kind == "sign" and token.text in _SIGNS:
            yield token.line, f'"{token.text}" {_SIGNS[token.text]}.', ""
        elif token.kind == "word" and token.text in _BANNED and (before is None or before.text != "."):
            yield token.line, f'"{token.text}" {_BANNED[token.text]}.', ""


def _booleans(_: Rule, found: list[Token]) -> Complaints:
    # Without their aliases, columns stand directly beside what they are compared with.
    bare = [
        one for one, after in zip(found, [*found[1:], None], strict=True) if "." not in {one.text, after and after.text}
    ]
    for left, sign, right in zip(bare, bare[1:], bare[2:], strict=False):
        for one, other in ((left, right), (right, left)):
            if sign.text in {"=", "<>", "!="} and one.text in BOOLEANS and other.text in {"0", "1", "true", "false"}:
                yield one.line, f"{one.text} is true or false: write {one.text} or not {one.text}.", ""
    for at, token in enumerate(bare):
        value = next((one.text for one in bare[at + 1 : at + 3] if one.text != "not"), "")
        if token.text == "is" and value not in {"null", "true", "false", "distinct"}:
            yield token.line, '"is" compares with null, true and false only.', ""


def _calls(_: Rule, found: list[Token]) -> Complaints:
    for at, (token, following) in enumerate(pairwise(found)):
        if token.kind != "word" or following.text != "(" or token.text in _PLAIN:
            continue
        if token.text not in FUNCTIONS:
            yield token.line, f"{token.text}() is not among the functions for rules.", f"Known: {_all(FUNCTIONS)}."
        elif token.text in AGGREGATES and len(split(enclosed(found, at + 1), ",")) > 1:
            yield token.line, f"{token.text}() of several values works on one engine only.", ""


def _tables(_: Rule, found: list[Token]) -> Complaints:
    own = {
        name.text
        for name, word, opening in zip(found, found[1:], found[2:], strict=False)
        if name.kind == "word" and word.text == "as" and opening.text == "("
    }
    for token in _read(found):
        if token.kind == "word" and token.text not in VIEWS | own:
            yield token.line, f"{token.text} is not a view that rules read.", nearest(token.text, sorted(VIEWS | own))


def _read(found: list[Token]) -> Iterator[Token]:
    """What stands where a table's name does: after from and join, and after each comma between two tables."""
    for at, (before, token) in enumerate(pairwise(found), 1):
        if before.text == "join":
            yield token
        elif before.text == "from":
            tables = _until(found[at:], before.depth, {"where", "group", "having", "union", "intersect", "except"})
            yield from (part[0] for part in split(tables, ",") if part)


def _params(rule: Rule, found: list[Token]) -> Complaints:
    known = {param.name for param in rule.params}
    used = {token.text[1:]: token.line for token in found if token.kind == "param"}
    for name in sorted(used.keys() - known - {"today"}):
        yield used[name], f":{name} is not under [params].", nearest(name, known)
    for name in sorted(known - used.keys()):
        yield rule.line, f"the parameter {name} is not used in the query.", ""


def _groups(_: Rule, found: list[Token]) -> Complaints:
    """A column beside an aggregate must be among those that are grouped by: SQLite would pick any row's."""
    for at, token in enumerate(found):
        if token.text != "select":
            continue
        query = _until(found[at + 1 :], token.depth, {"union", "intersect", "except"})
        chosen = _until(query, token.depth, {"from"})
        rest = query[len(chosen) :]
        group = next((n for n, word in enumerate(rest) if word.text == "group" and word.depth == token.depth), None)
        grouped = (
            {""}
            if group is None
            else {name for name, _ in _columns(_until(rest[group + 2 :], token.depth, {"having"}))}
        )
        if group is None and not any(word.text in AGGREGATES and word.depth == token.depth for word in chosen):
            continue
        for part in split(chosen, ","):
            for name, line in _columns(part):
                if name not in grouped:
                    yield line, f"{name} stands beside an aggregate and is not grouped by.", ""


def _dates(_: Rule, found: list[Token]) -> Complaints:
    """A date that is given another name keeps the ending of dates, by which reports know what to write as one."""
    for at, token in enumerate(found):
        for part in split(_until(found[at + 1 :], token.depth, {"from"}), ",") if token.text == "select" else ():
            if len(part) < len(("value", "as", "name")) or part[-2].text != "as":
                continue
            value = {one.text for one in part[:-2] if one.kind == "word"} - FUNCTIONS
            name, is_date = part[-1].text, any(one.endswith("_on") for one in value)
            if is_date and not value & KEYWORDS and not name.endswith("_on"):
                hint = f"Call it {name}_on: reports then write it as people write dates."
                yield part[-1].line, f"{name} is a date.", hint


def _until(found: list[Token], depth: int, ends: set[str]) -> list[Token]:
    taken = []
    for token in found:
        if token.depth < depth or (token.depth == depth and token.text in ends):
            break
        taken.append(token)
    return taken


def _columns(part: list[Token]) -> Iterator[tuple[str, int]]:
    """The columns of an expression that are not inside an aggregate, a subquery or an alias."""
    at = 0
    while at < len(part):
        token = part[at]
        following = part[at + 1].text if at + 1 < len(part) else ""
        if (token.text in AGGREGATES and following == "(") or (token.text == "(" and following == "select"):
            opening = at + (token.text != "(")
            at = opening + len(enclosed(part, opening)) + 2
        elif token.text == "as":
            at += 2
        elif token.kind != "word" or token.text in KEYWORDS or following == "(":
            at += 1
        elif following == ".":
            yield f"{token.text}.{part[at + 2].text}", token.line
            at += 3
        else:
            yield token.text, token.line
            at += 1


def fits(rule: Rule, columns: tuple[str, ...]) -> list[Mistake]:
    """Whether the columns that the query returns are those that the header and the message stand on."""
    facts = [name for name in columns if name not in {"subject", "other", "person", "unknown"}]
    params = {param.name for param in rule.params}
    complaints = []
    if "subject" not in columns:
        complaints.append('the query must return a column "subject".')
    complaints += [
        f'the query returns "{name}" twice.' for name in sorted({n for n in columns if columns.count(n) > 1})
    ]
    complaints += [f'a column cannot be called "{name}".' for name in columns if name.startswith("_")]
    complaints += [f'key "{name}" is not a column of the query.' for name in rule.key if name not in facts]
    slots = {"title", *(["other"] if "other" in columns else []), *facts, *params}
    complaints += [
        f"the message's {{{slot}}} is not there." for slot in SLOT.findall(rule.message) if slot not in slots
    ]
    return [Mistake(rule.file, rule.line, "", complaint) for complaint in complaints]


def _all(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
