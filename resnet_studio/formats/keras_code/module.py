"""The whole program: docstring, imports, a function a block, the model, what runs it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.document import NETWORK
from resnet_studio.core.flatten import FlatNetwork, flatten
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.names import scope_name
from resnet_studio.formats import Style
from resnet_studio.formats.keras_code.blocks import (
    Function,
    Functions,
    GraphReader,
    chosen_name,
    input_names,
)
from resnet_studio.formats.keras_code.layout import (
    STEP,
    Expression,
    Group,
    call,
    laid_out,
)
from resnet_studio.formats.keras_code.literals import docstring, literal
from resnet_studio.formats.keras_code.naming import Names, imported, keras_base_name
from resnet_studio.formats.keras_code.operations import STAND_IN, UNWRITTEN
from resnet_studio.formats.keras_code.steps import Scope, Tensor
from resnet_studio.formats.keras_code.training import compile_call
from resnet_studio.formats.keras_code.unrolled import results, unrolled
from resnet_studio.formats.keras_code.variables import Statement, Writer

_DEEPEST_BY_DEFAULT = 800
"""Layers in a row that Keras gets through with Python's limit of 1,000 frames."""

LineMap = dict[tuple[str, str], tuple[int, int]]
"""First and last line (from 1) of each ``(scope, node id)``; ``(scope, "")`` is the function.

In code that is not written block by block the scope is the network and the id a path."""


class ExportError(ValueError):
    """The network cannot be written as code; the message names the place and the mend."""


@dataclass
class Section:
    """Some lines of the program and, for each node, which of them are its own (from 0)."""

    title: str
    lines: list[str] = field(default_factory=list)
    spans: LineMap = field(default_factory=dict)

    def add(self, text: str, *keys: tuple[str, str]) -> None:
        first = len(self.lines)
        self.lines += text.split("\n")
        for key in keys:
            start = self.spans.get(key, (first, 0))[0]
            self.spans[key] = (start, len(self.lines) - 1)


def sections(analysis: Analysis, style: Style = "blocks") -> list[Section]:
    """The parts of the program in order; raises ExportError where the network has errors."""
    network = _sound(analysis)
    try:
        made = list(_sections(analysis, network, style))
    except RecursionError:
        raise ExportError("an argument is nested too deep to be written as code") from None
    return made


def _sections(analysis: Analysis, network: FlatNetwork, style: Style) -> Iterator[Section]:
    yield _heading(analysis, network)
    if style == "flat" or _must_unroll(network):
        yield _model(analysis, unrolled(network), Names())
    else:
        functions = Functions(analysis)
        for name, function in functions.by_block.items():
            yield _function(functions, name, function)
        reader = GraphReader(functions, NETWORK, {})
        scope = reader.scope()
        scope.results = _exposed(network, reader)
        yield _model(analysis, scope, Names(functions.names))
    yield _main(analysis, network)


def write_mapped(analysis: Analysis, style: Style = "blocks") -> tuple[str, LineMap]:
    """The program, and the lines of each node in it; raises ExportError."""
    lines: list[str] = []
    spans: LineMap = {}
    for section in sections(analysis, style):
        if lines:
            lines += ["", ""]
        for key, (first, last) in section.spans.items():
            spans[key] = (len(lines) + first + 1, len(lines) + last + 1)
        lines += section.lines
    return "\n".join(lines) + "\n", spans


def write(analysis: Analysis, style: Style = "blocks") -> str:
    """A Python program that builds, compiles and summarises the network with Keras 3.

    ``blocks`` writes a function a block and a loop a repeat, ``flat`` a statement a layer.
    Raises ExportError for a network with errors.
    """
    return write_mapped(analysis, style)[0]


def _sound(analysis: Analysis) -> FlatNetwork:
    """The unrolled network, if it can be built."""
    for diagnostic in analysis.diagnostics:
        if diagnostic.severity == "error":
            at = f" is at “{diagnostic.node}”" if diagnostic.node else ""
            raise ExportError(f"the network has errors; the first{at}: {diagnostic.message}")
    network = flatten(analysis)
    if not any(node.type == "Input" for node in network.nodes):
        raise ExportError("the network has no Input; add one for its data to enter by")
    for node in network.nodes:
        if node.outcome.outputs is None:
            raise ExportError(
                f"what comes out of “{node.path}” is not known; mend what is before it"
            )
    return network


def _must_unroll(network: FlatNetwork) -> bool:
    """Whether functions could not build what the analysis says.

    A layer inside a block that nothing reads is an output of the model, and so is an Input
    there one of its inputs; and a name that Keras could give to an unnamed layer, too, needs
    all layers named.
    """
    if any(node.type == "Input" and node.path not in network.made for node in network.nodes):
        return True
    exposed = {tensor for tensors in network.made.values() for tensor in tensors}
    if not exposed.issuperset(results(network)):
        return True
    chosen = {name for node in network.nodes if (name := chosen_name(node.config)) is not None}
    bases = {name.rstrip("0123456789").removesuffix("_") for name in chosen} | chosen
    return any(keras_base_name(node.type) in bases for node in network.nodes)


def _exposed(network: FlatNetwork, reader: GraphReader) -> list[Tensor]:
    """The model's outputs as tensors of the network's own steps."""
    structure = reader.graph.structure
    found: dict[Tensor | None, Tensor] = {}
    for node_id, tensors in network.made.items():
        found.update(zip(tensors, reader.made[structure.index[node_id]], strict=True))
    return [found[tensor] for tensor in results(network)]


