"""A model that was opened repeats itself: the message bar offers to fold it, by one click."""

from typing import Any

from PySide6.QtCore import QObject

from resnet_studio.core.document import Document
from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.figures import count
from resnet_studio.gui.jobs import Job
from resnet_studio.gui.message_bar import MessageBar
from resnet_studio.gui.session import Session


class FoldOffer(QObject):
    """Looks for what repeats beside the window's work, and offers it once it is found."""

    def __init__(self, session: Session, canvas: Canvas, bar: MessageBar) -> None:
        super().__init__(canvas)
        self._session, self._canvas, self._bar = session, canvas, bar
        self._job: Job | None = None
        self._offered: Document | None = None
        session.loaded.connect(self._withdraw)

    def look(self, note: str) -> None:
        """Folds the document that was just opened; ``note`` is what the bar already says of it."""
        document = self._session.document
        self.stop()
        job = self._job = Job(lambda _tell, _stop: _folded(document), self)
        job.done.connect(lambda found: self._offer(document, note, *found))
        job.start()

    def stop(self) -> None:
        """Nothing is offered any more; waits for what is under way."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
            job.wait()

    def _offer(self, document: Document, note: str, folded: Document, blocks: int) -> None:
        if self._session.document is not document or blocks < 2:
            return
        nodes = len(document.network.nodes)
        text = f"The network repeats itself: folded, its {nodes:,} nodes are "
        text += f"{len(folded.network.nodes):,}."
        self._offered = document
        self._bar.tell(
            "warning" if note else "note",
            f"{note} {text}".strip(),
            f"Fold {count(blocks, 'repeated block')}",
            lambda: self._fold(document, folded),
        )

    def _fold(self, document: Document, folded: Document) -> None:
        from resnet_studio.core.fold import fold_all
        from resnet_studio.gui.fold_dialog import laid_out

        self._offered = None
        now = self._session.document
        if now is not document:
            # Edited, or laid out, since it was looked at.
            folded = fold_all(now)
        self._session.apply("Fold repeated parts", laid_out(folded, now), select=())
        self._canvas.show_home()

    def _withdraw(self) -> None:
        """Another document: what was offered was for the one before."""
        self.stop()
        if self._offered is not None:
            self._offered = None
            self._bar.hide()


def _folded(document: Document) -> tuple[Document, int]:
    from resnet_studio.core.fold import fold_all, repeated_blocks

    folded: Any = fold_all(document)
    return folded, repeated_blocks(folded) if folded is not document else 0
