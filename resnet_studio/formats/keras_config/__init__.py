"""Models of Keras opened as data: ``.keras``, ``.h5`` and the JSON of ``to_json()``.

Nothing in a file is imported, evaluated or extracted, and TensorFlow is not started.  Classes
are looked up in the registry of layers alone; one that is not there becomes a node of an unknown
type that keeps its arguments.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import resnet_studio.layers  # noqa: F401 - the classes that configurations may name
from resnet_studio.core.document import Document
from resnet_studio.formats import strict_json
from resnet_studio.formats.files import FormatError
from resnet_studio.formats.keras_config.container import LARGEST_CONFIG, configuration
from resnet_studio.formats.keras_config.graph import Finding, Importer
from resnet_studio.formats.keras_config.model import RawModel, read_model
from resnet_studio.formats.keras_config.source import remember
from resnet_studio.formats.keras_config.training import training_of


@dataclass(frozen=True)
class Imported:
    """A document, not laid out yet, and what of the model could not be carried over as it is.

    ``origins`` holds, for nodes by scope and id, the names that lead to their layer in ``model``.
    """

    document: Document
    findings: tuple[Finding, ...]
    model: RawModel
    origins: Mapping[tuple[str, str], tuple[str, ...]]

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """The findings as sentences that name their place."""
        return tuple(map(_note, self.findings))


def _note(finding: Finding) -> str:
    place = "/".join(filter(None, (finding.scope, finding.node)))
    return f"“{place}”: {finding.message}" if place else finding.message


def loads(text: str) -> Imported:
    """The network of a configuration's text; raises FormatError."""
    raw = _parsed(text)
    importer = Importer(read_model(raw))
    document = importer.document(training_of(raw))
    return Imported(document, tuple(importer.findings), importer.model, importer.origins)


def _parsed(text: str) -> Any:
    if not text.strip():
        raise FormatError("the file is empty; it should hold a model of Keras")
    raw = strict_json.parse(text)
    # ``json.dump(model.to_json(), file)`` wraps the text in a text, which many files hold.
    raw = strict_json.parse(raw) if isinstance(raw, str) else raw
    if isinstance(raw, Mapping) and "network" in raw and "format" in raw:
        raise FormatError(
            "this is a network of ResNet Studio already; give its file the suffix .rsnet"
        )
    return raw


def load(path: Path) -> Imported:
    """Reads a model's file; raises FormatError, which names it, also where it cannot be read.

    Where the file holds weights, the document remembers it.
    """
    try:
        text, weights = configuration(path)
        imported = loads(text)
        if not weights:
            return imported
        return replace(imported, document=remember(imported.document, path))
    except OSError as error:
        reason = error.strerror or str(error)
        raise FormatError(f"it cannot be read: {reason.lower()}", file=str(path)) from None
    except FormatError as error:
        raise FormatError(error.message, error.line, str(path)) from None


__all__ = ["LARGEST_CONFIG", "FormatError", "Imported", "load", "loads"]
