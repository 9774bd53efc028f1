"""``fold``: repeated parts of a network as blocks."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_studio.cli.shared import checked, writing

if TYPE_CHECKING:
    from resnet_studio.core.document import Document


def fold(arguments: argparse.Namespace) -> int:
    """Folds the network of a file, or lists what could be folded in it."""
    from resnet_studio.core.fold import fold_all
    from resnet_studio.formats import native

    document = checked(arguments.file).analysis.document
    if arguments.list:
        return _list(arguments.file, document)
    folded = fold_all(document)
    target = arguments.output or arguments.file
    writing(target, lambda: native.save(folded, Path(target)))
    print(f"{target}: {_told(document, folded)}")
    return 0


def _list(file: str, document: "Document") -> int:
    """What could be folded first, a line each, that which saves most at the top."""
    from resnet_studio.core.fold import candidates

    found = candidates(document, None)
    for candidate in found:
        print(f"{candidate.title}, {_lines(candidate.gain)} shorter")
    if not found:
        print(f"{file}: {_NOTHING}")
    return 0


_NOTHING = "there is nothing to fold"


def _lines(gain: int) -> str:
    return f"{gain} line{'s' * (gain != 1)}"


def _told(before: "Document", after: "Document") -> str:
    if before == after:
        return _NOTHING
    made = [name for name in after.blocks if name not in before.blocks]
    blocks = f"in the blocks {', '.join(made)}" if made else "by repeats alone"
    return f"{len(before.network.nodes)} nodes are {len(after.network.nodes)} now, {blocks}"
