"""The cases of `fixtures/rapprochement/`: a story, its steps, what must come of it. Reads, judges nothing.

A key that is not written here is an error. What each key means is in `fixtures/rapprochement/README.md`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ROOT = FIXTURES / "rapprochement"
COMMON = "commun"
FREE, IMPOSED = "libre", "impose"

Table = Mapping[str, Any]
_Types = dict[str, type]

_CASE: _Types = {
    **dict.fromkeys(("titre", "histoire", "reconnu", "source", "marque", "prestataires", "personnes", "cabinet"), str),
    "normes": list,
    "date": date,
    "etape": list,
}
_CASE_OPTIONAL: _Types = {"scenario": str, "le": date, "visites": list, "entree": list, "ordre": str}
STEPS: dict[str, type] = {
    **dict.fromkeys(("securise", "emet", "reprend", "recoit"), str),
    **dict.fromkeys(("annule", "rattache", "rattache_creance", "saisit"), dict),
    "annule_acte": int,
}
"""What a step does, and the kind of what it does it to; `emet` may be "" when nothing new is secured."""

PRACTICE = ("securise", "emet", "annule", "reprend")
"""The steps of the practice alone, which a replay does first."""

_EXPECTED: _Types = {"fichier": list, "facture": list, "suivi": list}
_EXPECTED_OPTIONAL: _Types = {"dette": list}
_FILE: _Types = {"nom": str, "verdict": str}
_FILE_OPTIONAL: _Types = {"motif": str, **dict.fromkeys(("constats", "lignes", "virements", "rejets"), list)}
_LINE: _Types = {"verse": int}
_LINE_OPTIONAL: _Types = {
    **dict.fromkeys(("politique", "residu", "prestataire"), str),
    **dict.fromkeys(("facture", "numero"), int),
}
_TRANSFER: _Types = dict.fromkeys(("montant", "rapproche", "residu", "forfaits", "retenues"), int)
_TRANSFER_OPTIONAL: _Types = {"repartition": dict, "libelles": list}
_REJECT: _Types = {
    **dict.fromkeys(("facture", "ligne", "rang"), int),
    **dict.fromkeys(("code", "niveau", "partie", "acte"), str),
}
_INVOICE: _Types = {"numero": int, "etat": str, "amo": dict, "amc": dict}
_INVOICE_OPTIONAL: _Types = {"prestataire": str, "remplacee_par": int}
_PART: _Types = {"etat": str, "demande": int, "paye": int}
_PART_OPTIONAL: _Types = {"saisi": int}
_WORK: _Types = {"etape": int, "le": date, "taches": list}
_WORK_OPTIONAL: _Types = {"ecartes": list}
_TASK: _Types = {"nature": str, "numero": int, "partie": str, "montant": int}
_TASK_OPTIONAL: _Types = {
    **dict.fromkeys(("prestataire", "reference"), str),
    **dict.fromkeys(("motifs", "suggestions"), list),
    "garantie": date,
}
_REASON: _Types = {"code": str, "niveau": str, "famille": str}
_REASON_OPTIONAL: _Types = {"ligne": int, "consequence": bool}
_SUGGESTION: _Types = {"numero": int, "raison": str}
_SUGGESTION_OPTIONAL: _Types = {"prestataire": str}
_DEBT: _Types = {"reference": str, "retenu": int, "solde": int, "mouvements": list}
_DEBT_OPTIONAL: _Types = {"numero": int, "notifiee_le": date, "contestable_jusqu_au": date}
_MOVE: _Types = {"operation": str, "montant": int, "retenu": int, "solde": int}


@dataclass(frozen=True)
class Step:
    """One thing that happens on a day: `kind` is a key of `STEPS`, `what` its value."""

    le: date
    kind: str
    what: Any


@dataclass(frozen=True)
class MatchingCase:
    """One case. `attendu` is its parsed `attendu.toml`; `entree` and `visites` are the recipes of what it holds."""

    folder: Path
    titre: str
    marque: str
    cabinet: str
    scenario: str | None
    le: date | None
    etapes: tuple[Step, ...]
    visites: tuple[Table, ...]
    entree: tuple[Table, ...]
    is_ordered: bool
    attendu: Table

    @property
    def name(self) -> str:
        return self.folder.name

    def bytes_of(self, name: str) -> bytes:
        """A file of the case, or of the common folder when its name says so (`commun/…`)."""
        return ((ROOT if name.startswith(f"{COMMON}/") else self.folder) / name).read_bytes()

    def received(self) -> list[Step]:
        """The files received, in order."""
        return [step for step in self.etapes if step.kind == "recoit"]

    def of_simulator(self) -> list[str]:
        """The names of the files that the payer simulator writes, each once, in the order of their first arrival."""
        made = {one["fichier"] for one in self.entree}
        return list(dict.fromkeys(step.what for step in self.received() if step.what not in made))


def load_matching_cases() -> list[MatchingCase]:
    """Every case, by name. Raises `ValueError` on a key that is missing, unknown, or of another type."""
    folders = sorted(path for path in ROOT.iterdir() if path.is_dir() and path.name != COMMON)
    return [parse_matching_case(one, _toml(one / "cas.toml"), _toml(one / "attendu.toml")) for one in folders]


def _toml(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def parse_matching_case(folder: Path, document: Table, attendu: Table) -> MatchingCase:
    """The case that parsed documents tell. Raises `ValueError`, in English, naming the place."""
    place = folder.name
    expect(document, _CASE, _CASE_OPTIONAL, place)
    ordre = document.get("ordre", FREE)
    if ordre not in (FREE, IMPOSED):
        raise ValueError(f"{place}: ordre is {FREE} or {IMPOSED}")
    if ("scenario" in document) != ("le" in document):
        raise ValueError(f"{place}: a scenario is played on a day (le), and nothing else is")
    for problem in _expected_problems(attendu, place):
        raise ValueError(problem)
    return MatchingCase(
        folder=folder,
        titre=document["titre"],
        marque=document["marque"],
        cabinet=document["cabinet"],
        scenario=document.get("scenario"),
        le=document.get("le"),
        etapes=tuple(_step(one, f"{place}: etape n° {rank}") for rank, one in enumerate(document["etape"], start=1)),
        visites=tuple(document.get("visites", ())),
        entree=tuple(document.get("entree", ())),
        is_ordered=ordre == IMPOSED,
        attendu=attendu,
    )


def _step(table: Table, place: str) -> Step:
    kinds = set(table) - {"le"}
    if len(kinds) != 1:
        raise ValueError(f"{place}: a step does one thing, not {sorted(kinds)}")
    (kind,) = kinds
    expect(table, {"le": date, kind: STEPS.get(kind, type(None))}, {}, place)
    return Step(table["le"], kind, table[kind])


def _expected_problems(attendu: Table, place: str) -> Iterator[str]:
    """Checks the keys of `attendu.toml`; yields what is wrong in it besides."""
    place = f"{place}: attendu"
    expect(attendu, _EXPECTED, _EXPECTED_OPTIONAL, place)
    for one in attendu["fichier"]:
        expect(one, _FILE, _FILE_OPTIONAL, f"{place}.fichier")
        _each(one.get("lignes", ()), _LINE, _LINE_OPTIONAL, f"{place}.lignes")
        _each(one.get("virements", ()), _TRANSFER, _TRANSFER_OPTIONAL, f"{place}.virements")
        _each(one.get("rejets", ()), _REJECT, {}, f"{place}.rejets")
        for line in one.get("lignes", ()):
            if set(line) - {"verse", "prestataire"} not in ({"facture", "politique"}, {"residu", "numero"}):
                yield f"{place}.lignes: a line has an invoice and a policy, or a residue and the number that it gives"
    for one in attendu["facture"]:
        expect(one, _INVOICE, _INVOICE_OPTIONAL, f"{place}.facture")
        _each((one["amo"], one["amc"]), _PART, _PART_OPTIONAL, f"{place}.facture")
    for one in attendu["suivi"]:
        expect(one, _WORK, _WORK_OPTIONAL, f"{place}.suivi")
        for task in one["taches"]:
            expect(task, _TASK, _TASK_OPTIONAL, f"{place}.taches")
            _each(task.get("motifs", ()), _REASON, _REASON_OPTIONAL, f"{place}.motifs")
            _each(task.get("suggestions", ()), _SUGGESTION, _SUGGESTION_OPTIONAL, f"{place}.suggestions")
    for one in attendu.get("dette", ()):
        expect(one, _DEBT, _DEBT_OPTIONAL, f"{place}.dette")
        _each(one["mouvements"], _MOVE, {}, f"{place}.mouvements")


def _each(tables: Any, mandatory: _Types, optional: _Types, place: str) -> None:
    for one in tables:
        expect(one, mandatory, optional, place)


def expect(table: Table, mandatory: _Types, optional: _Types, place: str) -> None:
    """Raises `ValueError` on a key that is missing, unknown, or of another type."""
    if missing := sorted(set(mandatory) - set(table)):
        raise ValueError(f"{place}: missing keys {missing}")
    for key, value in table.items():
        kind = mandatory.get(key) or optional.get(key)
        if kind is None:
            raise ValueError(f"{place}: unknown key {key}")
        if type(value) is not kind:
            raise ValueError(f"{place}: {key} is not of the type {kind.__name__}")
