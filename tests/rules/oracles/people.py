"""Who is who in a world: its accounts and the people whom the config joins them to."""

from __future__ import annotations

from typing import Any

from tests.worlds import Item, World


class People:
    """The people of a world. A person is called by the config's key, or by connection and account if unknown there."""

    def __init__(self, world: World) -> None:
        self.known = {one.key: one for one in world.people}
        self.configured = {(tool, name): one.key for one in world.people for tool, name in one.accounts.items()}
        used = {(item.tool, who): {} for item in world.items for who in (item.owner, *item.on) if who}
        told = {(one["connection"], one["remote_id"]): one for one in world.accounts}
        self.accounts: dict[tuple[str, str], dict[str, Any]] = used | told

    def person(self, tool: str, account: str) -> str:
        return self.configured.get((tool, account), f"{tool}:{account}")

    def owner(self, item: Item) -> str:
        return self.person(item.tool, item.owner or "")

    def on(self, item: Item) -> set[str]:
        return {self.person(item.tool, who) for who in (item.owner, *item.on) if who}

    def everybody(self) -> set[str]:
        return {*self.known, *(self.person(*account) for account in self.accounts)}

    def name(self, person: str) -> str:
        """As its first account is called; those of the config as its key, if they have none."""
        return (self._logins(person) or [("", person)])[0][1].title() if self._logins(person) else person

    def active(self, tool: str, account: str) -> bool | None:
        told = self.accounts[tool, account].get("active", True)
        return None if told == "unknown" else bool(told)

    def activity(self, person: str) -> list[bool | None]:
        return [self.active(*account) for account in self._logins(person)]

    def there(self, person: str) -> bool | None:
        """Whether a person is still there: gone only if every account is known to be."""
        told = self.activity(person)
        return True if any(told) else None if None in told or not told else False

    def is_bot(self, person: str) -> bool:
        logins = self._logins(person)
        return bool(logins) and all(self.accounts[one].get("is_bot", False) for one in logins)

    def roles(self, person: str) -> set[str]:
        return set(self.known[person].roles) if person in self.known else set()

    def same(self, one: Item, other: Item) -> bool | None:
        """Whether two items belong to one person; None if nobody can tell whether two accounts are of one."""
        if self.owner(one) == self.owner(other):
            return True
        if one.tool == other.tool:
            return False
        pair = (self.owner(one), self.owner(other))
        if all(person in self.known for person in pair):
            return False
        crossing = ((pair[0], other.tool), (pair[1], one.tool))
        return False if any(tool == seen for who, seen in crossing for tool, _ in self._logins(who)) else None

    def _logins(self, person: str) -> list[tuple[str, str]]:
        return sorted(account for account in self.accounts if self.person(*account) == person)
