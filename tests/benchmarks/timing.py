"""Medians and the table that a benchmark prints: only ratios of one run mean anything."""

import gc
import time
from collections.abc import Callable
from statistics import median


def seconds(action: Callable[[int], object], runs: int) -> float:
    """Median time of ``action(k)`` for k = 0, 1, 2 …, after one run that is not counted."""
    return paired(runs, action)[0]


def paired(runs: int, *actions: Callable[[int], object]) -> list[float]:
    """Median times of several actions, taken in turn so that all meet the same machine."""
    for action in actions:
        action(-1)
    # What is there before, Keras' own millions of objects among it, is not searched for garbage.
    gc.collect()
    gc.freeze()
    times = [[_timed(action, k) for action in actions] for k in range(runs)]
    return [median(column) for column in zip(*times, strict=True)]


def _timed(action: Callable[[int], object], k: int) -> float:
    start = time.perf_counter()
    action(k)
    return time.perf_counter() - start


def show(title: str, rows: list[tuple[str, float]]) -> None:
    """Prints figures in a readable unit."""
    print(f"\n{title}")
    for label, value in rows:
        unit, scale = ("s", 1.0) if value >= 1 else ("ms", 1e3) if value >= 1e-3 else ("µs", 1e6)
        print(f"  {label:<58} {value * scale:10.2f} {unit}")


def ratio(label: str, value: float, bound: float, at_least: bool = True) -> bool:
    """Prints a ratio beside its bound; returns whether it holds."""
    holds = value >= bound if at_least else value <= bound
    sign = "≥" if at_least else "≤"
    print(f"  {label:<58} {value:10.2f}    (aim {sign} {bound:g}: {'met' if holds else 'MISSED'})")
    return holds
