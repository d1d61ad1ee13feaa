"""Values that are more than text: durations, cron lines, time zones, regions, addresses. Each raises toml.Wrong."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

import msgspec

from syncbot.secrets import is_reference
from syncbot.toml import Wrong, nearest

REGIONS = Path(__file__).parent / "regions.json"
_DURATION = re.compile(r"([0-9]{1,6}) ?([mhdw])")
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 7 * 1440}
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PORTS = 65535
_STEPS = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?", re.ASCII)


def duration(text: str) -> int:
    """Minutes of "90m", "24h", "7d" or "2w"."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None or int(match[1]) == 0:
        raise Wrong('must be a duration like "90m", "24h" or "7d".')
    return int(match[1]) * _MINUTES[match[2]]


def timezone(text: str) -> str:
    """A name of the IANA database."""
    if text not in _timezones():
        hint = nearest(text, sorted(_timezones())) or "Examples: UTC, Europe/London, America/New_York."
        raise Wrong("is not a time zone.", hint)
    return text


@cache
def _timezones() -> frozenset[str]:
    """Every name; a company has many people and listing them all takes a while."""
    return frozenset(available_timezones())


def region(text: str) -> str:
    """A country, or one of its parts, as "GB" or "GB-ENG": whose public holidays count."""
    country, dash, part = text.partition("-")
    parts = _regions()
    if country not in parts:
        raise Wrong("is not a country with known holidays.", nearest(country, parts))
    if dash and part not in parts[country]:
        known = [f"{country}-{name}" for name in parts[country]]
        raise Wrong(f"is not a part of {country} with known holidays.", nearest(text, known) or f'Write "{country}".')
    return text


@cache
def _regions() -> dict[str, list[str]]:
    """What the library `holidays` knows, told beforehand by ``make docs``: to load it takes longer than a config."""
    return msgspec.json.decode(REGIONS.read_bytes(), type=dict[str, list[str]])


def address(text: str) -> str:
    """An e-mail address."""
    name, _, host = text.strip().rpartition("@")
    if not name or not host or " " in text.strip():
        raise Wrong("is not an e-mail address.")
    return text.strip()


def site(text: str) -> str:
    """A tool's address without a slash at the end. It must hold no password, query or fragment."""
    parts = _web(text)
    if parts.query or parts.fragment:
        raise Wrong("must end before any ? or #.")
    return parts._replace(scheme=parts.scheme.lower(), netloc=_host(parts), path=parts.path.rstrip("/")).geturl()


def proxy(text: str) -> str:
    """A proxy's address, or a reference to where it stands."""
    if not is_reference(text):
        _web(text)
    return text


def store(text: str) -> str:
    """The store's URL, or a reference to where it stands."""
    if is_reference(text) or text.startswith("sqlite:///"):
        return text
    if not text.startswith(("postgresql://", "postgresql+psycopg://")):
        raise Wrong('must begin with "sqlite:///" or "postgresql://", or say where it is (env:NAME, file:/path).')
    if _split(text).password:
        raise Wrong("holds a password: put the URL elsewhere and write env:NAME or file:/path.")
    return text


def listen(text: str) -> str:
    """An address of this machine and a port to answer on."""
    address, _, port = text.strip().rpartition(":")
    try:
        ip_address(address.removeprefix("[").removesuffix("]"))
    except ValueError:
        raise Wrong('must be an address and a port, like "127.0.0.1:9464" or "[::1]:9464"; "" is none.') from None
    if not port.isascii() or not port.isdecimal() or int(port) > _PORTS:
        raise Wrong("its port must be a number up to 65535.")
    return text.strip()


def is_loopback(listen: str) -> bool:
    """Whether only this machine can reach such an address."""
    return ip_address(listen.rpartition(":")[0].removeprefix("[").removesuffix("]")).is_loopback


def cron(text: str) -> str:
    """Five cron fields, each as "*" or a list of numbers, weekdays as names: schedulers differ in all but these.

    (0 is Sunday to cron and Monday to some; not all take a step that is wider than its range.)
    """
    fields = text.lower().split()
    if len(fields) != len(("minute", "hour", "day", "month", "weekday")):
        raise Wrong('must have five fields: minute, hour, day, month, weekday, like "0 8 * * mon-fri".')
    minute, hour, day, month, weekday = fields
    minute = _listed(_numbers("minute", minute, 0, 59), 60)
    hour = _listed(_numbers("hour", hour, 0, 23), 24)
    day = _listed(_numbers("day", day, 1, 31), 31)
    month = _listed(_numbers("month", month, 1, 12, _MONTHS), 12)
    days = {number % 7 for number in _numbers("weekday", weekday, 0, 7, _DAYS)}
    weekday = "*" if len(days) == len(_DAYS) else ",".join(_DAYS[number] for number in sorted(days))
    if day != "*" and weekday != "*":
        raise Wrong("must name a day of the month or a weekday, not both.")
    return f"{minute} {hour} {day} {month} {weekday}"


def _listed(numbers: set[int], all_of_them: int) -> str:
    return "*" if len(numbers) == all_of_them else ",".join(map(str, sorted(numbers)))


def _numbers(field: str, text: str, low: int, high: int, names: tuple[str, ...] = ()) -> set[int]:
    """Every number that a cron field stands for."""
    found: set[int] = set()
    for part in text.split(","):
        match = _STEPS.fullmatch(part)
        if match is None:
            raise Wrong(f"its {field} is not as cron has it.")
        any_, step = match["first"] == "*", int(match["step"] or 1)
        first = low if any_ else _number(field, match["first"], low, high, names)
        last = high if any_ or match["step"] else first
        if match["last"]:
            last = _number(field, match["last"], low, high, names)
        if first > last or step == 0 or (any_ and match["last"]):
            raise Wrong(f"its {field} is not as cron has it.")
        found.update(range(first, last + 1, step))
    return found


def _number(field: str, text: str, low: int, high: int, names: tuple[str, ...]) -> int:
    number = names.index(text) + low if text in names else int(text) if text.isdecimal() else -1
    if not low <= number <= high:
        raise Wrong(f"its {field} must be from {low} to {high}{', or a name' if names else ''}.")
    return number


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise Wrong("is not a URL.") from None
    return parts


def _web(text: str) -> SplitResult:
    parts = _split(text)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise Wrong('must be a URL that begins with "https://".')
    if parts.username or parts.password:
        raise Wrong("holds a user or password: they have keys of their own, or go behind env:NAME.")
    return parts


def _host(parts: SplitResult) -> str:
    default = {"http": 80, "https": 443}[parts.scheme.lower()]
    host = parts.netloc.lower()
    return host.removesuffix(f":{default}")
