"""Draws the growth of the local node: three panels over the number of vectors, as SVG, without a plotting library."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_WIDTH, _HEIGHT, _MARGIN, _GAP = 300, 220, 56, 30
_COLOURS = {"all": "#1f5fbf", "price": "#c2571a", "brand": "#2c8a4b"}
_STYLE = "font-family:sans-serif;font-size:11px"
Row = Mapping[str, Any]


def draw(rows: Sequence[Row], path: Path) -> None:
    """Write latency (logarithmic), resident memory and recall by size; rows as `growth.Grown` gives them."""
    sizes = [float(row["vectors"]) for row in rows]
    latency = {name: [row["p50"][name] for row in rows] for name in _COLOURS}
    recall = {name: [row["recall"][name] for row in rows] for name in _COLOURS}
    memory = {"all": [row["resident"] / 1e9 for row in rows]}
    panels = [
        _panel(0, "median, ms", sizes, latency, _log(latency)),
        _panel(1, "resident memory, GB", sizes, memory, _linear(0.0, max(memory["all"]) * 1.1)),
        _panel(2, "recall@10", sizes, recall, _linear(0.95, 1.0)),
    ]
    width = 3 * (_WIDTH + _MARGIN) + _GAP
    legend = "".join(
        f'<text x="{_MARGIN + i * 70}" y="14" fill="{colour}" style="{_STYLE}">{name}</text>'
        for i, (name, colour) in enumerate(_COLOURS.items())
    )
    body = f'<rect width="100%" height="100%" fill="white"/>{legend}{"".join(panels)}'
    height = _HEIGHT + 2 * _GAP + 20
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{body}</svg>\n',
        encoding="utf-8",
    )


Scale = tuple[float, float, Callable[[float], float]]


def _log(lines: Mapping[str, Sequence[float]]) -> Scale:
    values = [v for line in lines.values() for v in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return 10.0**low, 10.0**high, lambda v: (math.log10(v) - low) / max(1, high - low)


def _linear(low: float, high: float) -> Scale:
    return low, high, lambda v: (v - low) / (high - low)


def _panel(
    number: int, title: str, sizes: Sequence[float], lines: Mapping[str, Sequence[float]], scale: Scale
) -> str:
    left, top = _MARGIN + number * (_WIDTH + _MARGIN), _GAP + 10
    low, high, share = scale
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: float) -> float:
        return left + (math.log10(size) - first) / max(1e-9, last - first) * (_WIDTH - 20) + 10

    def y(value: float) -> float:
        return top + (1 - min(1.0, max(0.0, share(value)))) * _HEIGHT

    parts = [f'<rect x="{left}" y="{top}" width="{_WIDTH}" height="{_HEIGHT}" fill="none" stroke="#999"/>']
    parts.append(_text(left, top - 4, title))
    parts += [_text(left - 6, y(v) + 4, f"{v:g}", "end") for v in (low, high)]
    parts += [_text(x(size), top + _HEIGHT + 14, f"{size:,.0f}", "middle") for size in sizes]
    for name, values in lines.items():
        points = " ".join(f"{x(s):.1f},{y(v):.1f}" for s, v in zip(sizes, values, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{_COLOURS[name]}" stroke-width="2"/>')
        parts += [_mark(x(s), y(v), v, _COLOURS[name]) for s, v in zip(sizes, values, strict=True)]
    return "".join(parts)


def _mark(x: float, y: float, value: float, colour: str) -> str:
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
    return dot + f"<title>{value:g}</title>"


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{_STYLE}">{text}</text>'