# Sections


def _heading(analysis: Analysis, network: FlatNetwork) -> Section:
    section = Section("imports")
    title = " ".join(analysis.document.name.split()) or "Network"
    inputs = [node for node in network.nodes if node.type == "Input"]
    outputs = [network.nodes[i] for i in network.outputs]
    lines = [title, ""]
    for word, nodes in (("Input", inputs), ("Output", outputs)):
        shapes = ", ".join(str((node.output or ())[1:]) for node in nodes)
        lines.append(f"{word}{'s' if len(nodes) > 1 else ''}: {shapes}")
    lines.append(f"Parameters: {analysis.totals.params:,}")
    for line in docstring("\n".join(lines), 0):
        section.add(line)
    limit = _recursion_limit(network)
    if limit:
        section.add("\nimport sys")
    section.add("\nimport keras\nfrom keras import layers")
    for module, name in _imports(network):
        section.add(f"from {module} import {name}")
    if limit:
        section.add("\n# Keras follows the layers from each to the one before it, recursively.")
        section.add(f"sys.setrecursionlimit({limit:_})")
    for text in _stand_ins(network):
        section.add(f"\n\n{text}")
    return section


def _stand_ins(network: FlatNetwork) -> Iterator[str]:
    """What stands for code that no file gives away: the user's own layers and functions."""
    if any(node.type not in LAYERS for node in network.nodes):
        yield STAND_IN
    if any(node.type == "Lambda" for node in network.nodes):
        yield UNWRITTEN


def _imports(network: FlatNetwork) -> list[tuple[str, str]]:
    """Module and name of the classes that ``keras.layers`` does not have, in order."""
    classes = {LAYERS[node.type] for node in network.nodes if node.type in LAYERS}
    return sorted((cls.module, imported(cls)) for cls in classes if imported(cls))


def _recursion_limit(network: FlatNetwork) -> int:
    """What Python's limit must be for Keras to get through; 0 where its default will do."""
    depth: list[int] = []
    for node in network.nodes:
        depth.append(1 + max((depth[t[0]] for t in node.inputs if t is not None), default=0))
    deepest = max(depth)
    return 0 if deepest <= _DEEPEST_BY_DEFAULT else max(10_000, 2 * deepest)


def _function(functions: Functions, scope_name: str, function: Function) -> Section:
    section = Section(function.name)
    scope = GraphReader(functions, scope_name, function.parameters).scope()
    given = input_names(scope, function.names)
    ports = [(scope_name, key) for key in function.block.inputs()]
    whole = (scope_name, "")
    signature = ("def " + function.name, _parameters(function, given.values()), ":")
    section.add(laid_out(signature), whole, *ports)
    if function.block.description.strip():
        for line in docstring(function.block.description, STEP):
            section.add(line, whole)
    writer = Writer(scope, function.names, given)
    _statements(section, scope_name, writer.statements)
    outputs = [(scope_name, key) for key in function.block.outputs()]
    text = "return " + ", ".join(writer.results())
    section.add(f"{' ' * STEP}{text.rstrip()}", whole, *outputs)
    return section


def _parameters(function: Function, tensors: Iterable[str]) -> Group:
    """``(x, n_filters, strides=1)``: what some call leaves out has its default."""
    named = function.parameters.items()
    required = [(name,) for key, name in named if key not in function.optional]
    optional: list[Expression] = [
        (f"{name}=", *literal(function.block.parameters[key]))
        for key, name in named
        if key in function.optional
    ]
    return call(*((tensor,) for tensor in tensors), *required, *optional)


def _model(analysis: Analysis, scope: Scope, names: Names) -> Section:
    section = Section("build_model")
    inputs = [(i, step) for i, step in enumerate(scope.steps) if step.type == "Input"]
    if len(inputs) == 1:
        given: dict[Tensor, str] = {(inputs[0][0], 0): "inputs"}
    else:
        given = {(i, 0): names.fresh(step.key) for i, step in inputs}
    section.add("def build_model() -> keras.Model:", (NETWORK, ""))
    writer = Writer(scope, names, given, "outputs")
    _statements(section, NETWORK, writer.statements)
    items = [_one_or_list(list(given.values())), _one_or_list(writer.results())]
    name = scope_name(analysis.document.name, "")
    if name:
        items.append(("name=", *literal(name)))
    result = ("return keras.Model", call(*items))
    section.add(" " * STEP + laid_out(result, STEP), (NETWORK, ""))
    return section


def _one_or_list(names: list[str]) -> Expression:
    if len(names) == 1:
        return (names[0],)
    return (Group("[", tuple((name,) for name in names), "]", literal=True),)


def _statements(section: Section, scope: str, statements: Iterable[Statement]) -> None:
    for statement in statements:
        indent = STEP + statement.indent
        text = " " * indent + laid_out(statement.expression, indent)
        section.add(text, (scope, statement.key), (scope, ""))


def _main(analysis: Analysis, network: FlatNetwork) -> Section:
    section = Section("main")
    section.add('if __name__ == "__main__":')
    for statement in _main_statements(analysis, network):
        section.add(" " * STEP + laid_out(statement, STEP))
    return section


def main_lines(analysis: Analysis) -> list[str]:
    """Building, compiling and summarising the model, a statement each."""
    return [laid_out(statement) for statement in _main_statements(analysis)]


def _main_statements(analysis: Analysis, network: FlatNetwork | None = None) -> list[Expression]:
    return [("model = build_model()",), compile_call(analysis, network), ("model.summary()",)]
