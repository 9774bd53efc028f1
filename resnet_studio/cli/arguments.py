"""The arguments of every command."""

import argparse
from typing import NoReturn

from resnet_studio import __version__
from resnet_studio.cli.shared import PROGRAM, CommandError


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message}; see “{self.prog} --help”")


def parser() -> argparse.ArgumentParser:
    top = _Parser(
        prog=PROGRAM,
        description="Design residual networks on a canvas and export them as Keras code. "
        "Without a command it opens the window.",
        epilog=f"{PROGRAM} [FILE] opens the window, on FILE or on a first network.",
    )
    top.add_argument("--version", action="version", version=f"ResNet Studio {__version__}")
    commands = top.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=_Parser
    )

    def command(name: str, about: str, *files: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        for file in files:
            sub.add_argument(file.lower(), metavar=file)
        return sub

    new = command("new", "write a template to a file")
    new.add_argument("--template", required=True, metavar="NAME", help=f"see {PROGRAM} templates")
    new.add_argument("-o", "--output", required=True, metavar="FILE")
    command("templates", "list the templates, a name to a line")
    check = command("check", "shapes, counts and problems of networks")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.add_argument("--format", default="text", metavar="text|json|sarif", help="of the report")
    command("summary", "a table of all layers, as model.summary() has it, with MACs", "FILE")
    _add_export(command("export", "write a network in another format", "FILE"))
    command("verify", "build the exported code with the real Keras and compare", "FILE")
    brought = command("import", "open a model of Keras, without running anything in it")
    brought.add_argument(
        "source", metavar="SRC", help=".keras, .h5, .json, or keras.applications:ResNet50"
    )
    brought.add_argument("-o", "--output", required=True, metavar="FILE")
    brought.add_argument(
        "--fold", action="store_true", help="repeated parts become blocks, as “fold” makes them"
    )
    fold = command("fold", "make repeated parts of a network into blocks with parameters", "FILE")
    fold.add_argument("-o", "--output", metavar="OUT", help="write there instead of to FILE")
    fold.add_argument("--list", action="store_true", help="only say what could be folded")
    _add_fix(
        command("fix", "list the repairs of each problem with their cost, or apply one", "FILE")
    )
    command("diff", "what changed from network A to network B", "A", "B")
    command("rules", "list the codes of all problems and what they mean")
    return top


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("-o", "--output", required=True, metavar="OUT")
    export.add_argument(
        "--to", default="", metavar="FORMAT", help="where OUT's suffix does not say"
    )
    export.add_argument(
        "--style",
        choices=("blocks", "flat"),
        default="blocks",
        help="code with a function for each block, or layer by layer",
    )


def _add_fix(fix: argparse.ArgumentParser) -> None:
    fix.add_argument("--select", metavar="CODE", help="only problems of this code")
    fix.add_argument("--at", metavar="NODE", help="only problems at this node")
    fix.add_argument("--apply", metavar="ID", help="apply the first repair of this name")
    fix.add_argument("-o", "--output", metavar="FILE", help="write there instead of to FILE")
