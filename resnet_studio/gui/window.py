"""The main window: its frame at once, everything in it right after the first paint."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

from resnet_studio.gui.skeleton import Skeleton
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from resnet_studio.gui.workbench import Workbench

PRODUCT = "ResNet Studio"

_GEOMETRY = "window/geometry"
_SIZE = (1440, 900)
_TITLE_BAR = 32
"""Room that the system's title bar takes from a small screen."""


class Window(QMainWindow):
    """A frame that paints quickly; ``workbench`` is what fills it, None until it is built."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(PRODUCT)
        self.setPalette(theme().palette())
        self.workbench: Workbench | None = None
        self.settled = False
        self._then: list[Callable[[Workbench], object]] = []
        self._skeleton = Skeleton()
        self._skeleton.painted.connect(
            lambda: QTimer.singleShot(0, self.build), Qt.ConnectionType.SingleShotConnection
        )
        self.setCentralWidget(self._skeleton)
        self._restore_size()

    def _restore_size(self) -> None:
        stored = QSettings().value(_GEOMETRY)
        if isinstance(stored, QByteArray) and self.restoreGeometry(stored):
            return
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height() - _TITLE_BAR))

    def when_built(self, then: "Callable[[Workbench], object]") -> None:
        """Calls ``then`` with the workbench, now or as soon as there is one."""
        if self.settled and self.workbench is not None:
            then(self.workbench)
        else:
            self._then.append(then)

    def build(self) -> None:
        """Fills the frame; what it needs is imported only here, after the first paint."""
        if self.workbench is not None:
            return
        from resnet_studio.gui.style import apply_style
        from resnet_studio.gui.workbench import Workbench

        self.setUpdatesEnabled(False)
        apply_style()
        self.workbench = Workbench(self)
        # Docks take sizes only once the layout has run with them in it.
        QTimer.singleShot(0, self._settle)

    def _settle(self) -> None:
        assert self.workbench is not None
        self.workbench.docks.restore()
        # Docks that come to the front take the focus with them: to where nobody sees it.
        self.workbench.canvas.setFocus()
        self.setUpdatesEnabled(True)
        self.settled = True
        for then in self._then:
            then(self.workbench)
        self._then.clear()
        # Only now does it keep the keys: before, updates were off and the docks took them.
        self.workbench.canvas.setFocus()

    def open(self, path: Path) -> None:
        self.when_built(lambda workbench: workbench.files.open(path))

    def open_template(self, name: str) -> None:
        self.when_built(lambda workbench: workbench.files.open_template(name))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.workbench is not None and not self.workbench.may_close():
            event.ignore()
            return
        QSettings().setValue(_GEOMETRY, self.saveGeometry())
        event.accept()
