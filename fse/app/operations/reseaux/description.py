"""The networks of a practice: one TOML file each, in the folder that `[reseaux]` of `cabinet.toml` names.

A network is described by its own agreement, not by us. An unknown key is an error. docs/reseaux.md tells each.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar, cast

from fse.base.errors import UsageError
from fse.base.french import system_reason
from fse.base.identifiers import prestataire as prestataire_number
from fse.domain.cotation.prestations.derogatoires import in_tables
from fse.domain.cotation.prestations.reseaux import CRITERES, PrestationReseau, ProfessionnelReseau, Reseau
from fse.norm.model.attributes import attributes
from fse.norm.model.derogatoire import PrestationDerogatoire

_Part = TypeVar("_Part", PrestationReseau, ProfessionnelReseau)

_ENDING = ".toml"
_NUMBER = re.compile(r"[0-9]{14}", re.ASCII)
_EXEMPTION = re.compile(r"[0-9A-Z]?", re.ASCII)
_EXERCISES = ("liberal", "salarie")
_AMOUNT_MAX = 9_999_999
"""Centimes."""

_KINDS: dict[str, tuple[str, type]] = {
    "str": ("un texte", str),
    "int": ("un nombre entier", int),
    "bool": ("true ou false", bool),
    "date": ("une date AAAA-MM-JJ", date),
    "date | None": ("une date AAAA-MM-JJ", date),
}


class _WrongError(Exception):
    """What is wrong in a description: the end of a code, and French."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message


def load_reseaux(folder: Path) -> tuple[Reseau, ...]:
    """The networks of a folder, by the names of their files.

    Raises `UsageError`: `reseau.dossier`, `reseau.illisible`, `reseau.cle_inconnue`, `reseau.cle_absente`,
    `reseau.valeur`.
    """
    try:
        paths = sorted(one for one in folder.iterdir() if one.suffix.lower() == _ENDING)
    except OSError as error:
        raise UsageError(
            "reseau.dossier",
            f"Le dossier des réseaux de santé ne se lit pas : {system_reason(error)}.",
            action="Créer ce dossier, ou corriger « dossier » de [reseaux] dans cabinet.toml.",
            lieu=str(folder),
        ) from None
    found: dict[str, Reseau] = {}
    for path in paths:
        one = _load(path)
        if one.numero in found:
            raise _refusal("valeur", f"Le réseau {one.numero} est déjà décrit par un autre fichier.", path)
        found[one.numero] = one
    return tuple(found.values())


def _load(path: Path) -> Reseau:
    try:
        return read_reseau(tomllib.loads(path.read_text(encoding="utf-8")))
    except _WrongError as wrong:
        raise _refusal(wrong.code, wrong.message, path) from None
    except (OSError, ValueError, RecursionError) as error:
        raise _refusal("illisible", f"La description du réseau ne se lit pas : {error}.", path) from None


def _refusal(code: str, message: str, path: Path) -> UsageError:
    action = "Corriger ce fichier ; docs/reseaux.md dit chaque clé."
    return UsageError(f"reseau.{code}", message, action=action, lieu=str(path))


def read_reseau(document: Mapping[str, Any]) -> Reseau:
    """The network that a TOML document describes. Raises `_WrongError`."""
    said = dict(document)
    said["prestations"] = _parts(PrestationReseau, "prestations", said.get("prestations", []))
    said["professionnels"] = _parts(ProfessionnelReseau, "professionnels", said.get("professionnels", []))
    reseau = Reseau(**_values(Reseau, said, "le fichier"))
    _check(reseau)
    return reseau


def _parts(kind: type[_Part], name: str, values: Any) -> tuple[_Part, ...]:
    if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
        raise _WrongError("valeur", f"[[{name}]] est une suite de tables.")
    return tuple(kind(**_values(kind, one, f"{name} n° {rang}")) for rang, one in enumerate(values, start=1))


