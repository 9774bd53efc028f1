"""Arithmetic over the parameters of a block: ``"=2 * n_filters"``.

Only ``+ - * // ( )``, integers and parameter names; the text is parsed, never evaluated by
Python.  A bare name passes its value on whatever its type, so that ``"=activation"`` works.
``"==text"`` stands for the text ``"=text"`` itself.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

LITERAL = "=="
"""Begins a text that itself begins with ``=``."""
LONGEST = 200
LARGEST = 10**15


class ExpressionError(ValueError):
    """An expression that is not arithmetic over the parameters; the message says where."""


def is_expression(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=")


def contains_expression(value: object) -> bool:
    if isinstance(value, str):
        return value.startswith("=")
    if value is None or isinstance(value, int | float):
        return False
    if isinstance(value, Mapping):
        return any(contains_expression(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(contains_expression(item) for item in value)
    return False


def evaluate(text: str, parameters: Mapping[str, Any]) -> Any:
    """The value of ``text`` (with its leading ``=``) under ``parameters``."""
    if text.startswith(LITERAL):
        return text[1:]
    tree = _parsed(text)
    if isinstance(tree, ast.Name):
        return _parameter(tree.id, text, parameters)
    return _number(tree, text, parameters)


def resolve(value: Any, parameters: Mapping[str, Any]) -> Any:
    """``value`` with every expression inside it replaced by what it comes to."""
    if isinstance(value, str):
        return evaluate(value, parameters) if value.startswith("=") else value
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        return {key: resolve(item, parameters) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(item, parameters) for item in value]
    return value


def escaped(value: Any) -> Any:
    """``value`` written so that ``resolve`` gives it back: all of its texts are meant as texts."""
    if isinstance(value, str):
        return f"={value}" if value.startswith("=") else value
    if isinstance(value, Mapping):
        return {key: escaped(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(escaped(item) for item in value)
    return value


def names_in(text: str) -> set[str]:
    """The parameters that an expression mentions; empty where it is malformed."""
    try:
        return {node.id for node in ast.walk(_parsed(text)) if isinstance(node, ast.Name)}
    except ExpressionError:
        return set()


@lru_cache(maxsize=4096)
def _parsed(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression is longer than {LONGEST} characters")
    try:
        return ast.parse(text[1:].strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"“{text}” is not an arithmetic expression") from None


def _parameter(name: str, text: str, parameters: Mapping[str, Any]) -> Any:
    if name not in parameters:
        known = ", ".join(parameters) or "none"
        raise ExpressionError(
            f"“{text}” uses “{name}”, which is not a parameter here (there are: {known})"
        )
    return parameters[name]


_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


def _number(tree: ast.expr, text: str, parameters: Mapping[str, Any]) -> int:
    match tree:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            result = value
        case ast.Name(id=name):
            result = _parameter(name, text, parameters)
            if not isinstance(result, int) or isinstance(result, bool):
                raise ExpressionError(f"“{text}” counts with “{name}”, which is not an integer")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            result = -_number(operand, text, parameters)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            result = _number(operand, text, parameters)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            a, b = _number(left, text, parameters), _number(right, text, parameters)
            if isinstance(sign, ast.FloorDiv) and b == 0:
                raise ExpressionError(f"“{text}” divides by zero")
            result = _OPERATORS[type(sign)](a, b)
        case _:
            raise ExpressionError(
                f"“{text}” may hold only + - * // ( ), integers and parameter names"
            )
    if abs(result) > LARGEST:
        raise ExpressionError(f"“{text}” comes to more than {LARGEST:,}")
    return result
