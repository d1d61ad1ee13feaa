"""The store: everything that syncbot knows between two runs, on SQLite or PostgreSQL."""

from syncbot.store.store import Store

__all__ = ["Store"]
