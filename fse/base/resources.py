"""The packaged data (`schemas/`, `fixtures/demo`, `.sql` files), and which optional extra is missing.

In a wheel `schemas/` lies inside the package; in an editable install it is the sibling folder of `fse/`.
Paths are relative to `schemas/`, with forward slashes.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from fse.base.errors import UsageError

_PACKAGE = Path(__file__).resolve().parents[1]
"""A package in a folder: its libraries read files by their paths, and `importlib.resources` is slow to import."""


@cache
def _root(folder: str) -> Path:
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def _schema(path: str) -> Path:
    return _root("schemas") / path


def read_text(path: str) -> str:
    """The text of one file of `schemas/`, UTF-8. Raises `FileNotFoundError`."""
    return _schema(path).read_text(encoding="utf-8")


def read_bytes(path: str) -> bytes:
    """The bytes of one file of `schemas/`. Raises `FileNotFoundError`."""
    return _schema(path).read_bytes()


def list_files(folder: str, ending: str) -> list[str]:
    """Sorted paths of the files of one folder of `schemas/` whose name has this ending (`".toml"`)."""
    return sorted(f"{folder}/{node.name}" for node in _schema(folder).iterdir() if node.name.endswith(ending))


def list_folders(folder: str) -> list[str]:
    """Sorted paths of the folders of one folder of `schemas/`."""
    return sorted(f"{folder}/{node.name}" for node in _schema(folder).iterdir() if node.is_dir())


def demo_files() -> Path:
    """The folder of the shipped demo (`fixtures/demo`)."""
    return _root("fixtures") / "demo"


@cache
def read_sql(package: str, name: str) -> str:
    """The text of the packaged `<name>.sql` that lies beside the modules of `package` (dotted name)."""
    return _PACKAGE.joinpath(*package.split(".")[1:], f"{name}.sql").read_text(encoding="utf-8")


def require(module: str, *, extra: str) -> ModuleType:
    """Import a module of an optional extra. Raises `UsageError` with the install line when it is absent."""
    try:
        return import_module(module)
    except ImportError as error:
        raise UsageError(
            "installation.extra_absent",
            f"Cette fonction demande le complément « {extra} », qui n'est pas installé.",
            action=f'Installer avec : pip install "fse[{extra}]"',
        ) from error
