"""The company's people, and their logins on both tools."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from syncbot.sandbox.world import JiraUser, TrelloMember, World

JIRA_USER, JIRA_TOKEN = "syncbot@payments.example", "jira-sandbox-token"
TRELLO_KEY, TRELLO_TOKEN, ASANA_TOKEN = "trello-sandbox-key", "trello-sandbox-token", "asana-sandbox-token"

_PRODUCT = (("ada", "Ada Park"), ("fay", "Fay O'Neill"), ("gus", "Gus Ångström"))
_MAKERS = (("bo", "Bo Lindqvist"), ("dee", "Dee <Ops> Marsh"), ("eli", "Eli 佐藤"))
_RISK = (("cy", "Cy Okafor"), ("hal", "Hal Nowak"))
_FEATURES_EACH, _ITEMS_EACH = 3, 60


@dataclass(frozen=True, slots=True)
class Login:
    """A person's ids on both tools; ``member`` is empty for those who have no Trello account."""

    key: str
    account: str
    member: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who plans, who builds payments, who builds risk, and syncbot itself."""

    product: tuple[Login, ...]
    makers: tuple[Login, ...]
    risk: tuple[Login, ...]
    bot: Login


def hire(world: World, promised: int, items: int) -> Staff:
    """Everybody who is needed so that nobody owns more than three promised features or does too much at once."""
    more = max(0, -(-promised // _FEATURES_EACH) - len(_PRODUCT))
    crew = max(0, items - 60) // _ITEMS_EACH
    staff = Staff(
        tuple(_both(world, *one) for one in (*_PRODUCT, *_others("planner", more))),
        tuple(_both(world, *one) for one in (*_MAKERS, *_others("maker", crew))),
        tuple(_both(world, *one) for one in (*_RISK, *_others("analyst", crew // 2))),
        _both(world, "syncbot", "Sync Bot"),
    )
    # Some profiles hide their address, and the caller's own zone is far from UTC: both as in real companies.
    world.jira.users[staff.product[0].account].shows_email = False
    world.jira.users[staff.bot.account].timezone = "America/Los_Angeles"
    gone = _account("ivo")
    world.jira.users[gone] = JiraUser(gone, "Ivo Former", "ivo@payments.example", active=False)
    former = world.trello.next_id(world.now - timedelta(days=500))
    world.trello.members[former] = TrelloMember(former, "ivo", "Ivo Former", "ivo@payments.example", deactivated=True)
    world.jira.tokens[JIRA_USER] = (JIRA_TOKEN, staff.bot.account)
    world.trello.tokens[TRELLO_KEY, TRELLO_TOKEN] = staff.bot.member
    return staff


def _others(role: str, count: int) -> list[tuple[str, str]]:
    return [(f"{role}{number}", f"{role.capitalize()} {number}") for number in range(1, count + 1)]


def _both(world: World, key: str, name: str) -> Login:
    account, email = _account(key), f"{key}@payments.example"
    world.jira.users[account] = JiraUser(account, name, email)
    member = world.trello.next_id(world.now - timedelta(days=500))
    handle = {"ada": "adapark"}.get(key, key)
    world.trello.members[member] = TrelloMember(member, handle, name, email)
    return Login(key, account, member)


def _account(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
