"""The library of blocks: a file for each, those that ship with the program and the user's own.

A file is an ordinary network that bears the block's name: it holds the block, the blocks that
this one calls, and a sample of its use.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from resnet_studio import assets
from resnet_studio.core.block_edits import calls_of, rename_block
from resnet_studio.core.document import Block, Document, Edge, Graph, Node
from resnet_studio.core.edits import free_id
from resnet_studio.core.fragments import used_blocks
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.shapes import Shape
from resnet_studio.formats import native
from resnet_studio.formats.files import FormatError, why

_ORDER = (
    "residual_block",
    "conv_block",
    "vgg_block",
    "identity_block",
    "projection_block",
    "bottleneck_block",
    "resnet_v1_block",
    "resnet_v1_5_block",
    "resnet_v2_block",
)

_LONGEST_STEM = 60
"""Characters of a file's name: disks take 255 bytes, and some letters need four."""
_DEVICES = frozenset({"con", "prn", "aux", "nul"})
"""No files on Windows, whatever their suffix."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A block of the library with all that it calls; ``shipped`` ones cannot be removed."""

    name: str
    blocks: Mapping[str, Block]
    path: Path
    shipped: bool = False

    @property
    def description(self) -> str:
        return self.blocks[self.name].description


def shipped() -> list[Entry]:
    """The blocks that come with the program, those of the source document first."""
    found = {e.name: e for e in entries(assets.path("blocks"), shipped=True)}
    ordered = [found.pop(name) for name in _ORDER if name in found]
    return ordered + [found[name] for name in sorted(found)]


def entries(
    folder: Path, shipped: bool = False, unread: list[FormatError] | None = None
) -> Iterator[Entry]:
    """The blocks of a folder by name; why a file is none is added to ``unread``."""
    for path in sorted(folder.glob(f"*{native.SUFFIX}")):
        try:
            yield read(path, shipped)
        except FormatError as error:
            if unread is not None:
                unread.append(error)


def beside(shipped: Sequence[Entry], own: Iterable[Entry]) -> list[Entry]:
    """The user's blocks, then those that ship, each under a name of its own.

    A name that ships means the same in every network, and two files may bear one name: another
    block of a name is given a free one, and one that is equal to it is left out.
    """
    ours, found = {entry.name: entry for entry in shipped}, list(own)
    taken = {*ours, *LAYERS, *(entry.name for entry in found)}
    named: dict[str, Entry] = {}
    for entry in found:
        clash = ours.get(entry.name) or named.get(entry.name)
        if clash is None:
            named[entry.name] = entry
        elif clash.blocks != entry.blocks:
            name = free_id({*taken, *entry.blocks}, entry.name)
            named[name] = _renamed(entry, name)
            taken.add(name)
    return [*named.values(), *shipped]


def _renamed(entry: Entry, name: str) -> Entry:
    renamed = rename_block(Document(blocks=entry.blocks), entry.name, name)
    return replace(entry, name=name, blocks=renamed.blocks)


def read(path: Path, shipped: bool = False) -> Entry:
    """The block of a file.

    Raises:
        FormatError: the file cannot be read, or holds no block.
    """
    document = native.load(path).document
    name = _bearer(document, path.stem)
    if name is None:
        raise FormatError("it holds no block", file=str(path))
    return Entry(name, used_blocks(document, [name]), path, shipped)


def _bearer(document: Document, stem: str) -> str | None:
    """The block that the file is about."""
    for name in (document.name, stem):
        if name in document.blocks:
            return name
    uncalled = [name for name in document.blocks if not calls_of(document, name)]
    return next(iter(uncalled or document.blocks), None)


def save(document: Document, name: str, path: Path, given: tuple[Shape | None, ...] = ()) -> Path:
    """Writes a block and what it calls to a file; ``given`` are shapes of its inputs.

    Raises:
        FormatError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        native.save(sample(document, name, given), path)
    except OSError as error:
        raise FormatError(f"“{path}” cannot be written: {why(error)}") from None
    return path


def stem_of(name: str) -> str:
    """A file name for a block, on every system: files bear their block's name inside."""
    stem = re.sub(r"\W", "_", name.casefold())[:_LONGEST_STEM]
    return f"{stem}_" if stem in _DEVICES else stem or "block"


def sample(document: Document, name: str, given: tuple[Shape | None, ...] = ()) -> Document:
    """A network that calls the block once, on inputs of shapes for which it is known to work."""
    block = document.blocks[name]
    known = [shape for shape in given if shape is not None]
    nodes, edges = {}, []
    if known and len(known) == len(block.inputs()):
        call = f"{name}_1"
        for slot, shape in enumerate(known):
            key = f"input_{slot + 1}"
            nodes[key] = Node(key, "Input", {"shape": list(shape[1:])})
            edges.append(Edge(key, call, slot))
        nodes[call] = Node(call, name, dict(block.parameters))
    return Document(
        name,
        "A block of the library, with a sample of its use.",
        Graph(nodes, tuple(edges)),
        used_blocks(document, [name]),
    )
