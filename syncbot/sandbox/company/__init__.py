"""A made-up payments company: its roadmap on a Trello board, its delivery in Jira, its launches in Asana.

By itself the company is clean: nothing in it contradicts anything else, and no rule fires. What goes wrong in companies
is in `syncbot.sandbox.mutations`.
"""

from __future__ import annotations

from datetime import datetime
from random import Random

from syncbot.sandbox.company.delivery import Delivery
from syncbot.sandbox.company.marketing import market
from syncbot.sandbox.company.people import ASANA_TOKEN, JIRA_TOKEN, JIRA_USER, TRELLO_KEY, TRELLO_TOKEN, hire
from syncbot.sandbox.company.plan import features
from syncbot.sandbox.company.roadmap import Roadmap
from syncbot.sandbox.world import AsanaState, JiraState, TrelloState, World

__all__ = ["ASANA_TOKEN", "JIRA_TOKEN", "JIRA_USER", "TRELLO_KEY", "TRELLO_TOKEN", "found"]


def found(*, seed: int, now: datetime, items: int, site: str) -> World:
    """The company's world: the same for the same arguments. About ``items`` cards and issues, at least sixty, and
    a tenth as many tasks.
    """
    world = World(now, JiraState(f"{site}/jira"), TrelloState(f"{site}/trello"), AsanaState(f"{site}/asana"))
    plan = features(Random(seed), items)
    people = hire(world, sum(one.is_committed for one in plan), items)
    delivery, roadmap = Delivery(world, people), Roadmap(world, people)
    for feature in plan:
        epic = delivery.build(feature) if feature.is_committed else None
        roadmap.build(feature, epic)
    delivery.finish()
    roadmap.finish()
    market(world, people, plan, items)
    return world
