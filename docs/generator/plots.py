"""The little SVG that the charts are drawn in: medians with their quartiles on a logarithmic axis, and lines.

A chart stands on a ground of its own, light or dark as the reader's screen asks, so that it is legible on any page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.ground { fill: #ffffff; stroke: #d1d9e0 }
.grid { stroke: #d1d9e0 }
.one { stroke: #59636e }
.range, .line { stroke: #0969da; fill: none }
.dot { fill: #0969da }
.target { stroke: #bc4c00 }
.quiet { fill: #59636e }
.title { font-weight: 600 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .ground { fill: #0d1117; stroke: #3d444d }
  .grid { stroke: #3d444d }
  .one { stroke: #9198a1 }
  .range, .line { stroke: #4493f8 }
  .dot { fill: #4493f8 }
  .target { stroke: #ffa657 }
  .quiet { fill: #9198a1 }
}
"""

_WIDTH, _LABELS, _RIGHT = 960, 420, 90
_ROW, _TOP, _BOTTOM = 24, 44, 58
_LEFT, _HEIGHT = 80, 340


class Row(NamedTuple):
    """A median with its quartiles, and the target when there is one."""

    label: str
    first: float
    median: float
    third: float
    target: float | None


def ratios(title: str, axis: str, rows: Sequence[Row]) -> str:
    """A line a ratio, on a logarithmic axis that always shows 1."""
    values = [value for row in rows for value in (*row[1:4], row.target or row.median)]
    low, high = min(1, *values) / 1.3, max(1, *values) * 1.3
    bottom = _TOP + _ROW * len(rows)
    height = bottom + _BOTTOM

    def x(value: float) -> float:
        return _LABELS + (_WIDTH - _LABELS - _RIGHT) * math.log(value / low) / math.log(high / low)

    parts = [_text(16, 26, title, "title")]
    for tick in _ticks(low, high):
        parts.append(_line(x(tick), _TOP - 4, x(tick), bottom, "one" if tick == 1 else "grid"))
        parts.append(_text(x(tick), bottom + 18, _number(tick), "quiet", "middle"))
    for rank, row in enumerate(rows):
        middle = _TOP + _ROW * rank + _ROW / 2
        parts.append(_text(_LABELS - 12, middle + 4, row.label, anchor="end"))
        parts.append(_line(x(row.first), middle, x(row.third), middle, "range", 5))
        parts.append(f'<circle class="dot" cx="{x(row.median):.1f}" cy="{middle:.1f}" r="5"/>')
        if row.target is not None:
            parts.append(_line(x(row.target), middle - 9, x(row.target), middle + 9, "target", 3))
        parts.append(_text(_WIDTH - 16, middle + 4, _number(row.median), anchor="end"))
    parts.append(_text((_LABELS + _WIDTH - _RIGHT) / 2, bottom + 42, axis, "quiet", "middle"))
    return _drawing(height, title, parts)


def curve(title: str, across: str, upwards: str, points: Sequence[tuple[float, float]]) -> str:
    """Points joined by a line: a logarithmic axis across, one from zero upwards."""
    sizes, costs = [point[0] for point in points], [point[1] for point in points]
    low, high = min(sizes) / 1.5, max(sizes) * 1.5
    step = _step(max(costs))
    top = step * math.ceil(max(costs) * 1.1 / step)
    bottom = _HEIGHT - _BOTTOM

    def x(value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - 30) * math.log(value / low) / math.log(high / low)

    def y(value: float) -> float:
        return bottom - (bottom - _TOP) * value / top

    parts = [_text(16, 26, title, "title")]
    for rank in range(round(top / step) + 1):
        parts.append(_line(_LEFT, y(rank * step), _WIDTH - 30, y(rank * step), "grid"))
        parts.append(_text(_LEFT - 8, y(rank * step) + 4, _number(rank * step), "quiet", "end"))
    parts += [_text(x(size), bottom + 18, _short(size), "quiet", "middle") for size in sizes]
    joined = " ".join(f"{x(size):.1f},{y(cost):.1f}" for size, cost in points)
    parts.append(f'<polyline class="line" stroke-width="2" points="{joined}"/>')
    for size, cost in points:
        parts.append(f'<circle class="dot" cx="{x(size):.1f}" cy="{y(cost):.1f}" r="5"/>')
        parts.append(_text(x(size), y(cost) - 12, _number(cost), anchor="middle"))
    parts.append(_text((_LEFT + _WIDTH) / 2, bottom + 42, across, "quiet", "middle"))
    middle = (_TOP + bottom) / 2
    parts.append(
        f'<text class="quiet" text-anchor="middle" transform="translate(22 {middle:.0f}) rotate(-90)">'
        f"{escape(upwards)}</text>"
    )
    return _drawing(_HEIGHT, title, parts)


def _drawing(height: float, title: str, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" role="img">'
    ground = f'<rect class="ground" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1:.0f}" rx="8"/>'
    lines = [head, f"<title>{escape(title)}</title>", f"<style>{_STYLE}</style>", ground, *parts, "</svg>"]
    return "\n".join(lines) + "\n"


def _text(x: float, y: float, text: str, kind: str = "label", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str, width: int = 1) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line class="{kind}" {ends} stroke-width="{width}" stroke-linecap="round"/>'


def _ticks(low: float, high: float) -> Iterator[float]:
    """Powers of ten, and between them 2 and 5 when there are few."""
    steps = (1,) if high / low > 1000 else (1, 2, 5)
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for step in steps:
            if low <= step * 10.0**power <= high:
                yield step * 10.0**power


def _step(highest: float) -> float:
    """A round step of an axis: four to ten of them reach the highest value."""
    power = 10.0 ** math.floor(math.log10(highest))
    return next(power * part for part in (0.1, 0.2, 0.25, 0.5, 1) if highest / (power * part) <= 8)


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _short(size: float) -> str:
    """10 k, 5 M."""
    return f"{size / 1e6:g} M" if size >= 1e6 else f"{size / 1e3:g} k"
