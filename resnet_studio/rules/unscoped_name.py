"""``unscoped-name``: a layer's name that Keras takes and TensorFlow does not.

Keras opens a TensorFlow name scope called like the layer when it compiles a network, so that
calling the model works and ``predict`` and ``fit`` fail.  An Input is no layer that is called.
"""

import re
from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.analysis import Analysis
from resnet_studio.core.diagnostics import NETWORK_CHECKS, Rule
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Node
from resnet_studio.core.flatten import flatten
from resnet_studio.core.layer import Problem
from resnet_studio.core.names import scope_name
from resnet_studio.rules.examples import block, conv, declare, document, place
from resnet_studio.rules.noted import Noted
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "unscoped-name"
_FOREIGN = re.compile(r"[^A-Za-z0-9_.>-]")
"""What TensorFlow's scopes inside a model do not take; Keras itself refuses the slash."""
_NEVER_CALLED = ("Input", BLOCK_INPUT, BLOCK_OUTPUT)


def check(analysis: Analysis) -> Iterator[tuple[str, Problem]]:
    """A warning at each layer whose own name, or whose id in the network, is no scope's."""
    if not _suspicious(analysis):
        return
    for flat in flatten(analysis).nodes:
        name = flat.config.get("name")
        if name is None and flat.path == flat.node.id:
            name = flat.path
        if flat.type in _NEVER_CALLED or flat.node.shared_with or not isinstance(name, str):
            continue
        if found := _FOREIGN.search(name):
            yield flat.path, _problem(name, found.group())


def _suspicious(analysis: Analysis) -> bool:
    """Whether any name at all has a sign to look at: most networks are done here."""
    document = analysis.document
    return bool(_ids.of(document.network)) or _names.anywhere(document)


def _has_name(node: Node) -> bool:
    name = node.config.get("name")
    return isinstance(name, str) and bool(_FOREIGN.search(name))


_ids = Noted(lambda node: bool(_FOREIGN.search(node.id)))
_names = Noted(_has_name)


def _problem(name: str, sign: str) -> Problem:
    told = "a space" if sign == " " else f"“{sign}”" if sign.isprintable() else "an unseen sign"
    text = (
        f"Keras builds a layer called “{name}”, but predict and fit fail: TensorFlow takes only "
        f"letters without accents, digits and _ . - > in a name, and this one has {told}"
    )
    return Problem(CODE, text, "warning")


NETWORK_CHECKS.append(check)


def propose(site: Site) -> Iterator[Mend]:
    """The name as near as TensorFlow takes it."""
    name = site.node.config.get("name")
    if name is None:
        new = edits.free_id(site.graph.nodes, scope_name(site.node_id, "layer"))
        after = edits.rename_node(site.document, site.scope, site.node_id, new)
        yield Mend("plain-name", f"Call the node “{new}”", after, (new,), named=True)
        return
    plain = scope_name(name, "layer")
    yield Mend("plain-name", f"Call it “{plain}”", site.with_argument("name", plain))
    title = f"Name the layer after its node, “{site.node_id}”"
    yield Mend("own-name", title, site.without_argument("name"))


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        CODE,
        "warning",
        "Keras builds a layer of this name, but TensorFlow cannot run it in predict and fit.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(place("ein Bild", "Input", shape=[8, 8, 3]), conv("_a>b-c.d", "ein Bild", 4)),
        document(
            _IMAGE,
            place("group", "body", "image"),
            blocks={"body": block(conv("conv é", "x", 4))},
        ),
    ),
    invalid=(
        document(_IMAGE, conv("conv 1", "image", 4)),
        document(_IMAGE, conv("stem", "image", 4, name="größe")),
        document(_IMAGE, conv("a", "image", 4, name="日本")),
    ),
)
