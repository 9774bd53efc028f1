"""Fold: repeated sub-graphs become blocks with parameters, equal blocks in a row repeats.

``candidates`` offers what is worth folding, ``fold_all`` folds it all, one after the other.
Folding changes no shape, no count and no meaning: unrolled, the network is the one that it was.
"""

from resnet_studio.core.fold.counting import repeated_blocks
from resnet_studio.core.fold.folding import Candidate, candidates, fold_all
from resnet_studio.core.fold.origins import original_name, original_names

__all__ = [
    "Candidate",
    "candidates",
    "fold_all",
    "original_name",
    "original_names",
    "repeated_blocks",
]
