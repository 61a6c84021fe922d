"""The smallest failing input of each finding code.

One module a prefix, `cas_<prefix>.py`, beside this one, with a dictionary `CAS`: a code, and a function without
arguments that gives the findings of its smallest failing input. To add a code to `schemas/constats`, add its case.
"""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from fse.base.findings import Finding
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow

Case = Callable[[], Iterable[Finding]]


def cases() -> dict[str, Case]:
    """Every case by code. Raises `ValueError` when a code has two, or stands in the module of another prefix."""
    found: dict[str, Case] = {}
    for path in sorted(Path(__file__).parent.glob("cas_*.py")):
        prefix = path.stem.removeprefix("cas_")
        for code, case in import_module(f"tests.findings.{path.stem}").CAS.items():
            if code in found or code.split(".")[0] != prefix:
                raise ValueError(f"{code} has two cases, or does not belong to {path.name}")
            found[code] = case
    return found


def findings_of(data: bytes) -> list[Finding]:
    """All the findings of reading a content, those of its records included."""
    found: list[Finding] = []
    for item in read([data]):
        if isinstance(item, EntityRow):
            found.extend(item.constats)
        elif isinstance(item, Finding):
            found.append(item)
    return found


def changed(data: bytes, place: int, text: bytes) -> bytes:
    """The content with these bytes from a 0-based offset on."""
    return data[:place] + text + data[place + len(text) :]
