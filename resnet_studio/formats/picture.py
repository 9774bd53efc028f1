"""``.svg``: the figure of a network in the app's own look, text as text, links as arcs."""

import json
import re
from collections.abc import Iterator
from functools import cache
from html import escape

from resnet_studio import assets
from resnet_studio.core.analysis import Analysis
from resnet_studio.core.routing import Route, curve
from resnet_studio.formats import Style, Writer
from resnet_studio.formats.figure import GAP, Card, Panel, Wire, draw

MARGIN = 40.0
_FONTS = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
_CORNER = 10.0
_TURN = 9.0
_TITLE_WIDTH, _LINE_WIDTH = 7.2, 5.5
"""Pixels that a character takes in a card's title and in its second line, on the safe side."""
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(analysis: Analysis, style: Style = "blocks") -> str:
    """The picture as SVG 1.1."""
    return render(analysis, style, _FONTS)


def render(analysis: Analysis, style: Style, fonts: str) -> str:
    """The picture with its text in ``fonts``; Qt takes one family where browsers take a list."""
    figure = draw(analysis, style)
    width, height = figure.width + 2 * MARGIN, figure.height + 2 * MARGIN
    body: list[str] = []
    left = MARGIN
    for panel in figure.panels:
        body.append(f'<g transform="translate({_n(left)} {_n(MARGIN)})">')
        body += _panel(panel)
        body.append("</g>")
        left += panel.width + GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}" height="{_n(height)}" '
        f'viewBox="0 0 {_n(width)} {_n(height)}" font-family="{fonts}">'
    )
    title = f"<title>{_text(analysis.document.name)}</title>"
    ground = f'<rect width="100%" height="100%" fill="{colour("canvas")}"/>'
    return "\n".join([head, title, ground, *body, "</svg>"]) + "\n"


@cache
def _theme() -> dict[str, str]:
    text = assets.path("themes", "light.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def colour(token: str) -> str:
    """A colour of the light theme, as ``#RRGGBB``."""
    return _theme()[token]


def _panel(panel: Panel) -> Iterator[str]:
    yield _label(panel.title, 0, 16, 15, "text", weight=600)
    for wire in panel.wires:
        yield from _wire(wire)
    for card in panel.cards:
        yield from _card(card)
    for wire in panel.wires:
        yield from _shape(wire)


def _wire(wire: Wire) -> Iterator[str]:
    token, width = ("wire-identity", 2.25) if wire.identity else ("wire", 1.75)
    stroke = f'fill="none" stroke="{colour(token)}" stroke-width="{width}"'
    yield f'<path d="{_way(wire.route)}" {stroke} stroke-linejoin="round"/>'
    x, y = wire.route.points[-1]
    yield f'<path d="M{_n(x - 4)} {_n(y - 7)}h8l-4 7z" fill="{colour(token)}"/>'


def _way(way: Route) -> str:
    """A straight line, a curve, or round corners into the lane and back."""
    first, *rest = way.points
    if len(rest) == 1:
        if first[0] == rest[0][0]:
            return f"M{_p(first)}L{_p(rest[0])}"
        a, b = curve(first, rest[0])
        return f"M{_p(first)}C{_p(a)} {_p(b)} {_p(rest[0])}"
    path = [f"M{_p(first)}"]
    for before, corner, after in zip(way.points, rest, rest[1:], strict=False):
        path.append(f"L{_p(_towards(corner, before))}Q{_p(corner)} {_p(_towards(corner, after))}")
    return "".join(path) + f"L{_p(rest[-1])}"


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Where the rounding of a corner begins on the way from or to ``other``."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = abs(dx) + abs(dy)
    part = min(_TURN, length / 2) / length if length else 0
    return corner[0] + dx * part, corner[1] + dy * part


def _shape(wire: Wire) -> Iterator[str]:
    """The shape on a wire, on a ground of its own so that it reads over whatever it crosses."""
    x, y = wire.route.label
    width = len(wire.shape) * 6.2 + 12
    token = "wire-identity" if wire.identity else "text-muted"
    yield (
        f'<rect x="{_n(x - width / 2)}" y="{_n(y - 9)}" width="{_n(width)}" height="18" rx="9" '
        f'fill="{colour("canvas")}"/>'
    )
    yield _label(wire.shape, x, y + 4, 11, token, anchor="middle")


def _card(card: Card) -> Iterator[str]:
    rect, face = card.rect, card.face
    width, height = rect.right - rect.left, rect.bottom - rect.top
    faint = ' opacity="0.5"' if face.bypassed else ""
    yield f'<g transform="translate({_n(rect.left)} {_n(rect.top)})"{faint}>'
    yield f"<title>{_text(f'{face.title}: {face.line} {face.repeat}'.strip())}</title>"
    if face.repeat and not face.bypassed:
        yield from (_box(width, height, step, "raised") for step in (8.0, 4.0))
    yield _box(width, height, 0, "surface")
    yield (
        f'<rect x="6" y="10" width="4" height="{_n(height - 20)}" rx="2" '
        f'fill="{colour(card.family)}"/>'
    )
    room = width - 32
    title = _cut(face.title, room - 7 * len(face.repeat), _TITLE_WIDTH)
    if height < 48:
        yield _label(title, 20, height / 2 + 4.5, 13, "text", weight=600)
    else:
        yield _label(title, 20, height / 2 - 4, 13, "text", weight=600)
        line = _cut(face.line, room, _LINE_WIDTH)
        yield _label(line, 20, height / 2 + 14, 11, "text-muted")
    if face.repeat:
        yield _label(face.repeat, width - 12, height / 2 - 4, 12, "block", 600, "end")
    yield "</g>"


def _box(width: float, height: float, step: float, fill: str) -> str:
    return (
        f'<rect x="{_n(step)}" y="{_n(step)}" width="{_n(width)}" height="{_n(height)}" '
        f'rx="{_n(min(_CORNER, height / 2))}" fill="{colour(fill)}" stroke="{colour("border")}"/>'
    )


def _label(
    text: str, x: float, y: float, size: int, token: str, weight: int = 400, anchor: str = "start"
) -> str:
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{colour(token)}">{_text(text)}</text>'
    )


def _cut(text: str, room: float, each: float) -> str:
    """``text`` with its middle left out where it would not fit."""
    most = max(int(room / each), 3)
    if len(text) <= most:
        return text
    tail = most // 2
    return f"{text[: most - tail - 1]}…{text[-tail:]}"


def _text(text: str) -> str:
    return escape(_NOT_IN_XML.sub("�", text), quote=False)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _p(point: tuple[float, float]) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


WRITERS = (Writer(".svg", "Picture, scalable", write),)
