"""The store: everything that syncbot knows between two runs, on SQLite or PostgreSQL.

`Store` opens it. The modules beside it hold what can be done in a transaction, by topic: `scopes` (what is read, how
far), `records` and `items` (what came in, and what it became), `containers`, `census` (what is gone), `inputs`
(whether anything changed), `memory` (what is remembered for the next run), `findings` (what the rules said over time),
`targets` (what was written where). `schema` and `views` say how all of it lies; `bulk` and `rows` are how it gets there
fast.
"""

from syncbot.store.store import Store

__all__ = ["Store"]
