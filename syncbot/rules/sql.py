"""SQL as tokens: as much as the lint needs to see what the two engines would read differently."""

from __future__ import annotations

import re
from collections.abc import Iterator

from syncbot.model import Struct

_TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"[^"]*"|`[^`]*`|\[[^\]]*\])
    |(?P<param>(?<!:):[A-Za-z_]\w*)
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<sign>\|\||<>|!=|<=|>=|==|::|->>?|.)""",
    re.DOTALL | re.VERBOSE,
)


class Token(Struct, frozen=True):
    """A word is in lower case; ``depth`` counts the parentheses around it; ``at`` is where it begins in the text."""

    kind: str
    text: str
    line: int
    depth: int
    at: int


def tokens(sql: str, first_line: int = 1) -> list[Token]:
    """The tokens of a query, without spaces and comments."""
    return list(_tokens(sql, first_line))


def _tokens(sql: str, line: int) -> Iterator[Token]:
    depth = at = 0
    for match in _TOKEN.finditer(sql):
        line += sql.count("\n", at, match.start())
        at = match.start()
        kind, text = str(match.lastgroup), match[0]
        if kind == "comment" or text.isspace():
            continue
        depth -= text == ")"
        yield Token(kind, text.lower() if kind == "word" else text, line, depth, at)
        depth += text == "("


def bindable(sql: str) -> str:
    """The query with the colons inside its texts escaped, so that only ``:name`` is a parameter."""
    return _TOKEN.sub(lambda match: match[0].replace(":", r"\:") if match["text"] else match[0], sql)


def enclosed(found: list[Token], opening: int) -> list[Token]:
    """What stands between the parenthesis at that position and its partner."""
    depth = found[opening].depth
    inside = []
    for token in found[opening + 1 :]:
        if token.text == ")" and token.depth == depth:
            break
        inside.append(token)
    return inside


def split(found: list[Token], separator: str) -> list[list[Token]]:
    """The parts between separators that stand in no further parentheses."""
    parts: list[list[Token]] = [[]]
    depth = min((token.depth for token in found), default=0)
    for token in found:
        if token.text == separator and token.depth == depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
