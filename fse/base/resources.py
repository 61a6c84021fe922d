"""The packaged data (`schemas/`, `fixtures/demo`, `.sql` files), and which optional extra is missing.

In a wheel `schemas/` lies inside the package; in an editable install it is the sibling folder of `fse/`.
Paths are relative to `schemas/`, with forward slashes.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType

from fse.base.errors import UsageError


@cache
def _root(folder: str) -> Traversable:
    inside = files("fse") / folder
    if inside.is_dir():
        return inside
    return Path(__file__).resolve().parents[2] / folder


def _schema(path: str) -> Traversable:
    node = _root("schemas")
    for part in path.split("/"):
        node = node / part
    return node


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


def demo_files() -> Traversable:
    """The folder of the shipped demo (`fixtures/demo`)."""
    return _root("fixtures") / "demo"


def read_sql(package: str, name: str) -> str:
    """The text of the packaged `<name>.sql` that lies beside the modules of `package` (dotted name)."""
    return (files(package) / f"{name}.sql").read_text(encoding="utf-8")


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
