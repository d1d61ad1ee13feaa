"""Charts as inline SVG, drawn by Vega-Lite (vl-convert): no network, no script, and colours that the page decides.

Sizes are fixed and nothing depends on the fonts of the machine that draws, so the same rows are the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import vl_convert
from rich.cells import cell_len

from syncbot.report import words
from syncbot.report.pictures import ORDER, Bar, Mark, Pair, Row

WIDTH = 400
"""Pixels of every chart: legible on a phone, and two of them stand side by side on paper."""

_NAME, _PERSON = 28, 15
"""Narrow letters that fit."""
_WHOLE, _WIDEST = 100, 200
_VERSION = "6.4"
_FILL: dict[Mark, str] = {"": "var(--fill)", "above": "var(--above)", "wrong": "var(--wrong)"}
_INK: dict[Mark, str] = {"": "var(--ink)", "above": "var(--on-above)", "wrong": "var(--on-wrong)"}
_CONFIG = {
    "mark": {"aria": False},
    "font": "inherit",
    "background": None,
    "view": {"stroke": None},
    "text": {"fontSize": 13, "color": "var(--ink)", "baseline": "middle"},
    "axis": {"domain": False, "ticks": False, "grid": False, "title": None, "labelLimit": 0},
    "axisX": {"labelFontSize": 12, "labelColor": "var(--muted)", "labelAngle": 0, "labelOverlap": False},
}

Spec = dict[str, Any]


def load(bars: Sequence[Bar]) -> str:
    """A bar for each sprint, in percent of its capacity, with the line that it should not cross."""
    most = max((bar.percent or 0 for bar in bars), default=0)
    end = min(max(most, 125), _WIDEST)
    rows = [
        {
            "row": at,
            "name": _short(bar.name.text, _NAME),
            "load": f"{bar.load}: {'capacity unknown' if bar.percent is None else f'{bar.percent:,}%'}",
            "until": min(bar.percent or 0, _WHOLE),
            "over": min(max(bar.percent or 0, _WHOLE), end),
            "fill": _FILL[bar.mark],
            "line": None if bar.percent is None else _WHOLE,
        }
        for at, bar in enumerate(bars)
    ]
    x: Spec = {"type": "quantitative", "axis": None, "scale": {"domain": [0, end], "nice": False}}
    thick = {"type": "bar", "height": 14, "yOffset": 10}
    layers: list[Spec] = [
        {"mark": {**thick, "color": "var(--fill)"}, "encoding": {"x": {**x, "field": "until"}}},
        {
            "mark": thick,
            "encoding": {"x": {**x, "field": "line"}, "x2": {"field": "over"}, "color": _as_is("fill")},
        },
        {
            "mark": {
                "type": "tick",
                "orient": "vertical",
                "size": 20,
                "thickness": 2,
                "yOffset": 10,
                "color": "var(--ink)",
            },
            "encoding": {"x": {**x, "field": "line"}},
        },
        _text("name", at=0, align="left", yOffset=-10, fontWeight=600),
        _text("load", at=WIDTH, align="right", yOffset=-10),
    ]
    return _draw(rows, layers, rows=len(bars), step=46)


def weeks(rows: Sequence[Row], weeks_on: Sequence[str]) -> str:
    """A row for each person, a cell for each week: how full it is."""
    cells: list[Spec] = [
        {
            "row": at,
            "week": on,
            "said": _fullness(cell.percent, cell.load),
            "fill": f"var(--{_level(cell.percent, cell.mark)})",
            "ink": _INK[cell.mark],
        }
        for at, row in enumerate(rows)
        for on, cell in zip(weeks_on, row.cells, strict=True)
        if cell is not None
    ]
    names = [{"row": at, "name": _short(row.who, _PERSON)} for at, row in enumerate(rows)]
    label = "timeFormat(toDate(datum.value), '%-d %b')"
    x: Spec = {"field": "week", "type": "ordinal", "scale": {"domain": list(weeks_on)}}
    shown = {**x, "axis": {"orient": "top", "labelExpr": label}}
    layers: list[Spec] = [
        {"mark": _TILE, "encoding": {"x": shown, "color": _as_is("fill")}},
        {
            "mark": {"type": "text", "fontSize": 12},
            "encoding": {"x": x, "text": {"field": "said"}, "color": _as_is("ink")},
        },
        {"data": {"values": names}, **_text("name", at=-_LABELS, align="left")},
    ]
    return _draw(cells, layers, rows=len(rows), step=32, left=_LABELS, top=22)


def stages(pairs: Sequence[Pair]) -> str:
    """How many features stand where on both sides; those on the diagonal agree."""
    product = [stage for stage in ORDER if any(pair.product == stage for pair in pairs)]
    project = [stage for stage in ORDER if any(pair.project == stage for pair in pairs)]
    cells: list[Spec] = [
        {
            "row": product.index(pair.product),
            "stage": pair.project,
            "said": f"{pair.count:,}",
            "fill": "var(--wrong)" if pair.drifting else "var(--mid)" if pair.product == pair.project else "var(--low)",
            "ink": _INK["wrong" if pair.drifting else ""],
        }
        for pair in pairs
    ]
    names = [{"row": at, "name": stage or ABSENT} for at, stage in enumerate(product)]
    x: Spec = {"field": "stage", "type": "ordinal", "scale": {"domain": project}}
    shown = {**x, "axis": {"orient": "top", "labelExpr": f"datum.value === '' ? '{ABSENT}' : datum.value"}}
    layers: list[Spec] = [
        {"mark": _TILE, "encoding": {"x": shown, "color": _as_is("fill")}},
        {"mark": "text", "encoding": {"x": x, "text": {"field": "said"}, "color": _as_is("ink")}},
        {"data": {"values": names}, **_text("name", at=-_LABELS, align="left")},
    ]
    return _draw(cells, layers, rows=len(product), step=32, left=_LABELS, top=22)


ABSENT = "not there"
_LABELS = 112
_TILE = {"type": "rect", "cornerRadius": 4, "stroke": "var(--page)", "strokeWidth": 3}


def _fullness(percent: int | None, load: str) -> str:
    return f"{percent}%" if percent is not None else load or "?"


def _level(percent: int | None, mark: Mark) -> str:
    if mark:
        return mark
    return "mid" if percent is not None and percent > _WHOLE * 2 // 3 else "low"


def _text(field: str, *, at: int, align: str, **looks: object) -> Spec:
    return {
        "mark": {"type": "text", "align": align, **looks},
        "encoding": {"x": {"value": at}, "text": {"field": field}},
    }


def _as_is(field: str) -> Spec:
    return {"field": field, "type": "nominal", "scale": None}


def _short(text: str, width: int) -> str:
    """As much of a name as fits into so many narrow letters; those of some scripts are twice as wide."""
    length = width
    while cell_len(short := words.clean(text, length).strip()) > width:
        length -= 1
    return words.isolate(short)


def _draw(data: Sequence[Spec], layers: Sequence[Spec], *, rows: int, step: int, left: int = 0, top: int = 0) -> str:
    """The chart as SVG. ``step``: pixels of a row; ``left`` and ``top``: of its labels."""
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"domain": list(range(rows)), "padding": 0}}
    spec = {
        "$schema": f"https://vega.github.io/schema/vega-lite/v{_VERSION.partition('.')[0]}.json",
        "autosize": "none",
        "padding": {"left": left, "top": top, "right": 0, "bottom": 0},
        "width": WIDTH - left,
        "height": rows * step,
        "data": {"values": data},
        "encoding": {"y": y},
        "layer": layers,
        "config": _CONFIG,
    }
    return vl_convert.vegalite_to_svg(spec, vl_version=_VERSION, allowed_base_urls=[])
