"""What ``syncbot mapping discover`` asks of a tool: its words, and some of its items with all their fields."""

from __future__ import annotations

from collections.abc import Sequence

from syncbot import mapping as mappings
from syncbot import pipeline
from syncbot.cli.progress import Progress
from syncbot.cli.session import Session, now
from syncbot.config import scope_setting
from syncbot.errors import Mistake, UserError
from syncbot.model import Struct
from syncbot.patterns import matches


class Discovery(Struct, frozen=True):
    """The text of a mapping, the connection that it is for, the name it goes by there, and from how many items."""

    text: str
    connection: str
    mapping: str
    items: int
    mistakes: tuple[Mistake, ...]


def look(session: Session, scopes: Sequence[str], progress: Progress) -> Discovery:
    """Discover the one connection of the session, in the scopes of these patterns (none: in all that it reads).

    Raises UserError where it has several connections or none of these scopes, ToolError where the tool does not answer.
    """
    if len(session.feeds) != 1:
        names = ", ".join(feed.name for feed in session.feeds)
        raise UserError(f"a mapping is written for one connection at a time: say --connection, of {names}.")
    (feed,) = session.feeds
    progress.say(f"{feed.name}: asking {feed.setting.url}")
    ready = pipeline.prepare(feed, session.store, session.config, now=now(), fresh=True)
    session.know({feed.name: ready}, scopes)
    chosen = [
        it for it in ready.scopes if not scopes or any(matches(one, it.key, it.remote_id, it.name) for one in scopes)
    ]
    progress.say(f"{feed.name}: reading some of its items")
    seen = pipeline.sample(ready, chosen, now=now())
    sides = {it.remote_id: scope_setting(feed.setting, it).side for it in chosen}
    text = mappings.discover(
        feed.setting.tool,
        ready.vocabulary,
        seen.records,
        connection=feed.name,
        scopes=chosen,
        side=feed.setting.side,
        scope_sides={scope: side for scope, side in sides.items() if side},
        own_accounts=ready.own_accounts,
        since=seen.since,
    )
    return Discovery(text, feed.name, feed.setting.mapping, len(seen.records), ready.mistakes)
