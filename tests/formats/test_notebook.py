"""Notebooks: what Jupyter's own schema takes, with the code of the program in their cells."""

import ast
from dataclasses import replace

import nbformat
import pytest

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.formats import Style, keras_code, native, notebook, templates

SOUND = [name for name in templates.names() if name != "doubling-mismatch"]


def analysed(template: str, **changes: str) -> Analysis:
    document = native.load(templates.path(template)).document
    return analyse(replace(document, **changes))


def read(text: str) -> nbformat.NotebookNode:
    """The notebook, checked against the schema of the version that it says it is."""
    made = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    nbformat.validate(made)
    return made


def code(made: nbformat.NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in made.cells if cell.cell_type == "code")


def statements(source: str) -> set[str]:
    """The statements of a program, without those that only begin it."""
    tree = ast.parse(source)
    return {ast.dump(s) for s in tree.body if not isinstance(s, ast.Expr | ast.If)}


@pytest.mark.parametrize("style", ["blocks", "flat"])
@pytest.mark.parametrize("name", SOUND)
def test_jupyter_takes_it_and_it_is_the_program(name: str, style: Style) -> None:
    analysis = analysed(name)
    made = read(notebook.write(analysis, style))
    assert len({cell.id for cell in made.cells}) == len(made.cells)
    assert statements(keras_code.write(analysis, style)) <= statements(code(made))


@pytest.mark.parametrize("text", ["", "two\nlines", "# *not* `markup`", "“ü” \u2028 \U0001f600 \\"])
def test_any_name_and_description_make_a_notebook(text: str) -> None:
    made = read(notebook.write(analysed("residual-block", name=text, description=text)))
    assert made.cells[0].cell_type == "markdown"
    assert text.split("\n", maxsplit=1)[0].strip() in made.cells[0].source
