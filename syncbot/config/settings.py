"""What a config says, as types: checked, with defaults filled in, and with references where secrets are."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from syncbot.errors import Mistake
from syncbot.model import GoalSetting, Keep, KnownPerson, Report, RuleSetting, Side, Struct, Team, Waiver
from syncbot.toml import spell
from syncbot.toml_lines import Where

Writes = Literal["never", "plan", "apply"]
WRITES: tuple[Writes, ...] = ("never", "plan", "apply")
SIDES: tuple[Side, ...] = ("product", "project")


class Tool(Protocol):
    """What the config must know of a tool; the modules of ``connectors.ALL`` are such."""

    SECRETS: tuple[str, ...]
    DEFAULT_URL: str | None
    HISTORY: bool


class ScopeSetting(Struct, frozen=True):
    """What holds for one scope. In ``Connection.overrides`` None means: as the connection says."""

    side: Side | None = None
    team: str | None = None
    mapping: str | None = None
    where: str | None = None
    since: str | None = None


class Connection(Struct, frozen=True):
    """One account on one tool. ``secrets`` holds references, ``user`` and ``proxy`` may be some; ``overrides`` is by
    scope pattern, in file order.

    ``promise_minutes``: how old the last complete read of a scope may be. ``since``: a date; older work is not read.
    ``history_minutes``: how far back the history of what changes is read; 0: not at all.
    """

    name: str
    tool: str
    url: str
    scopes: tuple[str, ...]
    mapping: str
    writes: Writes
    user: str | None = None
    secrets: dict[str, str] = {}
    side: Side | None = None
    since: str | None = None
    ca: Path | None = None
    proxy: str | None = None
    promise_minutes: int = 24 * 60
    history_minutes: int = 0
    concurrency: int = 10
    overrides: dict[str, ScopeSetting] = {}


class Schedule(Struct, frozen=True):
    """When what is due: five cron fields in the config's time zone, as `values.cron` writes them.

    Syncs and prunes are the daemon's; a census and an edition are due for whichever run comes first after their time.
    """

    sync: str = "0,15,30,45 * * * *"
    census: str = "0 3 * * *"
    report: str = "0 8 * * mon,tue,wed,thu,fri"
    prune: str = "30 3 * * *"


class Watching(Struct, frozen=True):
    """Where the daemon answers those who watch it, as "address:port"; None: nowhere."""

    listen: str | None = "127.0.0.1:9464"


class Directory(Struct, frozen=True):
    """People from a file, teams from a field (its name or id) of each of these connections."""

    people: Path | None = None
    teams: dict[str, str] = {}


class Config(Struct, frozen=True):
    """A whole config file. ``lines`` tells where things stand in it, for mistakes that only a tool's answer shows.

    ``people`` are those of the directory too; ``notes`` say what of it is not read.
    """

    file: Path
    store: str
    mappings: Path
    rule_folders: tuple[Path, ...]
    timezone: str
    writes: Writes
    settle_minutes: int
    filled_percent: int
    connections: dict[str, Connection]
    people: tuple[KnownPerson, ...]
    teams: tuple[Team, ...]
    goals: tuple[GoalSetting, ...]
    rules: tuple[RuleSetting, ...]
    waivers: tuple[Waiver, ...]
    reports: tuple[Report, ...]
    schedule: Schedule
    watching: Watching
    keep: Keep
    directory: Directory | None
    lines: dict[Where, int]
    notes: tuple[Mistake, ...] = ()

    @property
    def base(self) -> Path:
        """The folder that the config's paths are relative to."""
        return self.file.parent.absolute()

    def line(self, where: Where) -> int:
        """The line of a place such as ``("connections", "delivery", "scopes", 0)``, or of what encloses it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def mistake(self, where: Where, message: str, hint: str = "") -> Mistake:
        """A mistake at a place of this file."""
        return Mistake(self.file, self.line(where), spell(where), message, hint)
