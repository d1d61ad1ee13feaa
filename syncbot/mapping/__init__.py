"""How a tool's own fields and words read onto the model: mapping files, resolved at a connection, applied to records.

``load`` checks a file, ``resolve`` finds its names among what the tool has, ``apply`` turns a record into an item and
``explain`` says why. The latter are pure, so that a changed mapping can be applied again to what is stored.
"""

from syncbot.mapping.applying import apply
from syncbot.mapping.discovery import discover
from syncbot.mapping.explaining import Reason, explain, meaning_spot
from syncbot.mapping.lexicon import Kept, Renamed
from syncbot.mapping.past import Terms, changes
from syncbot.mapping.resolve import Mapping, resolve, shared_mistakes
from syncbot.mapping.source import load, preset
from syncbot.mapping.words import Name, Source, Spot

__all__ = [
    "Kept",
    "Mapping",
    "Name",
    "Reason",
    "Renamed",
    "Source",
    "Spot",
    "Terms",
    "apply",
    "changes",
    "discover",
    "explain",
    "load",
    "meaning_spot",
    "preset",
    "resolve",
    "shared_mistakes",
]
