"""Running for months: each thing at its time, one daemon a store, each change of the config taken up or refused."""

from syncbot.daemon.daemon import Daemon

__all__ = ["Daemon"]
