"""One target under the guided fuzzer (atheris, libFuzzer): `python -m tests.fuzz.drive TARGET [options of libFuzzer]`.

Only `fse` is instrumented. Every input is half the time one of our own damage, half the time one of libFuzzer's. The
seeds are written beside the working corpus of the run, whose folder is the first argument that is not an option.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["fse"]):
    from tests.fuzz.targets import TARGETS, start


def main(arguments: list[str]) -> None:
    target = TARGETS[arguments[1]]
    folder = next(Path(one) for one in arguments[2:] if not one.startswith("-"))
    inputs, mutate = start(target.nom)
    folder.mkdir(parents=True, exist_ok=True)
    for rank, one in enumerate(inputs):
        (folder / f"seed-{rank:03d}").write_bytes(one)

    def custom_mutator(data: bytes, max_size: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.random() < 0.3:
            return bytes(atheris.Mutate(data, max_size))
        return mutate(data, chance)[:max_size]

    options = [f"-max_len={target.longueur}", "-timeout=20", "-rss_limit_mb=1024", "-print_final_stats=1"]
    warnings.simplefilter("error")
    atheris.Setup([arguments[0], *options, *arguments[2:]], target.prove, custom_mutator=custom_mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
