"""Which value of the document each number, word or tuple in the code stands for.

The code is parsed, never run: the statements of each node are known from the line map, and in
them the arguments of its constructor, of its call, or of its loop.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from resnet_studio.core import edits
from resnet_studio.core.analysis import Analysis
from resnet_studio.core.arguments import ArgumentError, Choice, Kind
from resnet_studio.core.document import NETWORK, Document, Node
from resnet_studio.core.expressions import ExpressionError, contains_expression, resolve
from resnet_studio.core.layer import ALIASES, LAYERS
from resnet_studio.formats.keras_code.blocks import Functions
from resnet_studio.formats.keras_code.constructors import positional
from resnet_studio.formats.keras_code.module import LineMap

REPEAT = ""
"""The name of the value that says how often a loop goes round."""

_MODULES = {"keras", "layers"}


@dataclass(frozen=True, slots=True)
class Value:
    """One editable value: where it stands (line from 1, columns from 0) and what it is of."""

    line: int
    start: int
    end: int
    scope: str
    node: str
    name: str
    """An argument of a layer, a parameter of a block, or ``REPEAT``."""


def values(code: str, lines: LineMap, analysis: Analysis) -> list[Value]:
    """The values in the code that stand for one of a node, in the order of the text."""
    found = _Finder(code, lines, analysis.document, Functions(analysis))
    return sorted(found, key=lambda value: (value.line, value.start))


def with_value(
    analysis: Analysis, value: Value, text: str, document: Document | None = None
) -> Document:
    """The document in which a value is what ``text`` says; raises EditError.

    Inside a block the text may be arithmetic over the names of its function's parameters.
    ``analysis`` is that of the code; ``document`` what is edited, where it has nodes that the
    code leaves out.
    """
    document = document or analysis.document
    node = document.graph(value.scope).nodes[value.node]
    cls = LAYERS.get(ALIASES.get(node.type, node.type))
    kind = None
    if cls is not None and node.type not in document.blocks and value.name != REPEAT:
        kind = cls.arguments[value.name].kind
    try:
        new = _read(text, _parameters(analysis, value.scope))
    except _UnknownNameError as error:
        raise edits.EditError(_told(error, value, kind)) from None
    defaults = {} if value.scope == NETWORK else document.blocks[value.scope].parameters
    try:
        resolved = resolve(new, defaults)
        if value.name == REPEAT:
            return edits.set_repeat(document, value.scope, value.node, _times(new, resolved))
        if kind is not None:
            kind.parse(resolved)
    except (ArgumentError, ExpressionError) as error:
        raise edits.EditError(f"{value.name or 'repeat'}: {error}") from None
    return edits.set_argument(document, value.scope, value.node, value.name, new)


class _UnknownNameError(Exception):
    """A name in a value that is none of ``known``, the parameters of the function around it."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(name)
        self.name, self.known = name, tuple(known)


def _told(error: _UnknownNameError, value: Value, kind: Kind | None) -> str:
    """What may stand there instead: a word that is one of a few only wants its quotes."""
    if isinstance(kind, Choice) or (kind is not None and not error.known):
        words = "; write words in quotes" if isinstance(kind, Choice) else ""
        return f"{value.name} must be {kind.hint()}{words}"
    if not error.known:
        return f"“{error.name}” is a name that nothing has here; write a value, words in quotes"
    known = ", ".join(error.known)
    return f"“{error.name}” is no parameter here (there are: {known})"


def _times(new: Any, resolved: Any) -> int | str:
    if not isinstance(resolved, int) or isinstance(resolved, bool) or resolved < 0:
        raise ExpressionError("a block is repeated a whole number of times, 0 or more")
    return new if isinstance(new, str) else resolved


