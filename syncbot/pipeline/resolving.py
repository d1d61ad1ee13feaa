"""What a mapping means on one connection, on the ground of the preset that ships for its tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from syncbot import mapping as mappings
from syncbot.config import Config, Connection
from syncbot.model import Scope, Side, Vocabulary
from syncbot.toml import spell


def resolve(
    source: mappings.Source,
    vocabulary: Vocabulary,
    config: Config,
    setting: Connection,
    sides: Mapping[str, Side],
    kept: mappings.Kept,
    scopes: Sequence[Scope],
    unread: Sequence[Scope],
) -> mappings.Mapping:
    """A mapping with the names of these scopes' words resolved; names that were ``kept`` stay what they were.

    ``unread``: scopes that it is for, too, and of whose words nothing is known now.
    """
    return mappings.resolve(
        source,
        vocabulary,
        connection=setting.name,
        scopes=scopes,
        side=setting.side,
        scope_sides=dict(sides),
        kept=kept,
        timezone=config.timezone,
        home_order=[scope.remote_id for scope in scopes],
        base=preset(setting.tool),
        team=_team_field(config, setting),
        unread=unread,
    )


def _team_field(config: Config, setting: Connection) -> mappings.Name | None:
    """The field of a connection that names teams, as ``[directory] teams`` says."""
    field = config.directory.teams.get(setting.name) if config.directory else None
    where = ("directory", "teams")
    return (
        mappings.Name(field, mappings.Spot(config.file, config.line(where), f"{spell(where)}.field")) if field else None
    )


@cache
def preset(tool: str) -> mappings.Source:
    """What ships for a tool: an admin's own mapping is read on its ground."""
    return mappings.load(mappings.preset(tool))
