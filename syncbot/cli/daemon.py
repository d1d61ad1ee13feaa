"""``syncbot daemon``: the whole pipeline by itself, at the times of the config, until it is stopped."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import SystemRandom
from types import FrameType

import click

from syncbot import logs
from syncbot.cli import options
from syncbot.cli.session import now
from syncbot.daemon import Daemon
from syncbot.daemon.health import Window
from syncbot.daemon.watch import Watcher

LONG = 30.0  # seconds; a night of a tool in trouble would fill pages with shorter waits
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@click.command("daemon")
@options.together(options.config, options.apply)
def command(config: Path, apply: bool | None) -> int:
    """Do everything at its time, by [schedule] of the config, until it is stopped.

    One daemon works on a store; another one stands by and goes on when the first ends. An edited config, mapping or
    rule is taken up by itself; one with a mistake is refused, and the one of before stays in force.

    It answers /health, /ready and /metrics where [daemon] listen says, and logs to standard error: words on a terminal,
    one JSON object a line elsewhere.

    SIGTERM or Ctrl-C lets the page or the write that is in flight end; the second one ends it at once. Neither loses or
    doubles anything.
    """
    with logs.writing(sys.stderr, waits=LONG) as log:
        watcher = Watcher(
            lambda: daemon.session.store,
            lambda: daemon.state,
            now,
            lambda: {feed.name: feed.connector.room() for feed in daemon.session.feeds},
        )
        with closing(Window(watcher)) as window:
            daemon = Daemon(config, apply=apply, jitter=SystemRandom().random(), log=log, move=window.move)
            with _heeding(daemon):
                daemon.run()
    return 0


@contextmanager
def _heeding(daemon: Daemon) -> Iterator[None]:
    """The first signal stops the daemon when it can; the second one as it does any command."""

    def heed(_number: int, _frame: FrameType | None) -> None:
        for one in _SIGNALS:
            signal.signal(one, signal.default_int_handler)
        daemon.stop()

    before = {one: signal.signal(one, heed) for one in _SIGNALS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
