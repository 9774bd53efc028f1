"""Seeds of random comparisons, told so that a failure can be had again."""

import os
import random
from zlib import crc32

OF_ONES_OWN = "RESNET_STUDIO_SEED"
"""In the environment: the seed to take, to have a failure again."""


def dice(always: bool = False) -> random.Random:
    """Fresh dice for the test that asks, whose seed is printed.

    Where a change is judged (``CI``) a test throws the same each time, lest a change is held up by
    what it did not cause; with ``always`` it throws afresh there too.
    """
    test = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]
    if seed := os.environ.get(OF_ONES_OWN):
        chosen = int(seed)
    elif os.environ.get("CI") and not always:
        chosen = crc32(test.encode())
    else:
        chosen = random.SystemRandom().randrange(2**32)
    print(f"{OF_ONES_OWN}={chosen}")
    return random.Random(chosen)
