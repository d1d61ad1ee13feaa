"""The files that a daemon runs by, and whether somebody has edited one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from syncbot.config import Config

Look = dict[Path, tuple[int, int, int]]
"""Of each file that is there: its inode, size and time (ns). Two equal ones: nothing was edited in between."""


def look(config: Config) -> Look:
    """The config, its mappings, rules and people, and the files that hold secrets, as they are now."""
    found: Look = {}
    for file in _files(config):
        try:
            told = file.stat()
        except OSError:
            continue
        found[file] = told.st_ino, told.st_size, told.st_mtime_ns
    return found


def _files(config: Config) -> Iterator[Path]:
    yield config.file
    yield from config.mappings.glob("*.toml")
    for folder in config.rule_folders:
        yield from folder.rglob("*.sql")
    if config.directory is not None and config.directory.people is not None:
        yield config.directory.people
    for setting in config.connections.values():
        if setting.ca is not None:
            yield setting.ca
        for reference in (*setting.secrets.values(), setting.user or "", setting.proxy or "", config.store):
            if reference.startswith("file:"):
                yield config.base / reference.removeprefix("file:")
