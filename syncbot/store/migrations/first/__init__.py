"""The tables of the first version by topic, as they were then: a change of them is a new revision."""
