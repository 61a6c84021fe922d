"""What a run was measured on: processor, cores, memory, system, Python, the libraries that do the work."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

LIBRARIES = ("numpy", "pyarrow", "duckdb", "cryptography", "construct", "SQLAlchemy", "lxml")


def machine() -> dict[str, Any]:
    """Linux tells its processor and memory; elsewhere what is not told is left out."""
    found: dict[str, Any] = {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }
    if name := _first(Path("/proc/cpuinfo"), r"^model name\s*:\s*(.+)$"):
        found["processor"] = name
    if kilobytes := _first(Path("/proc/meminfo"), r"^MemTotal:\s*(\d+)"):
        found["memory_gib"] = round(int(kilobytes) / 2**20, 1)
    return found


def versions() -> dict[str, str]:
    """Of our libraries, those that are installed."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _first(path: Path, pattern: str) -> str | None:
    if not path.is_file():
        return None
    match = re.search(pattern, path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return match[1].strip() if match else None
