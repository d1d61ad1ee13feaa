"""What the company intends: features with their goals and their work, before any tool knows of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal

Stage = Literal["Ideas", "Next", "Now", "Done"]
State = Literal["todo", "doing", "review", "done"]
When = Literal["backlog", "active", "future", "closed"]

SMALLEST = 60
_EACH = 10  # items of one more feature: its card, its epic, eight tasks


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of delivery work. ``parts`` are its subtasks."""

    title: str
    state: State
    when: When
    points: int
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feature:
    """Something the company wants, why, and how far it is. ``due``: weeks from now; ``project``: who delivers it.

    ``goal``: a label; None if only an initiative explains it. ``is_regulated``: somebody of the law has to work on it.
    """

    title: str
    goal: str | None
    stage: Stage
    why: str
    due: int | None = None
    project: str = "PAY"
    priority: str = "Medium"
    work: tuple[Task, ...] = ()
    steps: tuple[str, ...] = ()
    is_regulated: bool = False

    @property
    def is_committed(self) -> bool:
        """Whether it is more than an idea."""
        return self.stage != "Ideas"


CUT, NORDICS, TRUST = "Goal: Cut failed payments", "Goal: Win the Nordics", "Goal: Trust by default"
GOALS = (CUT, NORDICS, TRUST)
INITIATIVES = {
    "Give money back in seconds": ("Instant refunds in <10 s> & no e-mail",),
    "Sell where the buyers are": ("Apple Pay & Google Pay 💳", "Invoices for Zürich, Øresund & Łódź"),
}
"""What the delivery itself works towards: the goals that are issues, with their epics."""

LATER = {
    "Ask the bank why a card failed": "Retry failed cards on the best day",
    "Refund in another currency": "Instant refunds in <10 s> & no e-mail",
}
"""Stories that nobody has planned to do yet, with their epics."""

_BASE = (
    Feature(
        "Retry failed cards on the best day",
        CUT,
        "Now",
        "One card in nine fails on its first try, because it is charged before payday.",
        due=3,
        priority="Highest",
        steps=("Ask five merchants", "Agree on the retry budget"),
        work=(
            Task("Learn each bank's best hour", "done", "closed", 8),
            Task("Schedule a second attempt", "doing", "active", 8, ("Queue the attempt", "Give up after three")),
            Task("Tell the merchant before the retry", "todo", "active", 5),
            Task("Measure recovered revenue", "todo", "future", 5),
        ),
    ),
    Feature(
        "Instant refunds in <10 s> & no e-mail",
        None,
        "Now",
        "Refunds take four days; customers write to us, so that support drowns in where-is-my-money mails.",
        due=4,
        work=(
            Task("Push refunds to the card network", "done", "closed", 13),
            Task('Show the state of a refund, <b>always</b> & "honestly"', "review", "active", 5),
            Task("Reconcile refunds nightly", "todo", "active", 5),
            Task("Alert on refunds older than 10 s", "todo", "future", 3),
        ),
    ),
    Feature(
        "الدفع بالتقسيط (pay in four)",
        NORDICS,
        "Now",
        "Merchants in the north ask for instalments because carts above 200 EUR are left behind.",
        due=5,
        work=(
            Task("Split a payment into four", "done", "closed", 13),
            Task("Show the plan at checkout — 分期付款", "doing", "active", 8),
            Task("Remind before each instalment", "todo", "future", 5),
        ),
    ),
    Feature(
        "Apple Pay & Google Pay 💳",
        NORDICS,
        "Next",
        "Half of the buyers come from a phone, and typing a card number there is the problem.",
        due=9,
        work=(
            Task("Register the merchant identities", "done", "closed", 8),
            Task("Decrypt wallet tokens 🔐", "todo", "future", 8),
            Task("Wallet buttons at checkout", "todo", "future", 3),
            Task("Certify with both wallets", "todo", "backlog", 3),
        ),
    ),
    Feature(
        "Risk score on every payment",
        TRUST,
        "Next",
        "Fraud rose by a third this year; a score lets merchants decide, so that good buyers pass.",
        due=10,
        project="RISK",
        is_regulated=True,
        work=(
            Task("Collect signals of a device", "done", "backlog", 3),
            Task("Train the first model", "todo", "backlog", 8),
            Task("Explain a score in one sentence", "todo", "backlog", 3),
        ),
    ),
    Feature(
        "Invoices for Zürich, Øresund & Łódź",
        NORDICS,
        "Next",
        "Business buyers there pay by invoice only; without it we lose them because their rules demand it.",
        due=11,
        is_regulated=True,
        work=(
            Task("Number invoices as each country demands", "todo", "future", 3),
            Task("Letters beyond ASCII in every PDF: ß, å, ł", "todo", "future", 3),
            Task("Send reminders", "todo", "backlog", 2),
        ),
    ),
    Feature(
        "Fewer false alarms",
        TRUST,
        "Now",
        "Good buyers are refused too often, so that merchants turn the checks off.",
        due=6,
        project="RISK",
        work=(
            Task("List of trusted buyers", "done", "backlog", 2),
            Task("Tune the rules by country", "doing", "backlog", 3),
            Task("Let merchants overrule", "todo", "backlog", 5),
        ),
    ),
    Feature("Split payments between sellers", CUT, "Ideas", "Marketplaces ask for it, because they pay out by hand."),
    Feature("Gift cards", CUT, "Ideas", "Shops without a system of their own sell paper ones, and lose track of them."),
    Feature("Loyalty points at checkout", NORDICS, "Ideas", "To be weighed: does it bring buyers back?"),
    Feature("Refunds by text message", TRUST, "Ideas", "Buyers without a mailbox ask us where their money is."),
    Feature(
        "Strong customer authentication",
        TRUST,
        "Done",
        "The law asks for it from this autumn, and banks refuse payments without it.",
        due=-6,
        work=(
            Task("Challenge in the banking app", "done", "closed", 13),
            Task("Exempt small amounts", "done", "closed", 13),
            Task("Fall back to a text message", "done", "closed", 13),
        ),
    ),
    Feature(
        "Payout calendar",
        CUT,
        "Done",
        "Merchants could not tell when money comes, so they called us.",
        due=-4,
        work=(
            Task("Calendar page", "done", "closed", 8),
            Task("Holidays of every bank", "done", "closed", 8),
            Task("Export as iCal", "done", "closed", 8),
        ),
    ),
)

