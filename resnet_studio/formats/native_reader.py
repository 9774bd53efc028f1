"""The native file read strictly and forgivingly.

What cannot be a network at all raises FormatError.  Anything else opens: what is not understood
is reported, with its node and line, and kept in ``extra`` under the very key it had in the file,
from where the writer puts it back.  So ``extra["nodes"]`` of a graph holds the entries that are
no nodes, as ``(index, value)``, and likewise ``edges`` and the document's ``blocks``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import resnet_studio.layers  # noqa: F401 - fills the registry of second names
from resnet_studio.core import frames
from resnet_studio.core.document import NETWORK, Block, Document, Edge, Graph, Node
from resnet_studio.core.expressions import is_expression
from resnet_studio.core.layer import ALIASES, LAYERS
from resnet_studio.core.opaque import DECLARED
from resnet_studio.formats import locate, strict_json
from resnet_studio.formats.files import FormatError
from resnet_studio.formats.strict_json import shown

FORMAT = "resnet-studio/1"
NAMELESS = "network"
"""The name of a document whose file gives none."""
MOST_SLOTS = 10_000
"""Inputs that one node may have."""

_DOCUMENT_KEYS = ("format", "name", "description", "blocks", "network", "training", "source")
_BLOCK_KEYS = ("parameters", "description", "nodes", "edges", frames.KEY)
_NODE_RECORDS = ("origin",)
"""What a node carries along and nothing is derived from: see ``core/fold/origins.py``."""
_NODE_KEYS = ("id", "type", "config", "repeat", "shared_with", "bypassed", "position")
_FARTHEST = 1e9
PORT = re.compile(r"(.*):([0-9]{1,6})", re.DOTALL)
"""A further output of a source, ``id:k``."""

Raw = Mapping[str, Any]


class Finding(NamedTuple):
    """Something that was not understood, and where: ``where`` leads to it in the JSON.

    ``node`` is an id in ``scope``, or empty where it is the graph or the document.
    """

    code: str
    severity: str
    message: str
    scope: str
    node: str
    where: locate.Path


class Reading(NamedTuple):
    """A document, what of its text was not understood, and where each of its nodes stands."""

    document: Document
    findings: list[Finding]
    places: Mapping[tuple[str, str], locate.Path]


def read(text: str) -> Reading:
    """The document of a native file's text; raises FormatError."""
    data = strict_json.parse(text)
    if not isinstance(data, dict):
        raise FormatError("the file must hold one JSON object, “{…}”", 1)
    try:
        _check_format(data)
        return _Reader().document(data)
    except _UnusableError as error:
        line = locate.Lines(text).of(error.where)
        raise FormatError(error.message, line) from None


class _UnusableError(Exception):
    def __init__(self, message: str, *where: str | int) -> None:
        super().__init__(message)
        self.message, self.where = message, where


def _check_format(data: Raw) -> None:
    declared = data.get("format")
    if declared == FORMAT:
        return
    if "format" not in data:
        raise _UnusableError(f'this is no network of ResNet Studio: it lacks "format": "{FORMAT}"')
    family, _, version = declared.partition("/") if isinstance(declared, str) else ("", "", "")
    if family == "resnet-studio" and version.isdigit() and version != "0":
        message = f"the file is of format “{declared}”, newer than this program; update it"
    else:
        message = f'“format” must be "{FORMAT}", not {_quoted(declared)}'
    raise _UnusableError(message, "format")


def _quoted(value: Any) -> str:
    return f"“{shown(value)}”" if isinstance(value, str) else shown(value)


