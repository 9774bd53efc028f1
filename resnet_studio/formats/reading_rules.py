"""The codes of what only a file can have wrong, listed and explained like any rule."""

from resnet_studio.core.diagnostics import Rule, register

register(
    Rule(
        "unreadable-file",
        "error",
        "The file cannot be opened at all: it is missing, cut off, or no network.",
    )
)
register(
    Rule(
        "malformed-node",
        "error",
        "An entry among the nodes lacks its “id” or “type”, or is no object; it is left out of "
        "the network and kept in the file.",
    )
)
register(
    Rule(
        "duplicate-id",
        "error",
        "Two nodes of one graph have the same id; the second is left out and kept in the file.",
    )
)
register(
    Rule(
        "malformed-value",
        "error",
        "A value of the file is of the wrong kind, such as a text for “config”; the default "
        "stands in for it and it is kept in the file.",
    )
)
register(
    Rule(
        "unknown-key",
        "warning",
        "A key that this version does not know, perhaps of a newer one; it has no effect and is "
        "kept in the file.",
    )
)
