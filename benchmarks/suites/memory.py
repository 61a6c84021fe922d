"""The memory that a fresh process takes at most to read a return by columns: `python -m benchmarks.suites.memory FILE`.

Without a file: what importing the reader and reading next to nothing takes. Linux tells it in `VmHWM`; elsewhere there
is no figure (`ru_maxrss` would count what the parent holds).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.suites.files import noemie_file

STATUS = Path("/proc/self/status")


def peak(path: Path | None) -> float:
    """Megabytes, of a fresh process."""
    command = [sys.executable, "-m", "benchmarks.suites.memory", *([] if path is None else [str(path)])]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def main() -> None:
    """Read, then print the megabytes."""
    from benchmarks.suites.reading import by_columns  # which measures with this module

    if sys.argv[1:]:
        by_columns(Path(sys.argv[1]))
    else:
        with tempfile.NamedTemporaryFile() as file:
            file.write(noemie_file(100))
            file.flush()
            by_columns(Path(file.name))
    print(int(STATUS.read_text(encoding="ascii").split("VmHWM:")[1].split()[0]) / 1024)


if __name__ == "__main__":
    main()
