"""The collector of cyclic garbage, kept away from what a document is made of."""

import gc


def spare_collector() -> None:
    """Takes all that is there now out of the collector's sight, for as long as it lives.

    A large network is a million objects in no cycle; to look them through, as the collector
    does every few edits, stops the window for tenths of a second.
    """
    gc.unfreeze()
    gc.freeze()
