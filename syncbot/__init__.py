"""syncbot: a linter for the alignment between product and project."""

__version__ = "0.1.0"
