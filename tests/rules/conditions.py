"""Rules with one condition less: what the cases and worlds must notice."""

from __future__ import annotations

from collections.abc import Iterator

from syncbot.rules.sql import Token, tokens

_ENDS = {"where", "on", "when", "group", "having", "join", "left", "union", "then", "end", "select", "from"}


def fewer(sql: str) -> Iterator[tuple[str, str]]:
    """The query without each of its conditions in turn: what was left out, and the query that is left."""
    found = tokens(sql)
    for at, token in enumerate(found):
        if token.text in {"where", "on", "having", "when"}:
            yield from _operands(sql, _clause(found[at + 1 :], token.depth))


def _clause(found: list[Token], depth: int) -> list[Token]:
    taken = []
    for token in found:
        if token.depth < depth or (token.depth == depth and token.text in _ENDS):
            break
        taken.append(token)
    return taken


def _operands(sql: str, clause: list[Token], neutral: str = "true") -> Iterator[tuple[str, str]]:
    """Each operand of ``and`` is dropped as true, of ``or`` as false; then those inside its parentheses."""
    depth = clause[0].depth
    parts: list[list[Token]] = [[]]
    kind = neutral
    between = False
    for token in clause:
        if token.depth == depth and token.text in {"and", "or"} and not between:
            kind = "true" if token.text == "and" else "false"
            parts.append([])
        else:
            between = (token.text == "between") or (between and token.text != "and")
            parts[-1].append(token)
    for part in parts:
        begin, end = part[0].at, part[-1].at + len(part[-1].text)
        yield sql[begin:end], f"{sql[:begin]}{kind}{sql[end:]}"
        inner = part[1:] if part[0].text == "not" else part
        if inner[0].text == "(" and inner[-1].text == ")" and inner[1].text != "select":
            yield from _operands(sql, inner[1:-1])
