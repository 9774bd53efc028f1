"""Names found by a few of their letters: ``c2d`` is Conv2D, ``bn`` BatchNormalization."""

import re
from typing import NamedTuple

_LITERAL = 12.0


class Match(NamedTuple):
    """How well a name matches (more is better), and which of its letters were meant."""

    score: float
    letters: tuple[int, ...]


def match(typed: str, name: str) -> Match | None:
    """How ``typed`` is found in ``name``; None where its letters do not stand there in order.

    The start of the name counts most, then the starts of its words (Batch|Normalization, Conv|2|D),
    then letters that follow each other; of two names that match alike, the shorter is meant.
    """
    wanted = re.sub(r"[\s_\-]+", "", typed.lower())
    if not wanted:
        return Match(0.0, ())
    starts = _word_starts(name)
    best = _whole(wanted, name, starts) or _scattered(wanted, name.lower(), starts)
    if best is None:
        return None
    # Whoever types “conv_” means a name that has it, not Conv2D.
    literal = _LITERAL if "_" in typed and typed.lower() in name.lower() else 0.0
    return best._replace(score=best.score + literal - len(name) / 100)


def _word_starts(name: str) -> set[int]:
    return {
        i
        for i, letter in enumerate(name)
        if i == 0
        or name[i - 1] == "_"
        or (letter.isupper() and not name[i - 1].isupper())
        or (letter.isdigit() and not name[i - 1].isdigit())
        or (letter.isupper() and name[i - 1].isdigit())
    }


def _whole(wanted: str, name: str, starts: set[int]) -> Match | None:
    """The letters in one piece, underscores passed over."""
    kept = [i for i, letter in enumerate(name) if letter != "_"]
    bare = "".join(name[i] for i in kept).lower()
    places = [m.start() for m in re.finditer(f"(?={re.escape(wanted)})", bare)]
    if not places:
        return None
    at = next((p for p in places if kept[p] in starts), places[0])
    value = 20.0 if at == 0 else 14.0 if kept[at] in starts else 8.0
    if len(wanted) == len(bare):
        value += 10.0
    return Match(value, tuple(kept[at : at + len(wanted)]))


def _scattered(wanted: str, name: str, starts: set[int]) -> Match | None:
    """The letters in order, at starts of words wherever that is possible."""
    letters: list[int] = []
    score, after = 0.0, 0
    for letter in wanted:
        here = name.find(letter, after)
        if here < 0:
            return None
        leaps = (i for i in sorted(starts) if i >= after and name[i] == letter)
        if letters and name[after : after + 1] == letter and after == letters[-1] + 1:
            here = after
        else:
            leap = next(leaps, None)
            if leap is not None and all(c in name[leap + 1 :] for c in wanted[len(letters) + 1 :]):
                here = leap
        score += 2.0 if here in starts else 1.0 if letters and here == letters[-1] + 1 else -1.0
        letters.append(here)
        after = here + 1
    # Letters strewn over a name are not what anyone means.
    return Match(score, tuple(letters)) if letters[0] in starts and score > 0 else None
