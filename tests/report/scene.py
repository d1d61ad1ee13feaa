"""The same small company's sprints, weeks, features and chains, to draw pictures from."""

from __future__ import annotations

from syncbot.model import Person
from syncbot.report.material import Chain, Load, Material, Stages, Waiting, Week
from tests.report.found import ADA, BO, card, issue, sprint

WEEKS_ON = ("2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28")
ZOE = Person(3, "Zoë Ångström-Featherstonehaugh", {})

LOADS = (
    Load(sprint("PAY Sprint 24"), "active", "points", 47, 2, "2026-11-16", "2026-11-27", 40, "config", 118),
    Load(sprint("PAY Sprint 25"), "future", "points", 42.5, 0, "2026-11-30", "2026-12-11", 40, "history", 107),
    Load(
        sprint("Marketing: دفع فوري and other long names"), "active", "minutes", 3630, 1, None, None, 7680, "people", 48
    ),
    Load(sprint("Checks 9"), "active", "points", 12, 0, "2026-11-16", None, unknown="no capacity is known"),
)
WEEKS = (
    Week(ADA, "2026-11-23", 2400, 1920, "40 h a week less 1 day off", "delivery 30 h, marketing 10 h"),
    Week(ADA, "2026-11-30", 1400, 1920, "40 h a week", "delivery 23.3 h"),
    Week(ADA, "2026-12-07", 500, 1920, "40 h a week", "delivery 8.3 h"),
    Week(ADA, "2026-12-21", 720, None, None, "delivery 12 h", "their weekly hours are not known"),
    Week(ADA, "2026-12-28", None, 1920, unknown="delivery: it was never read completely"),
    Week(BO, "2026-11-23", 0, 2400),
    *(Week(ZOE, on, 2440, 2400, "40 h a week", "marketing 40.7 h") for on in WEEKS_ON),
)
STAGES = (
    Stages(
        card("PayByL1n", "Pay by link"),
        "planned",
        "doing",
        issue("PAY-12", "Hosted checkout"),
        "2026-12-18",
        "2027-01-08",
    ),
    *(Stages(card(f"a{n}", f"Agreed {n}"), "doing", "doing", issue(f"PAY-9{n}", "Twin")) for n in range(7)),
    *(Stages(card(f"b{n}", f"Later {n}"), "planned", "planned", issue(f"PAY-8{n}", "Twin")) for n in range(12)),
    Stages(card("c1", "Nobody builds it"), "ready"),
    Stages(issue("PAY-70", "Nobody asked for it"), None, "doing"),
)
CHAINS = (
    Chain(
        issue("PAY-2", "Token vault"),
        (
            Waiting(issue("PAY-3", "Save cards"), issue("PAY-2", "").id, 1),
            Waiting(issue("PAY-4", "Pay by link: a page that merchants can make without us"), issue("PAY-2", "").id, 1),
            Waiting(issue("RISK-3", "Check saved cards"), issue("PAY-3", "").id, 2),
            Waiting(issue("RISK-7", "Acquisition of Foo", restricted=True), issue("RISK-3", "").id, 3),
        ),
        9,
    ),
    Chain(issue("PAY-5", "Rounding"), (Waiting(issue("PAY-6", "Invoices"), issue("PAY-5", "").id, 1),), 1, circle=True),
)
MATERIAL = Material(LOADS, WEEKS, WEEKS_ON, STAGES, CHAINS)
