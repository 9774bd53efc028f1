"""Arguments put in place of parameters: what an expression becomes where its block is called."""

import ast
from collections.abc import Mapping
from typing import Any

from resnet_studio.core.expressions import ExpressionError, evaluate, is_expression, names_in


def substituted(value: Any, arguments: Mapping[str, Any]) -> Any:
    """``value`` with each parameter in its expressions replaced by its argument.

    ``"=2 * n_filters"`` is 128 where ``n_filters`` is 64, and ``"=2 * (width + 8)"`` where it
    is ``"=width + 8"``.  What cannot be read, or names something else, stays as it is.
    """
    if is_expression(value):
        return _expression(value, arguments)
    if isinstance(value, Mapping):
        return {key: substituted(item, arguments) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [substituted(item, arguments) for item in value]
    return value


def _expression(text: str, arguments: Mapping[str, Any]) -> Any:
    tree = _parsed(text)
    if tree is None:
        return text
    if isinstance(tree, ast.Name):
        return substituted(arguments.get(tree.id, text), {}) if tree.id in arguments else text
    filled = ast.unparse(ast.fix_missing_locations(_Filled(arguments).visit(tree)))
    if names_in(f"={filled}"):
        return f"={filled}"
    try:
        return evaluate(f"={filled}", {})
    except ExpressionError:
        return f"={filled}"


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text[1:].strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Filled(ast.NodeTransformer):
    """Puts the trees of the arguments where their names stand."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._arguments = arguments

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self._arguments.get(node.id)
        if isinstance(value, str) and is_expression(value):
            return _parsed(value) or node
        if isinstance(value, int) and not isinstance(value, bool):
            # A negative number is a sign and a number, as the grammar has it.
            return ast.parse(f"({value})", mode="eval").body
        return node
