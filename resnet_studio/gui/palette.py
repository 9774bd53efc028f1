"""The palette: layers by family, the document's blocks and the templates, to drag or to add."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QByteArray, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, NETWORK
from resnet_studio.core.families import FAMILIES, family, title
from resnet_studio.core.layer import LAYERS
from resnet_studio.formats import library
from resnet_studio.gui.palette_delegate import PaletteDelegate, drag_picture
from resnet_studio.gui.session import Session
from resnet_studio.gui.shelf import Shelf, to_mime
from resnet_studio.gui.widgets import Field, column, label, row

NODE_MIME = "application/x-resnet-studio-node"
TEMPLATE_MIME = "application/x-resnet-studio-template"

ENTRY = Qt.ItemDataRole.UserRole
"""The role under which an item of the tree carries its Entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to drag: a layer, a block (``mime`` NODE_MIME) or a template."""

    name: str
    family: str
    help: str = ""
    mime: str = NODE_MIME
    words: str = ""
    everyday: bool = True
    """The others are shown when they are searched for, or under “more”."""
    shelved: bool = False
    """It is a block of the library, which the document may not have."""

    def named(self, words: Iterable[str]) -> bool:
        text = f"{self.name} {self.words}".lower()
        return all(word in text for word in words)

    def matches(self, words: Iterable[str]) -> bool:
        text = f"{self.name} {self.help} {self.words}".lower()
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """A template as the palette shows it."""

    name: str
    description: str


class Palette(QWidget):
    """Search box above the tree.  Double-click or Enter adds at the middle of the canvas."""

    add_requested = Signal(str)
    template_requested = Signal(str)
    remove_block_requested = Signal(str)
    new_block_requested = Signal()
    shelve_requested = Signal(str)
    """A block of the document is to be saved to the library."""
    shelved_requested = Signal(str)
    """A block of the library is to be added."""
    unshelve_requested = Signal(str)
    """A block is to be taken from the library."""

    def __init__(
        self,
        session: Session,
        templates: Iterable[TemplateInfo] = (),
        shelf: Shelf | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._templates = session, tuple(templates)
        self.shelf = shelf if shelf is not None else Shelf(self)
        self._inside: bool | None = None
        self._complete: set[str] = set()
        self._filled: dict[str, list[Entry]] = {}
        """What stands in each section."""
        self.search = Field()
        self.search.setProperty("search", True)
        self.search.setObjectName("palette-search")
        self.search.setPlaceholderText("Search layers, blocks, templates")
        self.search.setAccessibleName("Search the palette")
        self.search.setClearButtonEnabled(True)
        self.tree = _Tree(self)
        self.nothing = label("No layer, block or template matches.", "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        head = row(self.search)
        head.setContentsMargins(0, 0, 8, 0)
        box = column(head, self.nothing, self.tree, gap=8)
        box.setContentsMargins(8, 8, 0, 0)
        self.setLayout(box)
        self.search.textChanged.connect(self.filter)
        self.search.returnPressed.connect(self.add_first)
        self.tree.itemActivated.connect(lambda item, _column: self._activate(item))
        session.changed.connect(self._changed)
        session.scope_changed.connect(self._scope_changed)
        self.shelf.changed.connect(self.refresh)
        self.refresh()

    # Contents

    def refresh(self) -> None:
        """Fills the tree from the registry, the document and the templates."""
        folded = {i.text(0) for i in self._sections() if not i.isExpanded()}
        self._inside = self._session.scope != NETWORK
        contents = dict(self._contents())
        for section in self._sections():
            if section.text(0) not in contents:
                self.tree.takeTopLevelItem(self.tree.indexOfTopLevelItem(section))
                del self._filled[section.text(0)]
        for at, (heading, entries) in enumerate(contents.items()):
            if self._filled.get(heading) != entries:
                section = self._section(at, heading)
                self._fill(section, entries)
                section.setExpanded(heading not in folded)
                self._filled[heading] = entries
        self.filter(self.search.text())

    def _section(self, at: int, heading: str) -> QTreeWidgetItem:
        """The section of that place in the order, without entries."""
        section = self.tree.topLevelItem(at)
        if section is not None and section.text(0) == heading:
            section.takeChildren()
            return section
        section = QTreeWidgetItem([heading])
        section.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.insertTopLevelItem(at, section)
        return section

    def _fill(self, section: QTreeWidgetItem, entries: list[Entry]) -> None:
        section.addChildren(
            [_item(entry) for entry in sorted(entries, key=lambda entry: not entry.everyday)]
        )
        if not all(entry.everyday for entry in entries):
            section.addChild(_more())

    def _contents(self) -> list[tuple[str, list[Entry]]]:
        blocks = self._session.document.blocks
        found = [("Blocks", [_block_entry(name, blocks[name].description) for name in blocks])]
        by_family = dict(_layer_entries())
        if self._inside:
            by_family["input"] = [
                Entry(BLOCK_INPUT, "input", "A tensor that the block is given."),
                Entry(BLOCK_OUTPUT, "output", "A tensor that the block gives back."),
            ]
        found = [(title(name), by_family[name]) for name in FAMILIES] + found
        found.append(("Library", [_shelved_entry(entry) for entry in self.shelf.entries()]))
        found.append(("Templates", [_template_entry(t) for t in self._templates]))
        return [(heading, entries) for heading, entries in found if entries]

    def _changed(self, change: object) -> None:
        before, after = getattr(change, "before", None), self._session.document
        if before is None or list(before.blocks) != list(after.blocks):
            self.refresh()

    def _scope_changed(self) -> None:
        if self._inside != (self._session.scope != NETWORK):
            self.refresh()

    # Searching

    def filter(self, text: str) -> None:
        """Shows what has every word of ``text`` in its name or family; if none, in its help."""
        words = text.lower().split()
        by_name = any(item.data(0, ENTRY).named(words) for item in self.items())
        hits = 0
        for section in self._sections():
            shown = self._filter_section(section, words, by_name)
            section.setHidden(not shown)
            if words:
                section.setExpanded(True)
            hits += shown
        self.nothing.setVisible(hits == 0)
        if words and (first := self.first_shown()) is not None:
            self.tree.setCurrentItem(first)

    def _filter_section(self, section: QTreeWidgetItem, words: list[str], by_name: bool) -> int:
        """How many entries it shows; without words those of every day, unless all are wanted."""
        complete = bool(words) or section.text(0) in self._complete
        shown = rest = 0
        for item in _entries(section):
            entry: Entry = item.data(0, ENTRY)
            fits = entry.named(words) if by_name else entry.matches(words)
            item.setHidden(not (fits and (complete or entry.everyday)))
            shown += not item.isHidden()
            rest += not entry.everyday
        for item in _children(section):
            if item.data(0, ENTRY) is None:
                item.setText(0, "Fewer" if complete else f"{rest} more…")
                item.setHidden(bool(words))
        return shown

    def unfold(self, item: QTreeWidgetItem) -> None:
        """Opens or closes a section, or shows more or fewer of its entries."""
        section = item.parent()
        if section is None:
            item.setExpanded(not item.isExpanded())
            return
        self._complete ^= {section.text(0)}
        self.filter(self.search.text())

    def first_shown(self) -> QTreeWidgetItem | None:
        """The best hit: a name that starts with what was typed, else the first of all."""
        shown = [item for item in self.items() if not item.isHidden()]
        typed = self.search.text().strip().lower()
        by_name = [i for i in shown if typed and i.text(0).lower().startswith(typed)]
        inside = [i for i in shown if typed and typed in i.text(0).lower()]
        return next(iter(by_name or inside or shown), None)

    def add_first(self) -> None:
        if self.search.text().strip() and (item := self.first_shown()) is not None:
            self._activate(item)

    def entry(self, name: str) -> QTreeWidgetItem | None:
        """The item of a layer, block or template by its name."""
        return next((item for item in self.items() if item.text(0) == name), None)

    def _sections(self) -> list[QTreeWidgetItem]:
        return _children(self.tree.invisibleRootItem())

    def items(self) -> Iterable[QTreeWidgetItem]:
        """Every layer, block and template, hidden or not."""
        for section in self._sections():
            yield from _entries(section)

    # Adding

    def _activate(self, item: QTreeWidgetItem) -> None:
        entry = item.data(0, ENTRY)
        if entry is None:
            self.unfold(item)
        elif entry.mime == TEMPLATE_MIME:
            self.template_requested.emit(entry.name)
        elif entry.shelved:
            self.shelved_requested.emit(entry.name)
        else:
            self.add_requested.emit(entry.name)


@cache
def _layer_entries() -> dict[str, list[Entry]]:
    """Every layer by its family."""
    by_family: dict[str, list[Entry]] = {name: [] for name in FAMILIES}
    for name, layer in LAYERS.items():
        kind = family(name)
        by_family[kind].append(
            Entry(name, kind, layer.help, words=title(kind), everyday=layer.everyday)
        )
    return by_family


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(at) for at in range(item.childCount()))
    return [child for child in found if child is not None]


def _entries(section: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [item for item in _children(section) if item.data(0, ENTRY) is not None]


def _more() -> QTreeWidgetItem:
    item = QTreeWidgetItem([""])
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    item.setToolTip(0, "Layers of one and three axes, and others that are seldom wanted")
    return item


def _item(entry: Entry) -> QTreeWidgetItem:
    item = QTreeWidgetItem([entry.name])
    item.setData(0, ENTRY, entry)
    item.setToolTip(0, entry.help)
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
    )
    return item


def _block_entry(name: str, description: str) -> Entry:
    return Entry(name, "block", description or "A block of this network.", words="block")


def _shelved_entry(entry: library.Entry) -> Entry:
    own = "" if entry.shipped else " Your own block."
    return Entry(entry.name, "block", entry.description + own, words="library block", shelved=True)


def _template_entry(template: TemplateInfo) -> Entry:
    return Entry(template.name, "template", template.description, TEMPLATE_MIME, "template network")


class _Tree(QTreeWidget):
    """The entries; a drag carries the name under the entry's MIME type."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(palette)
        self._palette = palette
        self.setObjectName("palette-tree")
        self.setAccessibleName("Palette")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(False)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(PaletteDelegate(self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.itemClicked.connect(self._fold)

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        data = QMimeData()
        entry = items[0].data(0, ENTRY) if items else None
        if entry is not None:
            data.setData(entry.mime, QByteArray(entry.name.encode()))
            data.setText(entry.name)
        if entry is not None and entry.shelved:
            shelved = self._palette.shelf.find(entry.name)
            if shelved is not None:
                to_mime(data, shelved)
        return data

    def startDrag(self, actions: Qt.DropAction) -> None:
        item = self.currentItem()
        entry: Entry | None = item.data(0, ENTRY) if item is not None else None
        if item is None or entry is None:
            return
        drag = QDrag(self)
        drag.setMimeData(self.mimeData([item]))
        picture: QPixmap = drag_picture(entry.name, entry.family, self.devicePixelRatioF())
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(24, 16))
        drag.exec(Qt.DropAction.CopyAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem():
            self.itemActivated.emit(self.currentItem(), 0)
            return
        super().keyPressEvent(event)

    def _fold(self, item: QTreeWidgetItem) -> None:
        if item.data(0, ENTRY) is None:
            self._palette.unfold(item)

    def _menu(self, at: QPoint) -> None:
        item = self.itemAt(at)
        entry: Entry | None = item.data(0, ENTRY) if item is not None else None
        menu = QMenu(self)
        if entry is not None and entry.shelved:
            self._shelved_menu(menu, entry)
        elif entry is not None and entry.mime == NODE_MIME:
            menu.addAction(
                f"Add {entry.name}", lambda: self._palette.add_requested.emit(entry.name)
            )
        if entry is not None and entry.family == "block" and not entry.shelved:
            menu.addAction(
                "Save to the library", lambda: self._palette.shelve_requested.emit(entry.name)
            )
            menu.addAction(
                f"Remove the block “{entry.name}”",
                lambda: self._palette.remove_block_requested.emit(entry.name),
            )
        if entry is not None and entry.mime == TEMPLATE_MIME:
            menu.addAction(
                f"Open “{entry.name}”", lambda: self._palette.template_requested.emit(entry.name)
            )
        menu.addAction("New block…", self._palette.new_block_requested.emit)
        menu.exec(self.viewport().mapToGlobal(at))

    def _shelved_menu(self, menu: QMenu, entry: Entry) -> None:
        palette = self._palette
        menu.addAction(f"Add {entry.name}", lambda: palette.shelved_requested.emit(entry.name))
        shelved = palette.shelf.find(entry.name)
        if shelved is not None and not shelved.shipped:
            text = f"Remove “{entry.name}” from the library"
            menu.addAction(text, lambda: palette.unshelve_requested.emit(entry.name))
