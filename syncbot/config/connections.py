"""From the ``[connections.*]`` tables to settings: accounts, secrets, what is read and how."""

from __future__ import annotations

from pathlib import Path

from syncbot.config import references, values
from syncbot.config.references import Surroundings
from syncbot.config.settings import SIDES, WRITES, Connection, ScopeSetting, Writes
from syncbot.errors import UserError
from syncbot.secrets import is_reference, resolve
from syncbot.toml import Table, Wrong, nearest


def connection(name: str, table: Table, around: Surroundings, mappings: Path, writes: Writes) -> Connection:
    """One of ``[connections.*]``."""
    if not name.strip() or name != name.strip() or name.startswith("!") or set(name) & set("/*"):
        table.mistake((), 'must have a name without "/", "*", "!" and spaces around it.')
    tool, url, secrets = _account(table, around)
    found = Connection(
        name=name,
        tool=tool,
        url=url,
        user=table.text("user", None),
        secrets=secrets,
        side=table.choice("side", SIDES, None),
        scopes=_patterns(table),
        mapping=_mapping(table, around, mappings) or tool,
        writes=table.choice("writes", WRITES, writes),
        since=table.day("since", None),
        ca=references.file(table, "ca", around),
        proxy=table.parsed("proxy", values.proxy, None),
        history_minutes=table.parsed("history", values.duration, 0),
        promise_minutes=table.parsed("promise", values.duration, 24 * 60),
        concurrency=table.integer("concurrency", 10, low=1, high=50),
        overrides={
            pattern: ScopeSetting(
                side=inner.choice("side", SIDES, None),
                team=references.reference(inner, "team", around.teams, "team"),
                mapping=_mapping(inner, around, mappings),
                where=inner.text("where", None),
                since=inner.day("since", None),
            )
            for pattern, inner in table.named("scope").items()
        },
    )
    if found.history_minutes and tool and not around.tools[tool].HISTORY:
        table.mistake("history", f"is not read from {tool}: take it out.")
    for key, value in (("user", found.user), ("proxy", found.proxy)):
        if value and is_reference(value):
            _present(table, key, value, around)
    return found


def _account(table: Table, around: Surroundings) -> tuple[str, str, dict[str, str]]:
    """Tool, site and references to secrets."""
    known = {name: (tool.SECRETS, tool.DEFAULT_URL) for name, tool in around.tools.items()}
    tool = table.choice("tool", sorted(known), None, need=True)
    url = table.parsed("url", values.site, None)
    any_name = tuple({name: None for names, _ in known.values() for name in names})
    names, default = known[tool] if tool else (any_name, "")
    if default is None and "url" not in table.data:
        table.mistake((), 'needs "url" (the address of your site).')
    secrets = {name: table.text(name, "", need=tool is not None) for name in names}
    for name, reference in secrets.items():
        _present(table, name, reference, around)
    return tool or "", url or default or "", secrets


def _present(table: Table, key: str, reference: str, around: Surroundings) -> None:
    """Note it if the secret is not where the reference says; with ``secrets`` off only a literal one is noted."""
    if not reference or (is_reference(reference) and not around.secrets):
        return
    try:
        resolve(reference, around.base, around.env)
    except UserError as error:
        table.mistake(key, str(error))


def _patterns(table: Table) -> tuple[str, ...]:
    patterns = table.texts("scopes", need=True)
    written = table.data.get("scopes")
    if written == [] or (patterns and all(pattern.startswith("!") for pattern in patterns)):
        table.mistake("scopes", "names nothing to read.", '"*" is all that the account can see.')
    for at, pattern in enumerate(patterns):
        if not pattern.lstrip("!").strip() or pattern.startswith("!!"):
            table.mistake(("scopes", at), "must name a scope.")
    return patterns


def _mapping(table: Table, around: Surroundings, mappings: Path) -> str | None:
    def known(name: str) -> str:
        there = {file.stem for file in mappings.glob("*.toml")} | around.tools.keys()
        if name not in there:
            raise Wrong(f"is no file of {mappings.name}/ and no preset.", nearest(name, sorted(there)))
        return name

    return table.parsed("mapping", known, None)
