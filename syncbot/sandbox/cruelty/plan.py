"""Which request is hit by what: rules with a chance each, and dice that fall the same way for the same request."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import blake2b

from syncbot.sandbox.cruelty.kinds import KINDS
from syncbot.sandbox.faults import Fault
from syncbot.sandbox.http import Call, Endpoint, Tool


@dataclass(frozen=True, slots=True)
class Rule:
    """``kinds`` of faults, each as likely as the others, for this share of the requests to a tool's endpoint.

    ``tool`` (jira, dc, trello, asana) and ``endpoint`` ("GET /1/boards/{id}") may hold ``*``. ``most``: so many at all.
    """

    kinds: tuple[str, ...] = tuple(KINDS)
    tool: str = "*"
    endpoint: str = "*"
    chance: float = 0.05
    most: int | None = None

    def fits(self, tool: Tool, endpoint: Endpoint) -> bool:
        """Whether this rule is about that endpoint."""
        return fnmatchcase(tool.name, self.tool) and fnmatchcase(
            f"{endpoint.method} {endpoint.path}", self.endpoint.replace("[", "[[]")
        )


EVERYTHING = (Rule(),)


class Plan:
    """Draws faults. ``struck`` counts those that fell, by (tool, endpoint, kind).

    A request's fate follows from the seed, from what it asks and from how often it was asked before, so that threads
    which overtake each other change nothing.
    """

    def __init__(self, seed: int, rules: Sequence[Rule] = EVERYTHING) -> None:
        self.seed, self.rules = seed, tuple(rules)
        self.struck: Counter[tuple[str, str, str]] = Counter()
        self._asked: Counter[tuple[str, ...]] = Counter()
        self._left = [rule.most for rule in self.rules]

    def draw(self, tool: Tool, endpoint: Endpoint, call: Call, line: str) -> Fault | None:
        """What befalls this request, if anything does."""
        asked = (tool.name, line, repr(call.body))
        self._asked[asked] += 1
        for number, rule in enumerate(self.rules):
            if self._left[number] == 0 or not rule.fits(tool, endpoint):
                continue
            text = repr((self.seed, number, *asked, self._asked[asked])).encode()
            dice = random.Random(blake2b(text).digest())
            if dice.random() >= rule.chance:
                continue
            kind = dice.choice(rule.kinds)
            fault = KINDS[kind].make(tool, endpoint, call, dice)
            if fault is None:
                continue
            self.struck[tool.name, f"{endpoint.method} {endpoint.path}", kind] += 1
            if (left := self._left[number]) is not None:
                self._left[number] = left - 1
            return fault
        return None
