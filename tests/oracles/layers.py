"""The table of floors and rooms of architecture section 3, as data, and a walk over the imports that breaks it.

It complements import-linter: the table is retyped here from the document, the imports are read from the syntax tree
alone (nothing runs), and what import-linter cannot see is seen (`import_module("fse…")`, a room out of the table).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "fse"
FACE = (
    "fse itself"  # `import fse`: one public function a command, loaded lazily, for the callers (contract, Python API)
)


@dataclass(frozen=True, slots=True)
class Floor:
    """A folder of `fse/`: ranks of rooms from the lowest up; rooms of one rank do not know each other."""

    folder: str
    ranks: tuple[frozenset[str], ...]


def _ranks(*ranks: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(rank.split()) for rank in ranks)


# Section 3, from floor 1 up. "then" in the document separates two ranks.
FLOORS: tuple[Floor, ...] = (
    Floor("base", _ranks("dates errors findings french identifiers masking money plages resources working_days")),
    Floor("norm", _ranks("layout referentiels", "model", "codec")),
    Floor("domain", _ranks("cotation emission reconciliation echeances incitation bank signature")),
    Floor("infra", _ranks("journal engines keys transport")),
    Floor("app", (*_ranks("operations caisse", "reports", "nightly", "masse"), frozenset({FACE}), *_ranks("cli"))),
)
# Floor 1 is small and pure: the document does not keep its rooms apart (findings need resources and errors).
OPEN_FLOOR = "base"

# Section 3: the payer simulator may not import journal, reconciliation or incitation.
FORBIDDEN: dict[tuple[str, str], frozenset[tuple[str, str]]] = {
    ("app", "caisse"): frozenset({("infra", "journal"), ("domain", "reconciliation"), ("domain", "incitation")}),
}


@dataclass(frozen=True, slots=True)
class Import:
    """One import of `fse` found in the code: where (path and line), by which module, of which module."""

    where: str
    importer: str
    imported: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Height of a module: floor from 1, rank in the floor from 0, names."""

    floor: int
    rank: int
    folder: str
    room: str


def imports(root: Path) -> list[Import]:
    """Every import of `fse` by a module of `root/fse`, in order of path and line; SyntaxError passes through."""
    modules = {_module_name(path, root): path for path in sorted((root / PACKAGE).rglob("*.py"))}
    known = {
        ".".join(parts[:end]) for parts in (name.split(".") for name in modules) for end in range(1, len(parts) + 1)
    }
    return [found for name, path in modules.items() for found in _imports_of(name, path, root, known)]


def violations(root: Path) -> list[str]:
    """Imports that go up or sideways, rooms out of the table; no import at all is a violation (nothing was checked)."""
    found = imports(root)
    if not found:
        return [f"no import of {PACKAGE} seen under {root.name}: nothing was checked"]
    return [f"{edge.where}: {edge.importer} imports {edge.imported}: {why}" for edge in found if (why := _judge(edge))]


def _module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports_of(name: str, path: Path, root: Path, known: set[str]) -> Iterator[Import]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        for target in _targets(node, package, known):
            if target.split(".")[0] == PACKAGE:
                yield Import(f"{path.relative_to(root).as_posix()}:{getattr(node, 'lineno', 0)}", name, target)


def _targets(node: ast.AST, package: str, known: set[str]) -> Iterator[str]:
    """Absolute names of the modules that a node imports; `from a import b` is `a.b` when that is a module or a folder
    of modules, all of which `known` holds.
    """
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        origin = _absolute(node, package)
        for alias in node.names:
            name = f"{origin}.{alias.name}"
            yield name if name in known else origin
    elif isinstance(node, ast.Call) and node.args:
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if function in ("import_module", "__import__") and isinstance(first, ast.Constant):
            yield str(first.value)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, node.module] if node.module else above)


def _place(module: str) -> _Place | None:
    """Where a module stands; None when its floor or its room is not in the table."""
    names = module.split(".")
    if len(names) == 1:
        names = [PACKAGE, "app", FACE]
    elif names[1] == "__main__":
        names = [PACKAGE, "app", "cli"]
    for floor, description in enumerate(FLOORS, start=1):
        if description.folder != names[1]:
            continue
        if len(names) == 2:  # the floor's own package: above its rooms
            return _Place(floor, len(description.ranks), names[1], "")
        for rank, rooms in enumerate(description.ranks):
            if names[2] in rooms:
                return _Place(floor, rank, names[1], names[2])
    return None


def _judge(edge: Import) -> str:
    """Why an import is refused; '' when it goes down or stays in its room."""
    importer, imported = _place(edge.importer), _place(edge.imported)
    if importer is None or imported is None:
        return f"{edge.importer if importer is None else edge.imported} is not in the table of floors and rooms"
    here, there = (importer.folder, importer.room), (imported.folder, imported.room)
    if there in FORBIDDEN.get(here, ()):
        return f"{importer.room} may not know {imported.room}"
    if (imported.floor, imported.rank) > (importer.floor, importer.rank):
        return "upward"
    if (imported.floor, imported.rank) == (importer.floor, importer.rank) and here != there:
        return "" if importer.folder == OPEN_FLOOR else "sideways"
    return ""
