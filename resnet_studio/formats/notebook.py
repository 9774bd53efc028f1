"""The Keras code as a Jupyter notebook: a cell for each function, then the model."""

import json
from typing import Any

from resnet_studio.core.analysis import Analysis
from resnet_studio.formats import Style, Writer
from resnet_studio.formats.keras_code import Section, main_lines, sections

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def write(analysis: Analysis, style: Style = "blocks") -> str:
    """A notebook (nbformat 4.5) that builds, compiles and summarises the network.

    Raises ExportError for a network with errors.
    """
    heading, *functions, _ = sections(analysis, style)
    document = analysis.document
    title = f"# {' '.join(document.name.split()) or 'Network'}"
    texts = [_cell("markdown", f"{title}\n\n{document.description}".strip())]
    texts += [_cell("code", _code(section)) for section in (heading, *functions)]
    texts += [_cell("code", line) for line in main_lines(analysis)]
    cells = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(texts, start=1)]
    notebook = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1) + "\n"


def _code(section: Section) -> str:
    return "\n".join(section.lines)


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell = {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}


WRITERS = (Writer(".ipynb", "Jupyter notebook", write),)