class _Reader:
    """Gathers findings while it builds; ``scope`` and ``node`` say whose they are."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.places: dict[tuple[str, str], locate.Path] = {}
        self.scope = NETWORK
        self.node = ""
        self.block_names: frozenset[str] = frozenset()

    def report(self, code: str, message: str, *where: str | int, severity: str = "error") -> None:
        self.findings.append(Finding(code, severity, message, self.scope, self.node, where))

    def document(self, data: Raw) -> Reading:
        extra = self.unknown(data, _DOCUMENT_KEYS, ())
        name = self.text(data, "name", extra, (), NAMELESS)
        description = self.text(data, "description", extra, ())
        training = self.mapping(data, "training", extra, (), severity="warning")
        source = self.mapping(data, "source", extra, (), severity="warning")
        self.block_names = _names_of_blocks(data)
        network = self.network(data)
        blocks = self.blocks(data, extra)
        document = Document(name, description, network, blocks, training, extra, source)
        return Reading(document, self.findings, self.places)

    def network(self, data: Raw) -> Graph:
        raw = data.get("network")
        if not isinstance(raw, dict):
            message = "“network” must be an object with “nodes” and “edges”"
            raise _UnusableError(message, *(("network",) if "network" in data else ()))
        for key in ("nodes", "edges"):
            if not isinstance(raw.get(key), list):
                raise _UnusableError(f"“network” needs a list of “{key}”", "network", key)
        extra = self.unknown(raw, ("nodes", "edges", frames.KEY), ("network",))
        return self.graph(raw, extra, ("network",))

    def blocks(self, data: Raw, extra: dict[str, Any]) -> dict[str, Block]:
        blocks: dict[str, Block] = {}
        strange: list[tuple[int, tuple[str, Any]]] = []
        for index, (name, raw) in enumerate(self.mapping(data, "blocks", extra, ()).items()):
            fault = _block_fault(name, raw)
            if fault is None:
                blocks[name] = self.block(name, raw)
            else:
                strange.append((index, (name, raw)))
                self.report("malformed-value", f"{fault}; the block is left out", "blocks", name)
        if strange:
            extra["blocks"] = tuple(strange)
        return blocks

    def block(self, name: str, raw: Raw) -> Block:
        self.scope = name
        where: locate.Path = ("blocks", name)
        extra = self.unknown(raw, _BLOCK_KEYS, where)
        parameters = self.mapping(raw, "parameters", extra, where)
        description = self.text(raw, "description", extra, where)
        block = Block(self.graph(raw, {}, where), parameters, description, extra)
        self.scope = NETWORK
        return block

    # Graphs

    def graph(self, raw: Raw, extra: dict[str, Any], where: locate.Path) -> Graph:
        nodes: dict[str, Node] = {}
        strange = []
        for index, entry in enumerate(raw["nodes"]):
            node = self.read_node(entry, nodes, (*where, "nodes", index))
            if node is None:
                strange.append((index, entry))
            else:
                nodes[node.id] = node
        if strange:
            extra["nodes"] = tuple(strange)
        if frames.KEY in raw:
            extra[frames.KEY] = self.frames(raw[frames.KEY], (*where, frames.KEY))
        return Graph(nodes, self.edges(raw["edges"], nodes, extra, (*where, "edges")), extra)

    def frames(self, raw: Any, where: locate.Path) -> Any:
        """The frames as they stand in the file, those that are none reported."""
        fault = "a frame has a “text” and an “area” of four numbers; this one is not shown"
        if not isinstance(raw, list):
            self.report("malformed-value", "“frames” must be a list", *where, severity="warning")
            return raw
        for index, entry in enumerate(raw):
            if frames.read_frame(entry) is None:
                self.report("malformed-value", fault, *where, index, severity="warning")
        return tuple(raw)

    def read_node(self, raw: Any, taken: Mapping[str, Node], where: locate.Path) -> Node | None:
        fault = _node_fault(raw)
        if fault is not None:
            self.node = _id_of(raw)
            self.report("malformed-node", f"{fault}; it is left out", *where)
            self.node = ""
            return None
        self.node = raw["id"]
        if self.node in taken:
            message = "another node has this id already; give it one of its own"
            self.report("duplicate-id", f"{message} (the second is left out)", *where)
            return None
        self.places[self.scope, self.node] = where
        kind = self.type_name(raw["type"])
        strange = kind not in LAYERS and kind not in self.block_names
        kept = (*_NODE_RECORDS, *DECLARED) if strange else _NODE_RECORDS
        extra = self.unknown(raw, _NODE_KEYS, where, kept)
        node = Node(
            self.node,
            kind,
            self.mapping(raw, "config", extra, where),
            self.repeat(raw, extra, where),
            self.position(raw, extra, where),
            self.shared_with(raw, extra, where),
            extra,
            self.bypassed(raw, extra, where),
        )
        self.node = ""
        return node

    def type_name(self, written: str) -> str:
        """The first name of the layer that has several, unless the file has such a block."""
        return written if written in self.block_names else ALIASES.get(written, written)

    def repeat(self, raw: Raw, extra: dict[str, Any], where: locate.Path) -> int | str:
        value = raw.get("repeat", 1)
        if is_expression(value) or (isinstance(value, int) and not isinstance(value, bool)):
            return value  # type: ignore[no-any-return]
        extra["repeat"] = value
        message = f"“repeat” must be a whole number or an expression, not {_quoted(value)}"
        self.report("invalid-repeat", message, *where, "repeat")
        return 1

    def position(
        self, raw: Raw, extra: dict[str, Any], where: locate.Path
    ) -> tuple[float, float] | None:
        match raw.get("position"):
            case None:
                return None
            case [int() | float() as x, int() | float() as y] if _on_canvas(x) and _on_canvas(y):
                return (x, y)
            case value:
                extra["position"] = value
                message = (
                    f"“position” must be two numbers up to {_FARTHEST:,.0f}, not {_quoted(value)}"
                )
                self.report("malformed-value", message, *where, "position", severity="warning")
                return None

    def shared_with(self, raw: Raw, extra: dict[str, Any], where: locate.Path) -> str | None:
        value = raw.get("shared_with")
        if value is None or isinstance(value, str):
            return value
        extra["shared_with"] = value
        message = f"“shared_with” must be the id of a node, not {_quoted(value)}"
        self.report("broken-share", message, *where, "shared_with")
        return None

    def bypassed(self, raw: Raw, extra: dict[str, Any], where: locate.Path) -> bool:
        value = raw.get("bypassed", False)
        if isinstance(value, bool):
            return value
        extra["bypassed"] = value
        message = f"“bypassed” must be true or false, not {_quoted(value)}"
        self.report("malformed-value", message, *where, "bypassed")
        return False

    def edges(
        self,
        entries: Iterable[Any],
        nodes: Mapping[str, Node],
        extra: dict[str, Any],
        where: locate.Path,
    ) -> tuple[Edge, ...]:
        edges, strange = [], []
        for index, entry in enumerate(entries):
            edge = _edge(entry, nodes)
            if edge is not None:
                edges.append(edge)
                continue
            strange.append((index, entry))
            self.node = _end_of(entry, nodes)
            message = (
                f"a wire is [“source id”, “target id”, input slot], not {_quoted(entry)}; "
                "it is left out"
            )
            self.report("broken-edge", message, *where, index)
            self.node = ""
        if strange:
            extra["edges"] = tuple(strange)
        return tuple(edges)

    # Values

    def unknown(
        self, raw: Raw, known: tuple[str, ...], where: locate.Path, kept: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The keys that this version does not know, reported, and those that are only ``kept``."""
        extra = {key: value for key, value in raw.items() if key not in known}
        for key in extra:
            if key in kept:
                continue
            message = f"“{shown(key)}” is not a key that this version knows; it is kept as it is"
            self.report("unknown-key", message, *where, key, severity="warning")
        return extra

    def text(
        self,
        raw: Raw,
        key: str,
        extra: dict[str, Any],
        where: locate.Path,
        default: str = "",
    ) -> str:
        value = raw.get(key, default)
        if isinstance(value, str):
            return value
        extra[key] = value
        message = f"“{key}” must be a text, not {_quoted(value)}"
        self.report("malformed-value", message, *where, key, severity="warning")
        return default

    def mapping(
        self,
        raw: Raw,
        key: str,
        extra: dict[str, Any],
        where: locate.Path,
        severity: str = "error",
    ) -> dict[str, Any]:
        value = raw.get(key, {})
        if isinstance(value, dict):
            return value
        extra[key] = value
        message = f"“{key}” must be an object, “{{…}}”, not {_quoted(value)}"
        self.report("malformed-value", message, *where, key, severity=severity)
        return {}


