"""The store: everything that syncbot knows between two runs, on SQLite or PostgreSQL."""
