"""Which types a person adds, and after what: remembered from one session to the next."""

import json

from PySide6.QtCore import QSettings

_SETTING = "search/added"
_MOST = 400
_USUAL = (
    "Conv2D", "BatchNormalization", "ReLU", "MaxPooling2D", "Add", "GlobalAveragePooling2D",
    "Dense", "Dropout", "Activation", "AveragePooling2D", "Concatenate", "Flatten",
    "ZeroPadding2D", "DepthwiseConv2D", "Input",
)  # fmt: skip
"""What residual networks are made of, the most frequent first."""


class Habits:
    """Counts of additions by type and by what they followed."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = _stored()

    def remember(self, type_name: str, after: str | None) -> None:
        """Counts one addition; ``after`` is the type that it follows."""
        for key in (type_name, f"{after}>{type_name}"):
            self._counts[key] = self._counts.get(key, 0) + 1
        if len(self._counts) > _MOST:
            kept = sorted(self._counts, key=self._counts.__getitem__)[-_MOST // 2 :]
            self._counts = {key: self._counts[key] for key in kept}
        QSettings().setValue(_SETTING, json.dumps(self._counts))

    def count(self, type_name: str, after: str) -> int:
        """How often a type was added after another."""
        return self._counts.get(f"{after}>{type_name}", 0)

    def weight(self, type_name: str, after: str | None) -> float:
        """How likely a type is wanted now, from 0 to about 10."""
        usual = 2.0 - _USUAL.index(type_name) / 10 if type_name in _USUAL else 0.0
        used = min(self._counts.get(type_name, 0), 10) * 0.2
        followed = min(self._counts.get(f"{after}>{type_name}", 0), 10) * 0.6
        return usual + used + followed


def _stored() -> dict[str, int]:
    try:
        found = json.loads(str(QSettings().value(_SETTING, "{}")))
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(k): v for k, v in found.items() if isinstance(v, int)}
