"""Exporting: which format, which style, where to; the writing goes on off the window's thread."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, QStandardPaths, QStringListModel, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QListView,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QWidget,
)

from resnet_studio import formats
from resnet_studio.core.analysis import Analysis
from resnet_studio.gui.jobs import Job, Progress
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets import Field, column, label, row, set_role

_FOLDER = "export/folder"
_SUFFIX = "export/suffix"
_STYLED = (".py", ".ipynb")
_ORDER = (".py", ".ipynb", ".keras", ".json", ".svg", ".png", ".pdf", ".dot")

_ABOUT = {
    ".py": "A Python program that builds, compiles and summarises the network with Keras 3.",
    ".ipynb": "The same code in the cells of a Jupyter notebook, with what it is for.",
    ".keras": "The model itself, as keras.models.load_model reads it. Layers of a model that "
    "was opened keep their weights, all others are freshly initialised. "
    "Keras is started for this; it takes some seconds.",
    ".json": "The architecture as keras.models.model_from_json reads it, without weights.",
    ".svg": "A drawing of the network for papers and web pages, sharp at any size.",
    ".png": "A picture of the network.",
    ".pdf": "A drawing of the network on one page.",
    ".dot": "The graph for Graphviz.",
}


@dataclass(frozen=True, slots=True)
class Format:
    """One way out: its suffix and title."""

    suffix: str
    title: str


def known_formats() -> list[Format]:
    """Every writer, and Keras' own file, which a process of its own writes."""
    found = {writer.suffix: Format(writer.suffix, writer.title) for writer in _writers()}
    found[".keras"] = Format(".keras", "Keras model")
    ordered = [suffix for suffix in _ORDER if suffix in found]
    return [found[suffix] for suffix in [*ordered, *sorted(found.keys() - set(ordered))]]


def _writers() -> list[formats.Writer]:
    return list(formats.writers().values())


def export(
    analysis: Analysis,
    path: Path,
    suffix: str,
    style: formats.Style,
    progress: Progress,
    stopped: Callable[[], bool],
    folder: Path | None = None,
) -> str:
    """Writes one file; what is to be told of it.  Meant for a thread; raises what writers raise.

    ``folder`` is where the network itself lies, beside which a model's weights are looked for.
    """
    if suffix == ".keras":
        from resnet_studio.keras_process.client import save_keras

        return save_keras(analysis, path, progress, stopped, folder=folder).note
    progress("writing")
    formats.export(analysis, path, suffix, style)
    return ""


