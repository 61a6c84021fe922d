"""How long `fse --version` and `fse lire` on a small file take from start to end, beside bare Python.

    .venv/bin/python benchmarks/start_up.py [FILE] [--rounds 20]

The commands are interleaved, so that a busy moment of the machine touches all of them; a first round is not
counted: it leaves the compiled modules that an installed program has. Times are milliseconds of wall clock; the last
column is the median less that of bare Python.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[1]


SMALL_FILE = ROOT / "fixtures" / "noemie" / "ligne-rejetee" / "retour.noe"
"""One small return of the fixtures."""

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run_once(command: list[str]) -> float:
    """Milliseconds from start to end. Status 1 of `fse` is a content with findings, and is timed like 0."""
    start = time.perf_counter()
    run = subprocess.run(command, capture_output=True, check=False, env=ENVIRONMENT)
    elapsed = 1000 * (time.perf_counter() - start)
    if run.returncode not in (0, 1) or b"Traceback" in run.stderr:
        raise SystemExit(f"{' '.join(command)}: exit status {run.returncode}\n{run.stderr.decode()}")
    return elapsed


def main() -> None:
    """Measure, and print one line a command."""
    parser = argparse.ArgumentParser(description="Start-up times of fse, beside bare Python.")
    parser.add_argument("file", nargs="?", type=Path, help="file that `fse lire` reads")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    file = options.file or SMALL_FILE

    fse = str(Path(sys.executable).with_name("fse"))
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "fse --version": [fse, "--version"],
        "fse lire": [fse, "lire", str(file)],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_number in range(options.rounds + 1):
        for name, command in commands.items():
            elapsed = run_once(command)
            if round_number:
                times[name].append(elapsed)

    print(f"{options.rounds} rounds, Python {sys.version.split()[0]}, file of {file.stat().st_size} bytes: {file.name}")
    print(f"{'ms':<16}{'median':>9}{'1st quart.':>12}{'3rd quart.':>12}{'over bare':>11}")
    bare = median(times["python -c pass"])
    for name, values in times.items():
        first, _, third = quantiles(values, n=4, method="inclusive")
        print(f"{name:<16}{median(values):>9.1f}{first:>12.1f}{third:>12.1f}{median(values) - bare:>+11.1f}")


if __name__ == "__main__":
    main()
