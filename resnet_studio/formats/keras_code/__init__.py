"""Keras code as an expert would have written it.

``write`` gives the program, ``write_mapped`` also says which lines each node has, ``sections``
gives the parts for a notebook's cells.
"""

from resnet_studio.formats import Style, Writer
from resnet_studio.formats.keras_code.module import (
    ExportError,
    LineMap,
    Section,
    main_lines,
    sections,
    write,
    write_mapped,
)
from resnet_studio.formats.keras_code.training import training_arguments
from resnet_studio.formats.keras_code.values import Value, values, with_value

WRITERS = (Writer(".py", "Keras code", write),)

__all__ = [
    "WRITERS",
    "ExportError",
    "LineMap",
    "Section",
    "Style",
    "Value",
    "main_lines",
    "sections",
    "training_arguments",
    "values",
    "with_value",
    "write",
    "write_mapped",
]
