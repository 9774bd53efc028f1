"""A model that was opened repeats itself: the message bar offers to fold it, by one click."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from resnet_studio.core.document import Document
from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.figures import count
from resnet_studio.gui.latest import Latest, is_few
from resnet_studio.gui.message_bar import MessageBar
from resnet_studio.gui.session import Session

if TYPE_CHECKING:
    from resnet_studio.gui.fold_dialog import Folded

_LABEL = "Fold repeated parts"


class FoldOffer(QObject):
    """Looks for what repeats beside the window's thread, offers it, and folds it there too."""

    def __init__(self, session: Session, canvas: Canvas, bar: MessageBar) -> None:
        super().__init__(canvas)
        self._session, self._canvas, self._bar = session, canvas, bar
        self._work = Latest(self)
        self._told = ""
        """What the bar was given to say last."""
        session.loaded.connect(self.stop)

    def look(self, note: str) -> None:
        """Folds the document that was just opened; ``note`` is what the bar already says of it."""
        document = self._session.document
        self._work.ask(partial(_folded, document), partial(self._offer, document, note))

    def stop(self) -> None:
        """Nothing is offered any more, and nothing folded: another document, or none."""
        self._work.drop()
        self._bar.take_back(self._told)

    def _tell(self, kind: str, text: str, way_on: str, follow: Callable[[], None]) -> None:
        self._told = text
        self._bar.tell(kind, text, way_on, follow)

    def _offer(
        self, document: Document, note: str, found: tuple[Document, int] | Exception
    ) -> None:
        if isinstance(found, Exception):
            raise found
        folded, blocks = found
        if self._session.document is not document or blocks < 2:
            return
        nodes = len(document.network.nodes)
        text = f"The network repeats itself: folded, its {nodes:,} nodes are "
        text += f"{len(folded.network.nodes):,}."
        self._tell(
            "warning" if note else "note",
            f"{note} {text}".strip(),
            f"Fold {count(blocks, 'repeated block')}",
            partial(self._fold, document, folded),
        )

    def _fold(self, document: Document, folded: Document) -> None:
        """Folds what there is now: ``folded`` is what came of ``document``."""
        from resnet_studio.core.fold import fold_all
        from resnet_studio.gui.fold_dialog import worked_out

        now, known = self._session.document, self._session.analysis
        # Edited, or laid out, since it was looked at?
        fold = partial(fold_all, now) if now is not document else lambda: folded
        few = is_few(now)
        if not few:
            self._tell("note", "Folding the network …", "Cancel", self._work.drop)
        self._work.settle(partial(worked_out, fold, now, known), partial(self._take, now), few)

    def _take(self, before: Document, folded: "Folded | Exception") -> None:
        self._bar.take_back(self._told)
        if isinstance(folded, Exception):
            raise folded
        if self._session.document is not before:
            again = partial(self._fold, before, folded.document)
            self._tell("note", "The network changed while it was folded.", "Fold it again", again)
            return
        self._session.apply(_LABEL, folded.document, select=(), analysis=folded.analysis)
        self._canvas.show_home()


def _folded(document: Document) -> tuple[Document, int]:
    from resnet_studio.core.fold import fold_all, repeated_blocks

    folded: Any = fold_all(document)
    return folded, repeated_blocks(folded) if folded is not document else 0
