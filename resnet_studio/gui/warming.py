"""What dialogs and panels will ask for, imported while nobody waits for it."""

from importlib import import_module

from PySide6.QtCore import QThreadPool

_SOON = (
    "resnet_studio.formats.keras_code",
    "resnet_studio.gui.group_dialog",
    "resnet_studio.gui.fold_dialog",
    "resnet_studio.gui.export_dialog",
    "resnet_studio.gui.verify_dialog",
    "resnet_studio.formats.keras_config",
)


def warm_up() -> None:
    """Begins to import, beside the window's thread: the first dialog opens as fast as the next."""
    QThreadPool.globalInstance().start(_import_all)


def _import_all() -> None:
    from resnet_studio import formats

    for name in _SOON:
        import_module(name)
    formats.writers()