def _values(kind: type, said: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The values of a table, each known, of the right kind, none missing."""
    expected = {one.name: one for one in fields(cast(Any, kind))}
    for key, value in said.items():
        if key not in expected:
            raise _WrongError("cle_inconnue", f"Dans {where}, la clé « {key} » n'est pas connue.")
        wanted, good = _KINDS.get(str(expected[key].type), ("", object))
        if not isinstance(value, good) or (good is int and isinstance(value, bool)) or isinstance(value, datetime):
            raise _WrongError("valeur", f"Dans {where}, « {key} » est {wanted}.")
    for key, one in expected.items():
        if key not in said and one.default is MISSING:
            raise _WrongError("cle_absente", f"Dans {where}, la clé « {key} » manque.")
    return dict(said)


def _check(reseau: Reseau) -> None:
    """Raises `_WrongError` on the first value that cannot be right."""
    if not _NUMBER.fullmatch(reseau.numero) or not reseau.numero.strip("0"):
        raise _WrongError("valeur", "numero a 14 chiffres, pas tous à zéro.")
    if not reseau.nom.strip():
        raise _WrongError("valeur", "nom est vide.")
    if not _EXEMPTION.fullmatch(reseau.code_exoneration):
        raise _WrongError("valeur", "code_exoneration est un chiffre ou une capitale.")
    if reseau.code_exoneration and not reseau.exoneration_ticket_moderateur:
        raise _WrongError("valeur", "code_exoneration ne se donne qu'avec exoneration_ticket_moderateur = true.")
    _check_dates("le fichier", reseau.debut, reseau.fin)
    for rang, service in enumerate(reseau.prestations, start=1):
        _check_service(service, f"prestations n° {rang}")
    for rang, member in enumerate(reseau.professionnels, start=1):
        _check_member(member, f"professionnels n° {rang}")
    _check_apart("La prestation", [(one.code, one.debut, one.fin) for one in reseau.prestations])
    _check_apart("Le professionnel", [(one.identifiant, one.debut, one.fin) for one in reseau.professionnels])


def _check_service(one: PrestationReseau, where: str) -> None:
    _check_dates(where, one.debut, one.fin)
    _check_named(where, "code", one.code)
    if not one.libelle.strip():
        raise _WrongError("valeur", f"Dans {where}, libelle est vide.")
    if one.critere not in ("", *CRITERES):
        raise _WrongError("valeur", f"Dans {where}, critere est l'un de : {', '.join(CRITERES)}.")
    if not 0 < one.montant <= _AMOUNT_MAX:
        raise _WrongError("valeur", f"Dans {where}, montant est un nombre de centimes, de 1 à {_AMOUNT_MAX}.")
    known = bool(one.acte_ngap) and in_tables(one.acte_ngap)
    if one.acte_ngap and known == (one.acte_ngap_depuis is not None):
        hint = "cet acte est dans nos tables, avec ses dates" if known else "cet acte n'est pas dans nos tables"
        raise _WrongError("valeur", f"Dans {where}, acte_ngap_depuis {'est de trop' if known else 'manque'} : {hint}.")
    if not one.acte_ngap and one.acte_ngap_depuis is not None:
        raise _WrongError("valeur", f"Dans {where}, acte_ngap_depuis ne se donne qu'avec acte_ngap.")


def _check_member(one: ProfessionnelReseau, where: str) -> None:
    _check_dates(where, one.debut, one.fin)
    if bool(one.numero) == bool(one.nom):
        raise _WrongError("valeur", f"Dans {where}, un numero est donné ou, à défaut, un nom ; jamais les deux.")
    if one.numero and (problem := prestataire_number.problem(one.numero)):
        raise _WrongError("valeur", f"Dans {where}, le numéro {one.numero} n'est pas bon : {problem}.")
    if one.nom:
        _check_named(where, "professionnel", one.nom)
    if one.exercice not in _EXERCISES:
        raise _WrongError("valeur", f"Dans {where}, exercice est l'un de : {', '.join(_EXERCISES)}.")
    if not one.profession.strip():
        raise _WrongError("valeur", f"Dans {where}, profession est vide.")


def _check_dates(where: str, debut: date, fin: date | None) -> None:
    if fin is not None and fin < debut:
        raise _WrongError("valeur", f"Dans {where}, la fin est avant le début.")


def _check_named(where: str, attribut: str, value: str) -> None:
    """A name must be one that an input document can bear."""
    known = next(one for one in attributes(PrestationDerogatoire) if one.nom == attribut)
    if known.constraint is not None and not known.constraint.compile()(value):
        raise _WrongError("valeur", f"Dans {where}, « {value} » ne peut pas nommer : {known.expected}.")


def _check_apart(what: str, many: Sequence[tuple[str, date, date | None]]) -> None:
    """No two rows of one name on one day."""
    rows: Iterable[tuple[tuple[str, date, date | None], ...]] = combinations(many, 2)
    for (name, debut, fin), (other, start, end) in rows:
        if name == other and (end is None or debut <= end) and (fin is None or start <= fin):
            raise _WrongError("valeur", f"{what} {name} figure deux fois aux mêmes dates.")
