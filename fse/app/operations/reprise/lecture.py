"""Reads a description of previous software, TOML with its open invoices beside in CSV or not; every problem is said.

cabinet = "cabinet-demo"
dernier_fichier = 412
factures = "ouvertes.csv"       # semicolons, UTF-8, a header of the same names; or [[factures]] here

[[prestataires]]
numero = "001234566"
dernier_numero = 5120
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fse.app.operations.reprise.cles import DOCUMENT, FACTURE, PRESTATAIRE, Cle
from fse.app.operations.reprise.lignes import Lignes
from fse.base.errors import UnreadableError, UsageError
from fse.base.findings import Finding, Place, finding
from fse.base.french import system_reason


@dataclass(frozen=True, slots=True)
class Lue:
    """One table, or one row of a CSV: its values, and where it stands (`ou`), then each of its keys."""

    valeurs: Mapping[str, Any]
    ou: str
    lieux: Mapping[str, str]

    def place(self, cle: str) -> str:
        """Where a key stands, or should."""
        return self.lieux.get(cle, self.ou)

    def get(self, cle: str) -> Any:
        """The value of a key, `None` when it is absent."""
        return self.valeurs.get(cle)


@dataclass(slots=True)
class Entree:
    """What was read, and what is wrong with it. What does not read is left out: a finding says why."""

    document: Lue = field(default_factory=lambda: Lue({}, "Ligne 1", {}))
    prestataires: list[Lue] = field(default_factory=list)
    factures: list[Lue] = field(default_factory=list)
    constats: list[Finding] = field(default_factory=list)


def problem(code: str, ou: str, cle: str, **values: object) -> Finding:
    """A finding about a key: its message names the line and the key."""
    return finding(f"reprise.{code}", Place(type="reprise", champ=cle), ou=ou, cle=cle, **values)


def read(contenu: bytes, dossier: Path) -> Entree:
    """What a description says; `dossier` is where the CSV that it names is.

    Raises `UnreadableError` (`reprise.illisible`) when it is no TOML, or the CSV no CSV; `UsageError`
    (`entree.absente`) when the CSV is not there.
    """
    try:
        text = contenu.decode("utf-8-sig")
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"ce n'est pas du TOML en UTF-8 ({error})", "") from None
    reader = _Reader(Lignes(text))
    entree = Entree(constats=reader.constats)
    lists = {name: document.pop(name, []) for name in ("prestataires", "factures")}
    entree.document = reader.table(DOCUMENT, document, "", 1) or entree.document
    entree.prestataires = list(reader.tables("prestataires", PRESTATAIRE, lists["prestataires"]))
    if isinstance(lists["factures"], str):
        entree.factures = list(reader.rows(dossier / lists["factures"], FACTURE))
    else:
        entree.factures = list(reader.tables("factures", FACTURE, lists["factures"]))
    return entree


class _Reader:
    def __init__(self, lignes: Lignes) -> None:
        self._lignes = lignes
        self.constats: list[Finding] = []

    def tables(self, name: str, cles: Mapping[str, Cle], given: Any) -> Iterator[Lue]:
        """A list of tables of the document."""
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            ou = self._line(name, 1, "")
            self.constats.append(problem("valeur", ou, name, attendu=f"une suite de tables [[{name}]]"))
            return
        for rank, table in enumerate(given, start=1):
            lue = self.table(cles, table, name, rank)
            if lue is not None:
                yield lue

    def table(self, cles: Mapping[str, Cle], given: Mapping[str, Any], name: str, rank: int) -> Lue | None:
        """One table of the document; the whole of it is the table ""."""
        return self._read(cles, given, self._line(name, rank, ""), {key: self._line(name, rank, key) for key in given})

    def rows(self, path: Path, cles: Mapping[str, Cle]) -> Iterator[Lue]:
        """The rows of a CSV; an empty cell is an absent key."""
        lines = list(_cells(path))
        if not lines:
            raise _unreadable("il est vide", str(path))
        (_, names), *others = lines
        ou = f"Ligne 1 de {path.name}"
        wrong = [problem("cle_inconnue", ou, name) for name in names if name not in cles]
        wrong += [problem("en_double", ou, name, valeur=name) for name in sorted({*names}) if names.count(name) > 1]
        self.constats.extend(wrong)
        for line, cells in others if not wrong else ():
            ou = f"Ligne {line} de {path.name}"
            if len(cells) != len(names):
                self.constats.append(problem("colonnes", ou, "", attendu=len(names), trouve=len(cells)))
                continue
            given = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
            lue = self._read(cles, given, ou, {})
            if lue is not None:
                yield lue

    def _read(self, cles: Mapping[str, Cle], given: Mapping[str, Any], ou: str, lieux: Mapping[str, str]) -> Lue | None:
        values, found = {}, []
        for key, value in given.items():
            where = lieux.get(key, ou)
            if key not in cles:
                found.append(problem("cle_inconnue", where, key))
                continue
            try:
                values[key] = cles[key].read(value)
            except ValueError:
                found.append(problem("valeur", where, key, attendu=cles[key].attendu))
        found += [problem("cle_absente", ou, key) for key in cles if cles[key].obligatoire and key not in given]
        self.constats.extend(found)
        return None if found else Lue(values, ou, lieux)

    def _line(self, table: str, rank: int, key: str) -> str:
        return f"Ligne {self._lignes.of(table, rank, key)}"


def _cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV that are not empty, with the line on which each starts."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(
            "entree.absente",
            f"Le fichier des factures ouvertes ne se lit pas : {system_reason(error)}.",
            action="Vérifier son nom dans la clé factures ; son chemin part du dossier du fichier de reprise.",
            lieu=str(path),
        ) from None
    except ValueError:  # also a null character in the name
        raise _unreadable("il n'est pas en UTF-8", str(path)) from None
    reader = csv.reader(text.splitlines(keepends=True), delimiter=";", strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, [cell.strip() for cell in cells]
            start = reader.line_num + 1
    except csv.Error as error:
        raise _unreadable(f"ligne {start}, ce n'est pas du CSV à points-virgules ({error})", str(path)) from None


def _unreadable(reason: str, lieu: str) -> UnreadableError:
    return UnreadableError(
        "reprise.illisible",
        f"Ce fichier de reprise ne se lit pas : {reason}.",
        action="Corriger sa syntaxe ; un exemple commenté est dans docs/cabinet.md.",
        lieu=lieu,
    )
