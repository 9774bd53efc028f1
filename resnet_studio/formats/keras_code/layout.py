"""Python expressions as text, broken over lines the way ruff format breaks them.

An expression is a tuple of parts: plain text, or a group in brackets.  Only groups break, and a
group breaks when it, with what must follow on its line, does not fit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

WIDTH = 88
"""Columns of a line, black's and ruff's default."""
STEP = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Items between brackets; a ``literal`` (list, tuple, dict) breaks into one item a line."""

    open: str
    items: tuple["Expression", ...]
    close: str
    literal: bool = False

    @property
    def lone(self) -> bool:
        """A tuple of one, which needs its comma."""
        return self.literal and self.open == "(" and len(self.items) == 1


Expression = tuple[str | Group, ...]


def call(*items: Expression) -> Group:
    return Group("(", items, ")")


def flat(expression: Expression) -> str:
    """The expression on one line, however long."""
    return "".join(part if isinstance(part, str) else _flat_group(part) for part in expression)


def laid_out(expression: Expression, indent: int = 0, after: str = "") -> str:
    """The expression over as many lines as it takes.

    The first line starts at column ``indent`` (which is not written), ``after`` follows the
    last.
    """
    done: list[str] = []
    column = indent
    for k, part in enumerate(expression):
        text = part if isinstance(part, str) else _group(part, indent, column, expression[k + 1 :])
        done.append(text)
        _, newline, last = text.rpartition("\n")
        column = len(last) if newline else column + len(last)
    return "".join(done) + after


def _group(group: Group, indent: int, column: int, rest: Expression) -> str:
    one_line = _flat_group(group)
    needed = column + len(one_line) + sum(map(len, _until_a_break(rest)))
    if needed <= WIDTH or not group.items:
        return one_line
    inner = indent + STEP
    lines = [f"{' ' * inner}{line}\n" for line in _body(group, inner)]
    return f"{group.open}\n{''.join(lines)}{' ' * indent}{group.close}"


def _body(group: Group, indent: int) -> list[str]:
    """What stands between the brackets, without the indentation of its first lines."""
    if len(group.items) == 1:
        comma = "," if group.lone else ""
        return [laid_out(group.items[0], indent, comma)]
    together = ", ".join(flat(item) for item in group.items)
    if not group.literal and indent + len(together) <= WIDTH:
        return [together]
    return [laid_out((*item, ","), indent) for item in group.items]


def _until_a_break(rest: Expression) -> Iterator[str]:
    """The text that cannot leave the line: up to the bracket behind which a line may end."""
    for part in rest:
        if isinstance(part, Group):
            if part.items:
                yield part.open
                return
            yield _flat_group(part)
        else:
            yield part


def _flat_group(group: Group) -> str:
    comma = "," if group.lone else ""
    return f"{group.open}{', '.join(flat(item) for item in group.items)}{comma}{group.close}"
