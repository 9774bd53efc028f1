"""``import``: a model of Keras as a native file."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_studio.cli.shared import PROGRAM, CommandError, writing

if TYPE_CHECKING:
    from resnet_studio.formats.keras_config import Imported

APPLICATIONS = "keras.applications:"


def import_model(arguments: argparse.Namespace) -> int:
    """Writes the network of a model; what could not be carried over is told on stderr."""
    from resnet_studio.formats import native

    source, target = arguments.source, arguments.output
    imported = _application(source) if source.startswith(APPLICATIONS) else _file(source)
    document = imported.document
    if arguments.fold:
        from resnet_studio.core.fold import fold_all

        document = fold_all(document)
    writing(target, lambda: native.save(document, Path(target)))
    for note in imported.notes:
        print(f"{PROGRAM}: {source}: {note}", file=sys.stderr)
    return 0


def _file(source: str) -> "Imported":
    from resnet_studio.formats.keras_config import FormatError, load

    try:
        return load(Path(source))
    except FormatError as fault:
        raise CommandError(str(fault)) from None


def _application(source: str) -> "Imported":
    """Keras builds the model, without its weights, in a process of its own."""
    from resnet_studio.formats.keras_config import loads
    from resnet_studio.keras_process.client import WorkerError, application

    try:
        return loads(application(source.removeprefix(APPLICATIONS)))
    except WorkerError as error:
        raise CommandError(f"{source}: {error}") from None
