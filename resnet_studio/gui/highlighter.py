"""Colours for Python code, as far as exported code needs them."""

import re

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from resnet_studio.gui.theme import theme, theme_notifier

_TOKENS = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>("[^"\\\n]*(?:\\.[^"\\\n]*)*")|('[^'\\\n]*(?:\\.[^'\\\n]*)*'))
      | (?P<keyword>\b(?:and|as|assert|def|elif|else|False|for|from|if|import|in|is|lambda|None
                     |not|or|return|True|while|with)\b)
      | (?P<number>\b\d+(?:\.\d*)?(?:[eE][+-]?\d+)?\b)
      | (?P<function>\b[A-Za-z_]\w*(?=\())""",
    re.VERBOSE,
)
_QUOTES = '"""'
_PLAIN, _INSIDE = 0, 1


class PythonHighlighter(QSyntaxHighlighter):
    """Comments, strings (docstrings over several lines too), keywords, numbers and calls."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self._take_colours()
        theme_notifier().changed.connect(self._recolour)

    def _take_colours(self) -> None:
        for kind in ("comment", "string", "keyword", "number", "function"):
            made = QTextCharFormat()
            made.setForeground(theme().color(f"code-{kind}"))
            if kind == "keyword":
                made.setFontWeight(QFont.Weight.DemiBold)
            self._formats[kind] = made

    def _recolour(self) -> None:
        self._take_colours()
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        start = 0
        self.setCurrentBlockState(_PLAIN)
        if self.previousBlockState() == _INSIDE:
            start = self._docstring(text, 0, 0)
        while start < len(text):
            opening = text.find(_QUOTES, start)
            end = len(text) if opening < 0 else opening
            self._tokens(text, start, end)
            start = end if opening < 0 else self._docstring(text, opening, opening + 3)

    def _docstring(self, text: str, start: int, inside: int) -> int:
        """Colours up to the closing quotes; returns where the text goes on."""
        closing = text.find(_QUOTES, inside)
        if closing < 0:
            self.setCurrentBlockState(_INSIDE)
        end = len(text) if closing < 0 else closing + 3
        self.setFormat(start, end - start, self._formats["string"])
        return end

    def _tokens(self, text: str, start: int, end: int) -> None:
        for found in _TOKENS.finditer(text, start, end):
            kind = found.lastgroup or "string"
            if kind in self._formats:
                self.setFormat(found.start(), found.end() - found.start(), self._formats[kind])