_VERBS = ("Speed up", "Explain", "Simplify", "Automate", "Localise", "Secure", "Measure", "Redesign")
_THINGS = (
    "chargebacks",
    "payouts",
    "bank transfers",
    "the checkout",
    "merchant sign-up",
    "fee reports",
    "settlement",
    "currency conversion",
    "direct debits",
    "dispute letters",
    "the ledger",
    "receipts",
)
_STEPS = ("Design", "Build", "Test", "Document", "Roll out", "Monitor", "Translate", "Review")


def features(random: Random, items: int) -> tuple[Feature, ...]:
    """The company's own features, and as many more as make up about ``items`` items. At most 900 cards: then more
    work for each of them.
    """
    more = max(0, items - SMALLEST)
    count = min(more // _EACH, 900)
    if not count:
        return _BASE
    tasks = more // count - 2
    return (*_BASE, *(_another(random, number, tasks) for number in range(1, count + 1)))


def _another(random: Random, number: int, tasks: int) -> Feature:
    stage: Stage = random.choices(("Now", "Next", "Done"), (20, 30, 50))[0]
    thing = random.choice(_THINGS)
    work = tuple(
        _task(random, stage, f"{_STEPS[step % 8]} {thing} ({number}.{step + 1})", step) for step in range(tasks)
    )
    feature = Feature(
        f"{random.choice(_VERBS)} {thing} ({number})",
        random.choice(GOALS),
        stage,
        f"Merchants lose time with {thing}, because every case is handled by hand today.",
        due=-random.randint(2, 20) if stage == "Done" else random.randint(6, 30),
        project=random.choice(("PAY", "PAY", "RISK")),
    )
    return replace(feature, work=work)


def _task(random: Random, stage: Stage, title: str, step: int) -> Task:
    state: State = "done" if stage == "Done" or (stage == "Now" and random.randrange(5) in {3, 4}) else "todo"
    if stage == "Now" and step == 0:
        state = "doing"
    return Task(title, state, "backlog", random.choice((1, 2, 3, 5, 8)))
