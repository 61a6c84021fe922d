"""The cases of `fixtures/`: one folder each, a `cas.toml` and the files that it tells about. Reads, judges nothing.

A key that is not written here is an error, so that a mistyped expectation is never a silent one. What each key means
is in `fixtures/README.md`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FAMILIES = ("arl", "b2", "noemie")
SOUND, FAULTY = "positif", "negatif"

Table = Mapping[str, Any]
_Types = dict[str, type]

_TOP: _Types = {"titre": str, "histoire": str, "source": str, "date": date, "marque": str, "attendu": dict}
_TOP_OPTIONAL: _Types = {
    "nature": str,
    "normes": list,
    "justification": str,
    "entree": list,
    **dict.fromkeys(("genere_par", "prestataires", "personnes"), str),
}
_EXPECTED: _Types = {
    "lire": list,
    "verifier": list,
    "recevoir": list,
    "etats": list,
    "constats": list,
    "virements": list,
    "factures": list,
}
_LIRE: _Types = {"fichier": str, "etat": int}
_LIRE_OPTIONAL: _Types = {"fichiers": list, "enregistrements": dict, "constats": list, "valeurs": list}
_CONSTAT: _Types = {"code": str}
_CONSTAT_OPTIONAL: _Types = {
    "rang": int,
    "octet": int,
    "type": str,
    "champ": str,
    "debut": int,
    "fin": int,
    "brut": str,
}
_VALEURS: _Types = {"rang": int, "type": str}
_VERIFIER: _Types = {"fichier": str, "etat": int, "constats": list}
_RECEVOIR: _Types = {"fichier": str, "verdict": str}
_RECEVOIR_OPTIONAL: _Types = {"motif": str, "constats": list}
_ETAT: _Types = {"numero": int, "partie": str, "etat": str, "demande": int, "paye": int}


@dataclass(frozen=True)
class Case:
    """One case. `entree` are the recipes of its files; a file without one is made by what `genere_par` names."""

    folder: Path
    titre: str
    nature: str
    marque: str
    entree: tuple[Table, ...]
    lire: tuple[Table, ...]
    verifier: tuple[Table, ...]
    recevoir: tuple[Table, ...]
    etats: tuple[Table, ...]
    virements: tuple[Table, ...] | None
    factures: tuple[Table, ...] | None

    @property
    def name(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def famille(self) -> str:
        return self.folder.parent.name

    def bytes_of(self, fichier: str) -> bytes:
        return (self.folder / fichier).read_bytes()


@cache
def load_cases() -> tuple[Case, ...]:
    """Every case, by family then by name. Raises `ValueError` on a key that is missing, unknown, or of another type."""
    folders = [path for family in FAMILIES for path in sorted((FIXTURES / family).iterdir()) if path.is_dir()]
    return tuple(load_case(folder) for folder in folders)


def load_case(folder: Path) -> Case:
    """The case of a folder. Raises `ValueError`."""
    text = (folder / "cas.toml").read_text(encoding="utf-8")
    return parse_case(folder, tomllib.loads(text))


def parse_case(folder: Path, document: Table) -> Case:
    """The case that a parsed `cas.toml` tells. Raises `ValueError`, in English, naming the place."""
    place = f"{folder.parent.name}/{folder.name}"
    _expect(document, _TOP, _TOP_OPTIONAL, place)
    if ("entree" in document) == ("genere_par" in document):
        raise ValueError(f"{place}: entree, or genere_par, tells how the files were made")
    for key in ("nature", "normes"):
        if key not in document:
            raise ValueError(f"{place}: {key} is missing")
    if document["nature"] not in (SOUND, FAULTY):
        raise ValueError(f"{place}: nature is {SOUND} or {FAULTY}")
    attendu = document["attendu"]
    _expect(attendu, {"lire": list}, _EXPECTED, f"{place}: attendu")
    for one in attendu["lire"]:
        _expect(one, _LIRE, _LIRE_OPTIONAL, f"{place}: attendu.lire")
        for constat in one.get("constats", ()):
            _expect(constat, _CONSTAT, _CONSTAT_OPTIONAL, f"{place}: attendu.lire.constats")
        for values in one.get("valeurs", ()):
            _expect({key: values[key] for key in _VALEURS if key in values}, _VALEURS, {}, f"{place}: valeurs")
    _expect_each(attendu, "verifier", _VERIFIER, {}, place)
    _expect_each(attendu, "recevoir", _RECEVOIR, _RECEVOIR_OPTIONAL, place)
    _expect_each(attendu, "etats", _ETAT, {}, place)
    return Case(
        folder=folder,
        titre=document["titre"],
        nature=document["nature"],
        marque=document["marque"],
        entree=tuple(document.get("entree", ())),
        **{key: tuple(attendu.get(key, ())) for key in ("lire", "verifier", "recevoir", "etats")},
        virements=tuple(attendu["virements"]) if "virements" in attendu else None,
        factures=tuple(attendu["factures"]) if "factures" in attendu else None,
    )


def _expect_each(attendu: Table, key: str, mandatory: _Types, optional: _Types, place: str) -> None:
    for one in attendu.get(key, ()):
        _expect(one, mandatory, optional, f"{place}: attendu.{key}")


def _expect(table: Table, mandatory: _Types, optional: _Types, place: str) -> None:
    if missing := sorted(set(mandatory) - set(table)):
        raise ValueError(f"{place}: missing keys {missing}")
    for key, value in table.items():
        kind = mandatory.get(key) or optional.get(key)
        if kind is None:
            raise ValueError(f"{place}: unknown key {key}")
        if type(value) is not kind:
            raise ValueError(f"{place}: {key} is not of the type {kind.__name__}")