class ExportDialog(QDialog):
    """Left the formats, right what is to be known of the chosen one."""

    told = Signal(str, str)
    """Kind and sentence for the message bar, once the file is written."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export-dialog")
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._analysis = session.analysis
        self._folder = session.path.parent if session.path else None
        self._name = (session.path.stem if session.path else session.document.name) or "network"
        self._job: Job | None = None
        self.formats = known_formats()
        self.list = self._make_list()
        self.title = label("", "title")
        self.about = label("", "muted", wrap=True)
        self.blocks = QRadioButton("Functions and loops: a function a block, a loop a repeat")
        self.flat = QRadioButton("Layer by layer: one statement each")
        self.blocks.setChecked(True)
        self.style_part = QWidget()
        self.style_part.setLayout(column(label("Style", "heading"), self.blocks, self.flat, gap=8))
        self.path = Field()
        self.path.setObjectName("export-path")
        self.path.setAccessibleName("File to write")
        self.fault = label("", "fault", wrap=True)
        browse = QPushButton("Browse…")
        browse.clicked.connect(self._browse)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.doing = label("", "muted", wrap=True)
        self.cancel = QPushButton("Cancel")
        for other in (browse, self.cancel):
            other.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.go = QPushButton("Export")
        self.go.setObjectName("export-go")
        self.go.setProperty("primary", "true")
        self.go.setDefault(True)
        self.go.clicked.connect(self.start)
        where = column(label("File", "heading"), row(self.path, browse), self.fault, gap=8)
        right = column(
            self.title, self.about, self.style_part, where, 1, self.doing, self.bar, gap=16
        )
        right.addLayout(row(1, self.cancel, self.go))
        whole = row(self.list, right, margin=16, gap=24)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.path.textChanged.connect(lambda _text: self._judge())
        self._show_working(working=False)
        self._choose(str(QSettings().value(_SUFFIX, ".py")))
        self.resize(QSize(680, 420))

    def _make_list(self) -> QListView:
        made = QListView()
        made.setObjectName("choices")
        made.setAccessibleName("Format")
        made.setFixedWidth(208)
        made.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        made.setModel(QStringListModel([f"{f.title}  {f.suffix}" for f in self.formats], made))
        made.selectionModel().currentChanged.connect(lambda _now, _before: self._chosen())
        return made

    @property
    def format(self) -> Format:
        return self.formats[max(0, self.list.currentIndex().row())]

    def _choose(self, suffix: str) -> None:
        at = next((i for i, f in enumerate(self.formats) if f.suffix == suffix), 0)
        self.list.setCurrentIndex(self.list.model().index(at, 0))

    def _chosen(self) -> None:
        suffix = self.format.suffix
        self.title.setText(self.format.title)
        self.about.setText(_ABOUT.get(suffix, self.format.title))
        self.style_part.setVisible(suffix in _STYLED)
        typed = Path(self.path.text())
        place = typed.with_suffix(suffix) if self.path.text().strip() else self._suggested(suffix)
        self.path.setText(str(place))

    def _suggested(self, suffix: str) -> Path:
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        folder = Path(str(QSettings().value(_FOLDER, QStandardPaths.writableLocation(documents))))
        name = "".join(c if c.isalnum() or c in "-_" else "_" for c in self._name)
        return (folder if folder.is_dir() else Path.home()) / f"{name}{suffix}"

    def _browse(self) -> None:
        kind = self.format
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Export to", self.path.text(), f"{kind.title} (*{kind.suffix})"
        )
        if chosen:
            path = Path(chosen)
            self.path.setText(str(path if path.suffix else path.with_suffix(kind.suffix)))

    def _judge(self) -> bool:
        """Whether the file can be written where it is to go, as far as one can tell."""
        text = self.path.text().strip()
        fault = ""
        if not text:
            fault = "Name the file to write."
        elif not Path(text).expanduser().parent.is_dir():
            fault = f"There is no folder “{Path(text).expanduser().parent}”."
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        set_role(self.path, "fault", "true" if fault else "false")
        self.go.setEnabled(not fault)
        return not fault

    # Writing

    def start(self) -> None:
        """Begins to write; the dialog closes when the file is there."""
        if self._job is not None or not self._judge():
            return
        path, suffix = Path(self.path.text().strip()).expanduser(), self.format.suffix
        style: formats.Style = "flat" if self.flat.isChecked() else "blocks"
        analysis, folder = self._analysis, self._folder

        def work(progress: Progress, stop: threading.Event) -> tuple[Path, str]:
            return path, export(analysis, path, suffix, style, progress, stop.is_set, folder)

        self._job = Job(work, self)
        self._job.progress.connect(self._tell)
        self._job.done.connect(self._done)
        self._job.failed.connect(self._failed)
        self._show_working(working=True)
        self._job.start()

    def _tell(self, text: str) -> None:
        self.doing.setText(f"{text[:1].upper()}{text[1:]} …")

    def _done(self, written: tuple[Path, str]) -> None:
        path, note = written
        QSettings().setValue(_FOLDER, str(path.parent))
        QSettings().setValue(_SUFFIX, self.format.suffix)
        more = f" {note[:1].upper()}{note[1:]}." if note else ""
        self.told.emit("ok", f"Exported to “{path}”.{more}")
        self.accept()

    def _failed(self, why: str) -> None:
        self._end_job()
        self._show_working(working=False)
        first = why.splitlines()[0] if why else "it failed"
        self.fault.setText(f"Nothing was written: {first.rstrip('.')}.")
        self.fault.show()

    def _show_working(self, *, working: bool) -> None:
        self.bar.setRange(0, 0 if working else 1)
        self.bar.setVisible(working)
        self.doing.setVisible(working)
        self.go.setEnabled(not working)
        for part in (self.list, self.path, self.style_part):
            part.setEnabled(not working)

    def _end_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job.wait()
            self._job = None

    def done(self, result: int) -> None:
        self._end_job()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end_job()
        super().closeEvent(event)
