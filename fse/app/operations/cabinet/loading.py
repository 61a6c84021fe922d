"""From the text of `cabinet.toml` to a `Cabinet`. An unknown key is an error; paths are relative to its own folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from fse.app.operations.cabinet.checks import check, refusal
from fse.app.operations.cabinet.description import (
    AutrePoste,
    Cabinet,
    CahierDesCharges,
    Carte,
    Codes,
    Compte,
    Confiance,
    Cotation,
    Destination,
    Emetteur,
    Envoi,
    Forclusion,
    Mandat,
    Nuit,
    Poste,
    Prestataire,
    Releve,
    Reseaux,
    Utilisateur,
)
from fse.app.operations.cabinet.situations import PeriodeExercice, Remplacement, Salarie
from fse.base.errors import UsageError
from fse.base.working_days import Calendrier
from fse.norm.referentiels.profils import SANS_PROFIL, Profil, profils, read_profil

_Section = TypeVar("_Section")

_COMPUTED = frozenset({"folder", "listes", "profil", "reseaux_decrits"})
"""What a practice holds that its description does not say."""

_TABLES = {
    "emetteur": Emetteur,
    "codes": Codes,
    "cotation": Cotation,
    "reseaux": Reseaux,
    "poste": Poste,
    "confiance": Confiance,
    "envoi": Envoi,
    "releve": Releve,
    "nuit": Nuit,
    "cahier_des_charges": CahierDesCharges,
}
_LISTS = {
    "prestataires": Prestataire,
    "destinations": Destination,
    "mandats": Mandat,
    "utilisateurs": Utilisateur,
    "autres_postes": AutrePoste,
    "forclusions": Forclusion,
    "exercices": PeriodeExercice,
    "salaries": Salarie,
    "remplacements": Remplacement,
    "cartes": Carte,
    "calendriers": Calendrier,
    "comptes": Compte,
}


def load_cabinet(path: Path) -> Cabinet:
    """The practice that a `cabinet.toml` describes.

    Raises `UsageError` (`cabinet.absent`, `cabinet.illisible`, `cabinet.cle_inconnue`, `cabinet.cle_absente`,
    `cabinet.valeur`, `cabinet.flux_reel`, and those of `load_lists` and `load_reseaux`).
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            "cabinet.absent",
            "Le fichier de description du cabinet n'existe pas.",
            action="Donner son chemin par --cabinet ou par la variable FSE_CABINET.",
            lieu=str(path),
        ) from None
    except (OSError, ValueError, RecursionError) as error:  # tomllib has its own for syntax only
        raise UsageError(
            "cabinet.illisible",
            f"Le fichier de description du cabinet ne se lit pas : {error}.",
            action="Corriger sa syntaxe (TOML, UTF-8).",
            lieu=str(path),
        ) from None
    cabinet = _cabinet(document, path)
    check(cabinet, path)
    cabinet = replace(cabinet, profil=_profil(cabinet, path))
    networks, lists = cabinet.dossier_reseaux, cabinet.dossier_codes
    if networks is not None:
        from fse.app.operations.reseaux.description import load_reseaux  # late: few practices work in a network

        cabinet = replace(cabinet, reseaux_decrits=load_reseaux(networks))
    if lists is not None:
        from fse.app.operations.listes import load_lists  # late: few practices complete our lists

        cabinet = replace(cabinet, listes=load_lists(lists))
    return cabinet


def _profil(cabinet: Cabinet, path: Path) -> Profil:
    """One that is shipped, or a file of the practice. Raises `UsageError`: `cabinet.valeur`, `profil.*`."""
    nom = cabinet.cotation.profil
    if not nom:
        return SANS_PROFIL
    if nom in profils():
        return profils()[nom]
    try:
        text = (cabinet.folder / nom).read_text(encoding="utf-8")
    except (OSError, ValueError):
        shipped = ", ".join(sorted(profils()))
        message = f"Le profil de cotation « {nom} » n'est ni l'un des nôtres ({shipped}) ni un fichier qui se lit."
        raise refusal("cabinet.valeur", message, path) from None
    from fse.norm.referentiels.ngap.verification import check_profil  # late: few practices write a profile

    profil = read_profil(nom, text)
    check_profil(profil)
    return profil


def _cabinet(document: dict[str, Any], path: Path) -> Cabinet:
    for key in _COMPUTED & document.keys():
        raise refusal("cabinet.cle_inconnue", f"La clé « {key} » n'est pas connue.", path)
    read: dict[str, Any] = {"folder": path.resolve().parent}
    for key, value in document.items():
        if key in _LISTS:
            read[key] = _sections(_LISTS[key], value, path, key)
        else:
            read[key] = _section(_TABLES[key], value, path, key) if key in _TABLES else value
    return _section(Cabinet, read, path, "")


def _sections(kind: type[_Section], values: Any, path: Path, where: str) -> tuple[_Section, ...]:
    if not isinstance(values, list):
        raise refusal("cabinet.valeur", f"[[{where}]] est une suite de tables.", path)
    return tuple(_section(kind, value, path, f"{where} n° {rank}") for rank, value in enumerate(values, start=1))


def _section(kind: type[_Section], values: Any, path: Path, where: str) -> _Section:
    label = f" dans {where}" if where else ""
    if not isinstance(values, Mapping):
        raise refusal("cabinet.valeur", f"Une table est attendue{label}.", path)
    expected = {one.name: one for one in fields(cast(Any, kind))}
    read = {}
    for key, value in values.items():
        if key not in expected:
            raise refusal("cabinet.cle_inconnue", f"La clé « {key} »{label} n'est pas connue.", path)
        if not _is_of(str(expected[key].type), value):
            raise refusal("cabinet.valeur", f"La clé « {key} »{label} n'a pas une valeur du bon genre.", path)
        read[key] = tuple(value) if isinstance(value, list) else value
    for name, one in expected.items():
        if name not in values and one.default is MISSING and one.default_factory is MISSING:
            raise refusal("cabinet.cle_absente", f"La clé « {name} » manque{label}.", path)
    return kind(**read)


def _is_of(kind: str, value: Any) -> bool:
    """Whether a value is of the kind that an attribute declares; sections are read before and always are."""
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "bool":
        return isinstance(value, bool)
    if kind in ("date", "date | None"):
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind == "tuple[str, ...]":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return kind != "str" or isinstance(value, str)
