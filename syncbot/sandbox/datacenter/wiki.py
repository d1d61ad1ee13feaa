"""Jira's wiki markup as the page that people see: the part of it that reports and descriptions use, escaped.

https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

_ESCAPED = re.compile(r"\\([-#*_+?^~|{}\[\]()!])")  # before any other sign a backslash is a backslash
_ENTITY = re.compile(r"&amp;(#\d+|amp);")
_PANEL = re.compile(r"^\{panel(?::[^}\n]*)?\}$", re.MULTILINE)
_MACRO = re.compile(r"\{(?:panel|quote|noformat|code)(?::[^}]*)?\}")
_INLINE = re.compile(
    r"\[(?:(?P<said>[^\]|\n]+)\|)?(?P<url>(?:https?://|mailto:)[^\]|\s]+)\]|(?<![\w*])\*(?P<strong>\S(?:[^*\n]*\S)?)\*(?![\w*])"
    r"|(?<!\w)_(?P<em>\S(?:[^_\n]*\S)?)_(?!\w)|(?<![\w-])-(?P<s>[^\s-](?:[^-\n]*[^\s-])?)-(?![\w-])"
    r"|\{color:(?P<colour>#[0-9a-fA-F]{3,6}|[a-z]+)\}(?P<inked>.*?)\{color\}|(?P<br>\\\\)"
    r"|\{\{(?P<code>[^}\n]+)\}\}|!(?P<image>[^\s!|]+)(?:\|[^!\n]*)?!"
    r"|\?\?(?P<cite>[^?\n]+)\?\?|(?P<icon>\((?:[!?/xyni+-]|on|off|\*[rgby]?)\)|[:;]-?[()]|:[DP](?!\w))"
)
_HEADING = re.compile(r"h([1-6])\.\s+(.*)")
_BULLET = re.compile(r"([*#-]+)\s+(.*)")
_PRIVATE, _SIGNS = 0xE000, 0x80  # an escaped character waits in the private use area, where no markup is


def html(text: str) -> str:
    """The markup as Jira would show it."""
    hidden = _ESCAPED.sub(lambda found: chr(_PRIVATE + ord(found[1])), text)
    parts = [_blocks(part) for part in _PANEL.split(hidden)]
    parts[1::2] = [f"<aside>{part}</aside>" for part in parts[1::2]]
    return _shown("".join(parts))


def _blocks(text: str) -> str:
    blocks = groupby(_MACRO.sub("", text).splitlines(), key=_kind)
    return "".join("".join(_block(kind, list(lines))) for kind, lines in blocks)


def _kind(line: str) -> str:
    if line.strip() == "----":
        return "rule"
    if _HEADING.fullmatch(line):
        return "heading"
    if _BULLET.fullmatch(line):
        return "list"
    return "text" if line.strip() else "blank"


def _block(kind: str, lines: list[str]) -> Iterator[str]:
    if kind == "rule":
        yield "<hr>" * len(lines)
    elif kind == "text":
        yield f"<p>{'<br>'.join(map(_inline, lines))}</p>"
    elif kind == "heading":
        yield from (f"<h{one[1]}>{_inline(one[2])}</h{one[1]}>" for line in lines if (one := _HEADING.fullmatch(line)))
    elif kind == "list":
        yield from _list([(len(one[1]), one[2]) for line in lines if (one := _BULLET.fullmatch(line))])


def _list(items: list[tuple[int, str]]) -> Iterator[str]:
    depth = 0
    for level, text in items:
        yield "<ul>" * (level - depth) + "</ul>" * (depth - level)
        yield f"<li>{_inline(text)}</li>"
        depth = level
    yield "</ul>" * depth


def _inline(text: str) -> str:
    parts, end = [], 0
    for found in _INLINE.finditer(text):
        parts += [escape(text[end : found.start()]), _element(found)]
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _element(found: re.Match[str]) -> str:
    if url := found["url"]:
        return f'<a href="{escape(url)}">{_inline(found["said"]) if found["said"] else escape(url)}</a>'
    if found["br"]:
        return "<br>"
    if colour := found["colour"]:
        return f'<span style="color:{colour}">{_inline(found["inked"])}</span>'
    if drawn := found["image"] or found["icon"]:
        return f"<i>picture {escape(drawn)}</i>"
    tag, said = next((tag, said) for tag, said in found.groupdict().items() if said and tag not in {"said", "url"})
    return f"<{tag}>{_inline(said)}</{tag}>"


def _shown(text: str) -> str:
    """Escaped characters as themselves, safe in HTML."""
    signs = range(_PRIVATE, _PRIVATE + _SIGNS)
    shown = "".join(escape(chr(ord(char) - _PRIVATE)) if ord(char) in signs else char for char in text)
    return _ENTITY.sub(r"&\1;", shown)
