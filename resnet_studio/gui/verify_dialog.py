"""Verifying: the real Keras, in a process of its own, held against what the window says."""

import threading

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from resnet_studio.core.shapes import show
from resnet_studio.gui import figures
from resnet_studio.gui.icons import icon
from resnet_studio.gui.inspector.header import Banner
from resnet_studio.gui.jobs import Job, Progress, Work
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets import Picture, column, label, row
from resnet_studio.keras_process.client import VerifyReport, VerifyRow, verify

_HEADINGS = ("Layer", "Type", "Output", "Parameters", "Real Keras")


class VerifyDialog(QDialog):
    """Shows the progress, then the verdict over a row for each layer."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verify-dialog")
        self.setWindowTitle("Verify with Keras")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self.picture = Picture("verify", 32, "accent")
        self.verdict = label("Comparing with the real Keras", "title")
        self.verdict.setObjectName("verdict")
        self.more = label("Starting Keras takes some seconds.", "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.table = self._make_table()
        self.close_button = QPushButton("Cancel")
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        lines = column(self.verdict, self.more, gap=4)
        head = row(self.picture, lines, gap=16)
        head.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop)
        head.setStretch(1, 1)
        self.fault = Banner()
        self.fault.setObjectName("notice")
        parts = (head, self.fault, self.bar, self.table, row(1, self.close_button))
        body = column(*parts, margin=24, gap=16)
        body.setStretch(parts.index(self.table), 1)
        self.setLayout(body)
        self.table.hide()
        self.resize(QSize(560, 160))
        self._job = Job(self._work(session), self)
        self._job.progress.connect(self._tell)
        self._job.done.connect(self.show_report)
        self._job.failed.connect(self._failed)
        self._job.start()

    @staticmethod
    def _work(session: Session) -> Work:
        analysis = session.analysis

        def work(progress: Progress, stop: threading.Event) -> VerifyReport:
            return verify(analysis, progress, stop.is_set)

        return work

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(_HEADINGS))
        table.setAccessibleName("Layers compared")
        table.setHorizontalHeaderLabels(list(_HEADINGS))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for across in range(1, len(_HEADINGS)):
            header.setSectionResizeMode(across, QHeaderView.ResizeMode.ResizeToContents)
        table.cellDoubleClicked.connect(self._reveal)
        return table

    # What comes of it

    def show_report(self, report: VerifyReport) -> None:
        """The verdict, and the layers, those that differ first."""
        self.bar.hide()
        self.table.show()
        self._grow(QSize(720, 480))
        self.close_button.setText("Close")
        if report.identical and report.forward_error:
            self._show("warning", "Builds as drawn, but a forward pass fails", _agreement(report))
            self.fault.show_text("warning", figures.sentence(report.forward_error))
        elif report.identical:
            told = f"{_agreement(report)} {figures.sentence(report.forward)}"
            self._show("ok", "Identical", told.rstrip())
        else:
            self._show("error", "Different", _differences(report))
        self._fill([*report.different, *(r for r in report.rows if r.same)], report)

    def _show(self, kind: str, verdict: str, more: str) -> None:
        self.picture.show_icon(kind, kind)
        self.verdict.setText(verdict)
        self.more.setText(more)

    def _grow(self, size: QSize) -> None:
        """Makes room for the table and keeps the dialog's middle where it is."""
        more = size - self.size()
        corner = self.pos()
        self.resize(size)
        self.move(corner.x() - more.width() // 2, corner.y() - more.height() // 2)

    def _fill(self, rows: list[VerifyRow], report: VerifyReport) -> None:
        self.table.setRowCount(len(rows))
        for at, line in enumerate(rows):
            outputs = ", ".join(show(shape) for shape in line.expected.outputs)
            same = "not built" if report.failure else "the same"
            cells = (
                line.path,
                line.expected.type,
                outputs,
                f"{line.expected.params:,}",
            )
            verdict = same if line.same else "; ".join(line.differences)
            for across, text in enumerate(cells):
                self.table.setItem(at, across, QTableWidgetItem(text))
            kind = "ok" if line.same and not report.failure else "error"
            self.table.setItem(at, len(cells), QTableWidgetItem(icon(kind, kind), verdict))

    def _tell(self, text: str) -> None:
        self.more.setText(f"{text[:1].upper()}{text[1:]} …")

    def _failed(self, why: str) -> None:
        self.bar.hide()
        self.close_button.setText("Close")
        told = figures.sentence(why.splitlines()[0] if why else "it failed")
        self._show("error", "Keras could not be asked", told)

    def _reveal(self, at: int, _across: int) -> None:
        if (cell := self.table.item(at, 0)) is not None:
            self._session.reveal(cell.text())

    def done(self, result: int) -> None:
        self._job.cancel()
        self._job.wait()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._job.cancel()
        self._job.wait()
        super().closeEvent(event)


def _agreement(report: VerifyReport) -> str:
    layers = figures.count(len(report.rows), "layer")
    return (
        f"{layers} and {report.params:,} parameters: every wire, shape and count is that "
        f"of Keras {report.keras_version}."
    )


def _differences(report: VerifyReport) -> str:
    reasons = [report.failure, *report.general] if report.failure else report.general
    told = " ".join(figures.sentence(reason) for reason in reasons)
    layers = figures.count(len(report.rows), "layer")
    return told if report.failure else f"{len(report.different)} of {layers} differ. {told}"
