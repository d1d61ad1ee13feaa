"""What the sandbox's pages are made of. Everything in the world may be hostile text: all of it is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from importlib.resources import files

MOST = 300  # entries of one table; a big world does not fit a page


def whole(title: str, body: str) -> str:
    """A page, with the header that all of them have."""
    style = files("syncbot.sandbox").joinpath("pages.css").read_text(encoding="utf-8")
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(title[:200])}</title><style>{style}</style>"
        f"<header><a href='/'>The sandbox</a> A made-up company: nothing here is real.</header><main>{body}</main>"
    )


def facts(table: dict[str, str]) -> str:
    """A table of what is known, without what is empty."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd dir=auto>{value}</dd>" for name, value in table.items() if value)
    return f"<dl>{rows}</dl>"


def marks(names: Iterable[str]) -> str:
    """Names as labels."""
    return "".join(f"<span class=mark>{said(name) or '&nbsp;'}</span> " for name in names)


def anchor(url: str, text: str) -> str:
    """A link, if the address is one of the web; else its text."""
    is_web = url.startswith(("http://", "https://"))
    return f"<a href='{escape(url)}'>{said(text)}</a>" if is_web else said(text)


def said(text: str) -> str:
    """People's text, escaped, and kept from turning the direction of what follows."""
    return f"<bdi>{escape(text)}</bdi>" if text else ""


def time(at: datetime | None) -> str:
    """An instant for people."""
    return f"{at:%d %b %Y, %H:%M} UTC" if at else ""
