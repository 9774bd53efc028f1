"""How much memory a process may still take."""

import os
from pathlib import Path

_UNKNOWN = 4 * 2**30
"""Assumed where the system does not say: what the smallest usual machine has."""


def memory_available() -> int:
    """Bytes that can be had without swapping."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return _UNKNOWN


def gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
