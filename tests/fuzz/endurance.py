"""Long guided runs: `python -m tests.fuzz.endurance --runs N [--seed S] [TARGET…]`; all the targets when none is named.

Each target runs in a process of its own. One line of figures per target at the end; status 1 when one broke the law,
with the input made as small as it goes, to be kept in `corpus/<target>/` once the reader is mended.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from tests.fuzz.minimising import breaks_like, minimise
from tests.fuzz.targets import TARGETS


@dataclass(frozen=True, slots=True)
class Run:
    """What one run did. `rss`: its largest memory, in MB."""

    nom: str
    seed: int
    executed: int
    seconds: float
    rss: int
    crashes: list[Path]

    def __str__(self) -> str:
        rate = self.executed / max(self.seconds, 0.001)
        return (
            f"{self.nom:12} inputs {self.executed:>9}  seed {self.seed:>6}  {self.seconds:>7.0f} s  "
            f"{rate:>6.0f} /s  peak {self.rss:>4} MB  crashes {len(self.crashes)}"
        )


def run(nom: str, runs: int, seed: int, folder: Path) -> Run:
    """Fuzz one target with so many inputs; its working corpus grows in `folder`."""
    corpus, broken = folder / nom, folder / f"{nom}-broken"
    corpus.mkdir(parents=True, exist_ok=True)
    broken.mkdir(exist_ok=True)
    options = [f"-runs={runs}", f"-seed={seed}", f"-artifact_prefix={broken}/"]
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.drive", nom, str(corpus), *options],
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    seconds = time.monotonic() - start
    stats = {name: int(value) for name, value in re.findall(r"^stat::(\w+):\s+(\d+)", done.stderr, re.MULTILINE)}
    crashes = sorted(broken.iterdir())
    if done.returncode != 0 and not crashes:
        raise RuntimeError(f"{nom} did not run:\n{done.stderr[-4000:]}")
    return Run(nom, seed, stats.get("number_of_executed_units", 0), seconds, stats.get("peak_rss_mb", 0), crashes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the working corpora stay between runs")
    options = parser.parse_args()
    folder = options.folder or Path(mkdtemp(prefix="fse-endurance-"))
    broken = False
    for nom in options.targets or TARGETS:
        done = run(nom, options.runs, options.seed, folder)
        print(done, flush=True)
        for path in done.crashes:
            broken = True
            target, data = TARGETS[nom], path.read_bytes()
            error = breaks_like(target, data)
            print(f"  {path}: {error or 'not reproduced alone (time or memory?)'}")
            if error:
                print(f"  smallest: {minimise(target, data)!r}", flush=True)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