class _Finder:
    """Goes through the syntax tree of the code."""

    def __init__(self, code: str, lines: LineMap, document: Document, functions: Functions) -> None:
        self._text = code.split("\n")
        self._document = document
        spans = sorted((last - first, first, key) for key, (first, last) in lines.items() if key[1])
        self._at: dict[int, tuple[str, str]] = {}
        """For each line the node with the fewest lines around it."""
        for extent, first, key in spans:
            for line in range(first, first + extent + 1):
                self._at.setdefault(line, key)
        self._functions = {f.name: (name, f) for name, f in functions.by_block.items()}
        self._tree = ast.parse(code)

    def __iter__(self) -> Iterator[Value]:
        pending: list[ast.AST] = [self._tree]
        while pending:
            tree = pending.pop()
            inside = self._inside_constructor(tree)
            if isinstance(tree, ast.For):
                yield from self._repeat(tree)
            elif isinstance(tree, ast.Call):
                yield from self._call(tree)
            if not inside:
                pending += ast.iter_child_nodes(tree)

    def _inside_constructor(self, tree: ast.AST) -> bool:
        """What a constructor holds belongs to its layer: a wrapper's inner layer is its value."""
        return isinstance(tree, ast.Call) and _layer_type(tree) is not None

    def _repeat(self, loop: ast.For) -> Iterator[Value]:
        found = self._node_at(loop.lineno)
        rounds = loop.iter.args[0] if isinstance(loop.iter, ast.Call) and loop.iter.args else None
        if found is not None and rounds is not None:
            yield from self._value(rounds, found, REPEAT)

    def _call(self, call: ast.Call) -> Iterator[Value]:
        found = self._node_at(call.lineno)
        if found is None:
            return
        node = self._document.graph(found[0]).nodes[found[1]]
        for name, tree in self._named(call, node):
            yield from self._value(tree, found, name)

    def _named(self, call: ast.Call, node: Node) -> Iterator[tuple[str, ast.expr]]:
        """The arguments in a call by the names that they have in the document."""
        keywords = {k.arg: k.value for k in call.keywords if k.arg is not None}
        type_name = _layer_type(call)
        if type_name is not None and type_name == ALIASES.get(node.type, node.type):
            cls = LAYERS[type_name]
            yield from zip(positional(type_name), call.args, strict=False)
            yield from ((key, tree) for key, tree in keywords.items() if key in cls.arguments)
        elif isinstance(call.func, ast.Name) and call.func.id in self._functions:
            block, function = self._functions[call.func.id]
            if block == node.type:
                back = {name: key for key, name in function.parameters.items()}
                yield from ((back[k], tree) for k, tree in keywords.items() if k in back)

    def _node_at(self, line: int) -> tuple[str, str] | None:
        """The node whose statement a line belongs to, where the document has it there."""
        found = self._at.get(line)
        if found is None or found[1] not in self._document.graph(found[0]).nodes:
            return None
        return found

    def _value(self, tree: ast.expr, at: tuple[str, str], name: str) -> Iterator[Value]:
        if tree.lineno == tree.end_lineno and not any(
            isinstance(part, ast.Call | ast.Dict) for part in ast.walk(tree)
        ):
            line = self._text[tree.lineno - 1].encode()
            start, end = (len(line[:n].decode()) for n in (tree.col_offset, tree.end_col_offset))
            yield Value(tree.lineno, start, end, *at, name)


def _layer_type(call: ast.Call) -> str | None:
    """``Conv2D`` for ``layers.Conv2D(…)``, None for any other call."""
    func = call.func
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        return func.attr if func.value.id in _MODULES and func.attr in LAYERS else None
    return None


def _parameters(analysis: Analysis, scope: str) -> Mapping[str, str]:
    """The parameters of a block by the names that they have in its function."""
    function = Functions(analysis).by_block.get(scope)
    return {} if function is None else {name: key for key, name in function.parameters.items()}


def _read(text: str, parameters: Mapping[str, str]) -> Any:
    """A value of the document from its Python; raises EditError, or _UnknownNameError."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise edits.EditError(f"“{text:.60}” is not a value of Python") from None
    try:
        return _json(ast.literal_eval(tree))
    except (ValueError, TypeError, RecursionError, MemoryError):
        pass
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div):
        return _fraction(tree, text)
    if not any(isinstance(part, ast.Name) for part in ast.walk(tree)):
        raise edits.EditError(f"“{text:.60}” is not a number, a word in quotes or a tuple of them")
    return _with_expressions(tree, parameters)


def _with_expressions(tree: ast.expr, parameters: Mapping[str, str]) -> Any:
    if isinstance(tree, ast.Tuple | ast.List):
        return [_with_expressions(item, parameters) for item in tree.elts]
    if isinstance(tree, ast.Constant):
        return tree.value
    for part in ast.walk(tree):
        if isinstance(part, ast.Name):
            if part.id not in parameters:
                raise _UnknownNameError(part.id, parameters)
            part.id = parameters[part.id]
    return f"={ast.unparse(tree)}"


def _fraction(tree: ast.BinOp, text: str) -> float:
    """``1 / 255``, as scales are written."""
    try:
        return float(ast.literal_eval(tree.left) / ast.literal_eval(tree.right))
    except (ValueError, TypeError, ArithmeticError):
        raise edits.EditError(f"“{text:.60}” is not a fraction of two numbers") from None


def _json(value: Any) -> Any:
    """Tuples as lists; a text that would be read as an expression, or a set, is refused."""
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and not contains_expression(value):
        return value
    raise edits.EditError("write a number, a word in quotes, or a tuple of them")
