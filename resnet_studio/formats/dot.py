"""``.dot``: the network in graphviz' language, a cluster for each panel of the figure.

For those who lay out and style for themselves; ``.svg`` is the finished picture.
"""

from collections.abc import Iterator

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Document
from resnet_studio.core.faces import face_of
from resnet_studio.core.families import family
from resnet_studio.core.layout import bypasses
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.core.shapes import show
from resnet_studio.formats import Style, Writer
from resnet_studio.formats.figure import parts, unrolled
from resnet_studio.formats.picture import colour


def write(analysis: Analysis, style: Style = "blocks") -> str:
    """A ``digraph`` that flows from the top down, shapes on its edges."""
    if style == "flat":
        analysis = analyse(unrolled(analysis))
    lines = [
        f"digraph {_quoted(analysis.document.name)} {{",
        "  rankdir=TB;",
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Inter"];',
        f'  edge [color="{colour("wire")}", fontname="Inter", fontsize=10];',
    ]
    for number, (title, inside) in enumerate(parts(analysis)):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f"    label={_quoted(title)};")
        lines += (f"    {line}" for line in _graph(analysis.document, inside, number))
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


def _graph(document: Document, inside: GraphAnalysis, number: int) -> Iterator[str]:
    nodes = inside.graph.nodes.values()
    for node, inferable in zip(nodes, inside.inferables, strict=True):
        face = face_of(node, document, inferable)
        label = "\n".join(filter(None, (f"{face.title} {face.repeat}".rstrip(), face.line)))
        tone = colour(family(node.type, document.blocks))
        yield f'{_id(number, node.id)} [label={_quoted(label)}, color="{tone}"];'
    identities = bypasses(inside.structure)
    for edge in inside.graph.edges:
        outputs = inside.outcome(edge.source).outputs or ()
        shape = show(outputs[edge.output]) if edge.output < len(outputs) else "?"
        link = f', color="{colour("wire-identity")}"' if edge in identities else ""
        ends = f"{_id(number, edge.source)} -> {_id(number, edge.target)}"
        yield f"{ends} [label={_quoted(shape)}{link}];"


def _id(panel: int, key: str) -> str:
    return _quoted(f"{panel}/{key}")


def _quoted(text: str) -> str:
    """A quoted string: in it only quotes and backslashes mean more than themselves."""
    plain = text.replace("\0", "�").replace("\\", "\\\\").replace('"', '\\"')
    return '"' + plain.replace("\r", " ").replace("\n", "\\n") + '"'


WRITERS = (Writer(".dot", "Graphviz source", write),)
