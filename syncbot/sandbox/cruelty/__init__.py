"""Everything that a tool can do to its caller, by a plan: the same plan and the same requests, the same faults."""

from syncbot.sandbox.cruelty.kinds import KINDS
from syncbot.sandbox.cruelty.plan import EVERYTHING, Plan, Rule

__all__ = ["EVERYTHING", "KINDS", "Plan", "Rule"]
