"""What each rule means, said naively over a world's rows: slow, without SQL, and without any of the code it judges.

An oracle gives the subjects with the other items of their evidence, and the scopes where the rule cannot tell.
"""

from tests.rules.oracles import capacity, dates, delivery, dependencies, drift, ownership, strategy, trust

ORACLES = {
    **capacity.ORACLES,
    **dates.ORACLES,
    **delivery.ORACLES,
    **dependencies.ORACLES,
    **drift.ORACLES,
    **ownership.ORACLES,
    **strategy.ORACLES,
    **trust.ORACLES,
}
