"""The pipeline: tools to records to items to facts to findings to reports to tools, one stage after the other.

`prepare` asks each tool what it is and has (or remembers it), `pull` reads what changed, `check` finds misalignments in
what is stored, `publish` brings the reports up to date. Data goes one way and does not turn round.
"""

from syncbot.pipeline.answers import Heeded, heed
from syncbot.pipeline.check import Verdict, began, check, recorded
from syncbot.pipeline.confirm import Confirmed, confirm
from syncbot.pipeline.counting import SAID
from syncbot.pipeline.feed import Feed, Ready, mistakes, prepare, recall
from syncbot.pipeline.material import read as material
from syncbot.pipeline.moments import instant
from syncbot.pipeline.preview import Picture, Piece, Preview, preview
from syncbot.pipeline.publish import Place, drafts, places, publish, reaches
from syncbot.pipeline.pull import Pulled, fail, pull, remap
from syncbot.pipeline.reached import Reached, Tell
from syncbot.pipeline.sample import Sample, sample

__all__ = [
    "SAID",
    "Confirmed",
    "Feed",
    "Heeded",
    "Picture",
    "Piece",
    "Place",
    "Preview",
    "Pulled",
    "Reached",
    "Ready",
    "Sample",
    "Tell",
    "Verdict",
    "began",
    "check",
    "confirm",
    "drafts",
    "fail",
    "heed",
    "instant",
    "material",
    "mistakes",
    "places",
    "prepare",
    "preview",
    "publish",
    "pull",
    "reaches",
    "recall",
    "recorded",
    "remap",
    "sample",
]
