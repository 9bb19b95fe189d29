"""
The chart of costs over volume: log axes, a line for each way with a band for its range, and its name at the end of the line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt

from advisor.cost_words import count_words, short_label
from advisor.three_ways import ThreeWays

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
DASHES = ([1, 0], [7, 3], [2, 2], [8, 3, 2, 3])
"""Lines differ by dash too, so that nobody has to tell colours apart."""
HEIGHT, LINES_HEIGHT = 420, 320
"""Of the whole chart, and of what its axes leave for the lines."""
LABEL_HEIGHT = 17
"""Least distance between the names at the ends of lines."""
WRITTEN_LEFT_FROM = 3 * 10**7
"""From this load on its name stands to the left of its line, where there is room."""
TEXT = {"light": "#0b0c0c", "dark": "#ffffff"}
SHORT_NUMBER = "datum.value >= 1e6 ? format(datum.value / 1e6, ',') + 'M' : datum.value >= 1e3 ? format(datum.value / 1e3, ',') + 'k' : {}"
AXIS_NUMBER = SHORT_NUMBER.format("format(datum.value, ',')")

Data = list[dict[str, object]]


def chart(three: ThreeWays, theme: str = "light") -> alt.LayerChart | alt.FacetChart:
    """Cost a month over requests a month; the lines are the medians of the draws, the bands hold 8 of 10."""
    colour = TEXT.get(theme, TEXT["light"])
    names = [short_label(three, way) for way in three.ways if way.id in three.curves]
    points = alt.InlineData(values=_points(three))
    x = alt.X("requests:Q", scale=alt.Scale(type="log", nice=False), title="Requests a month (log scale)", axis=_axis(AXIS_NUMBER, colour))
    y = alt.Y(
        "middle:Q",
        scale=alt.Scale(type="log", nice=False),
        title="US dollars a month (log scale)",
        axis=_above(_axis(f"'$' + ({AXIS_NUMBER})", colour)),
    )
    hue = alt.Color("way:N", scale=alt.Scale(domain=names, range=list(COLOURS[: len(names)])), legend=None)
    dash = alt.StrokeDash("way:N", scale=alt.Scale(domain=names, range=list(DASHES[: len(names)])), legend=None)
    shown = [
        alt.Tooltip("way:N", title="Way"),
        alt.Tooltip("requests:Q", title="Requests a month", format=",.0f"),
        *(alt.Tooltip(f"{side}:Q", title=title, format="$,.0f") for side, title in (("low", "P10"), ("middle", "P50"), ("high", "P90"))),
    ]
    base = alt.Chart(points).encode(x=x)
    band = base.mark_area(opacity=0.14).encode(y=alt.Y("low:Q"), y2="high:Q", color=hue)
    line = base.mark_line(strokeWidth=2.5).encode(y=y, color=hue, strokeDash=dash, tooltip=shown)
    ends = alt.Chart(alt.InlineData(values=_ends(three))).mark_text(
        align="left", dx=6, fontSize=13, fontWeight="bold", color=colour, clip=False
    )
    you = alt.Chart(alt.InlineData(values=[{"requests": float(three.load.requests), "text": f"you: {count_words(three.load.requests)}"}]))
    rule = you.mark_rule(color=colour, strokeDash=[4, 4]).encode(x=x)
    left = three.load.requests < WRITTEN_LEFT_FROM
    said = you.mark_text(color=colour, fontSize=13, align="left" if left else "right", dx=5 if left else -5, baseline="top").encode(
        x=x, y=alt.value(2), text="text:N"
    )
    layers = alt.layer(band, rule, line, ends.encode(x=x, y=alt.Y("at:Q"), text="way:N"), said)
    return layers.properties(height=HEIGHT)


def _axis(label: str, colour: str) -> alt.Axis:
    powers = [10**n for n in range(1, 12)]
    axis = alt.Axis(labelExpr=label, values=powers, labelFontSize=12, titleFontSize=13, labelOverlap="greedy")
    axis.labelColor = axis.titleColor = colour
    return axis


def _above(axis: alt.Axis) -> alt.Axis:
    """With its title above the chart, where it takes no width from a small screen."""
    axis.titleAngle, axis.titleAlign, axis.titleAnchor, axis.titleX, axis.titleY = 0, "left", "start", -40, -14
    return axis


def _points(three: ThreeWays) -> Data:
    return [
        {
            "way": short_label(three, way),
            "requests": point.requests,
            "low": point.drawn.p10,
            "middle": point.drawn.p50,
            "high": point.drawn.p90,
        }
        for way in three.ways
        for point in three.curves.get(way.id, ())
    ]


def _ends(three: ThreeWays) -> Data:
    """Where the names stand: at the ends of the lines, moved apart where those are close."""
    curves = {short_label(three, way): three.curves[way.id] for way in three.ways if way.id in three.curves}
    if not curves:
        return []
    lows = [math.log10(point.drawn.p10) for curve in curves.values() for point in curve]
    highs = [math.log10(point.drawn.p90) for curve in curves.values() for point in curve]
    step = (max(highs) - min(lows)) * LABEL_HEIGHT / LINES_HEIGHT
    last = sorted(((math.log10(curve[-1].drawn.p50), name) for name, curve in curves.items()))
    heights = apart([height for height, _ in last], step)
    most = max(curve[-1].requests for curve in curves.values())
    return [{"way": name, "requests": most, "at": 10**height} for height, (_, name) in zip(heights, last, strict=True)]


def apart(heights: Sequence[float], step: float) -> list[float]:
    """Rising heights, moved as little as needed to lie a step apart."""
    groups: list[list[float]] = []
    for height in heights:
        groups.append([height])
        while len(groups) > 1 and _top(groups[-2], step) + step > _bottom(groups[-1], step):
            groups[-2:] = [groups[-2] + groups[-1]]
    return [_bottom(group, step) + n * step for group in groups for n in range(len(group))]


def _bottom(group: Sequence[float], step: float) -> float:
    return sum(group) / len(group) - step * (len(group) - 1) / 2


def _top(group: Sequence[float], step: float) -> float:
    return _bottom(group, step) + step * (len(group) - 1)
