"""Opens a window, prints the seconds from process start to its first paint, and leaves."""

import os
import sys
import time


def since_start() -> float:
    """Seconds since this process was started, from the kernel's own record."""
    with open("/proc/self/stat") as file:
        ticks = int(file.read().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def main(what: str) -> int:
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

    class FirstPaint(QObject):
        """Watches for the first paint of any widget that stands in a visible window."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
                print(since_start(), flush=True)
                os._exit(0)
            return False

    app = QApplication.instance() or QApplication(sys.argv[:1])
    watch = FirstPaint()
    app.installEventFilter(watch)
    if what == "empty":
        window = QMainWindow()
        window.resize(1200, 800)
        window.show()
        return app.exec()
    from resnet_studio.gui.app import run

    return run(None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