def _names_of_blocks(data: Raw) -> frozenset[str]:
    """The names that the file gives to blocks, to those too that cannot be read."""
    blocks = data.get("blocks")
    return frozenset(blocks) if isinstance(blocks, dict) else frozenset()


def _block_fault(name: str, raw: Any) -> str | None:
    if not name:
        return "a block needs a name"
    if not isinstance(raw, dict):
        return f"a block must be an object with “nodes” and “edges”, not {_quoted(raw)}"
    for key in ("nodes", "edges"):
        if not isinstance(raw.get(key), list):
            return f"the block “{shown(name)}” needs a list of “{key}”"
    return None


def _node_fault(raw: Any) -> str | None:
    if not isinstance(raw, dict):
        return f"a node must be an object with “id” and “type”, not {_quoted(raw)}"
    for key in ("id", "type"):
        if key not in raw:
            return f"the node lacks “{key}”"
        if not isinstance(raw[key], str) or not raw[key]:
            return f"“{key}” of a node must be a text that is not empty, not {_quoted(raw[key])}"
    return None


def _id_of(raw: Any) -> str:
    """The id that a malformed node is best reported under."""
    return shown(raw["id"]) if isinstance(raw, dict) and "id" in raw else ""


def _end_of(entry: Any, nodes: Mapping[str, Node]) -> str:
    """The node that a malformed wire is best reported at: its target, else its source."""
    ends = [end for end in entry[:2] if isinstance(end, str)] if isinstance(entry, list) else []
    return next((end for end in reversed(ends) if end in nodes), "")


def _edge(raw: Any, nodes: Mapping[str, Node]) -> Edge | None:
    match raw:
        case [str(source), str(target), int(slot)] if not isinstance(slot, bool):
            if not 0 <= slot < MOST_SLOTS:
                return None
            if source not in nodes and (port := PORT.fullmatch(source)):
                return Edge(port[1], target, slot, int(port[2]))
            return Edge(source, target, slot)
    return None


def _on_canvas(value: float) -> bool:
    return not isinstance(value, bool) and abs(value) <= _FARTHEST
