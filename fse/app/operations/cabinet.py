"""`cabinet.toml`: who bills, where to, with which key and journal. An unknown key is an error.

Only floor 5 reads it. Paths in it are relative to its own folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fse.app.operations.listes import load_lists
from fse.base.errors import UsageError
from fse.base.identifiers import finess, organisme
from fse.base.identifiers import prestataire as prestataire_number
from fse.domain.emission.rupture import FACTURES_MAX
from fse.norm.model import EnteteFichier, EnteteLot, ModelError
from fse.norm.referentiels.codes import PACKAGED, CodeLists

_Section = TypeVar("_Section")
_ANY_DAY = date(2000, 1, 1)
_COMPUTED = frozenset({"folder", "listes"})
"""What a practice holds that its description does not say."""
_DATABASE = "postgresql://"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emetteur:
    """Who sends the files. `type` is TP, TE, SI or OT; `numero` up to 14 digits, zero-filled in the file."""

    type: str
    numero: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prestataire:
    """Who bills. `numeros`: "alloues" when fse numbers the invoices, "fournis" when the practice software does.

    `premier_numero` and `dernier_numero` are the numbers reserved to this workstation, 0 and 0 when it is the only one.
    """

    numero: str
    nom: str
    specialite: str
    cle: str
    numeros: str = "alloues"
    premier_numero: int = 0
    dernier_numero: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandat:
    """Who is paid for several prestataires: a designated doctor, a company (`beneficiaire`, 9 characters)."""

    beneficiaire: str
    prestataires: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One line of the destination table: where the sheets of a scheme, fund and centre go."""

    regime: str
    caisse: str
    centre: str
    organisme_destinataire: str
    centre_informatique: str
    type_destinataire: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forclusion:
    """After how many civil months from the date of the invoice a payer pays no more: no public source settles it.

    `organisme` is the fund of the invoice, "*" for all; `partie` is AMO or AMC; `source` says who gave the figure.
    """

    organisme: str
    partie: str
    mois: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Where the practice completes our code lists: a folder of CSV files, relative to that of `cabinet.toml`."""

    dossier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cabinet:
    """The practice. `marque` is T (test) or D (demonstration): nothing lifts the refusal of a real flow."""

    cabinet: str
    marque: str
    journal: str
    emetteur: Emetteur
    prestataires: tuple[Prestataire, ...]
    destinations: tuple[Destination, ...]
    fuseau: str = "Europe/Paris"
    taille_lot: int = 20
    delai_sans_retour: int = 10
    codes: Codes | None = None
    mandats: tuple[Mandat, ...] = ()
    forclusions: tuple[Forclusion, ...] = ()
    folder: Path = field(default=Path())
    listes: CodeLists = field(default=PACKAGED)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.fuseau)

    @property
    def journal_path(self) -> Path:
        return self.folder / self.journal

    @property
    def journal_place(self) -> Path | str:
        """Where the journal is: a path relative to the folder of `cabinet.toml`, or an address `postgresql://…`."""
        return self.journal if self.journal.startswith(_DATABASE) else self.journal_path

    @property
    def dossier_codes(self) -> Path | None:
        """The folder that completes our code lists, `None` when the practice has none."""
        return None if self.codes is None else self.folder / self.codes.dossier

    def prestataire(self, numero: str) -> Prestataire | None:
        """The provider of this number, `None` when the practice does not have it."""
        return next((one for one in self.prestataires if one.numero == numero), None)

    def destination(self, regime: str, caisse: str, centre: str) -> Destination | None:
        """Where the sheets of this triple go, `None` when the table does not say."""
        wanted = (regime, caisse, centre)
        return next((one for one in self.destinations if (one.regime, one.caisse, one.centre) == wanted), None)


_LISTS: dict[str, type] = {
    "prestataires": Prestataire,
    "destinations": Destination,
    "mandats": Mandat,
    "forclusions": Forclusion,
}
"""The sections of which there are several."""


def load_cabinet(path: Path) -> Cabinet:
    """The practice that a `cabinet.toml` describes.

    Raises `UsageError` (`cabinet.absent`, `cabinet.illisible`, `cabinet.cle_inconnue`, `cabinet.cle_absente`,
    `cabinet.valeur`, `cabinet.flux_reel`, and those of `load_lists`).
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
    _check(cabinet, path)
    folder = cabinet.dossier_codes
    return cabinet if folder is None else replace(cabinet, listes=load_lists(folder))


def _cabinet(document: dict[str, Any], path: Path) -> Cabinet:
    for key in _COMPUTED & document.keys():
        raise _refusal("cabinet.cle_inconnue", f"La clé « {key} » n'est pas connue.", path)
    for where, kind in _LISTS.items():
        if where in document:
            document[where] = _sections(kind, document[where], path, where)
    for where, section in (("emetteur", Emetteur), ("codes", Codes)):
        if where in document:
            document[where] = _section(section, document[where], path, where)
    return _section(Cabinet, document | {"folder": path.resolve().parent}, path, "")


def _sections(kind: type[_Section], values: Any, path: Path, where: str) -> tuple[_Section, ...]:
    if not isinstance(values, list):
        raise _refusal("cabinet.valeur", f"[[{where}]] est une suite de tables.", path)
    return tuple(_section(kind, value, path, f"{where} n° {rank}") for rank, value in enumerate(values, start=1))


def _section(kind: type[_Section], values: Any, path: Path, where: str) -> _Section:
    label = f" dans {where}" if where else ""
    if not isinstance(values, Mapping):
        raise _refusal("cabinet.valeur", f"Une table est attendue{label}.", path)
    expected = {one.name: one for one in fields(cast(Any, kind))}
    for key, value in values.items():
        if key not in expected:
            raise _refusal("cabinet.cle_inconnue", f"La clé « {key} »{label} n'est pas connue.", path)
        kinds = {"int": int, "str": str}.get(str(expected[key].type))
        if kinds and (not isinstance(value, kinds) or isinstance(value, bool)):
            raise _refusal("cabinet.valeur", f"La clé « {key} »{label} n'a pas une valeur du bon genre.", path)
    for name, one in expected.items():
        if name not in values and one.default is MISSING and one.default_factory is MISSING:
            raise _refusal("cabinet.cle_absente", f"La clé « {name} » manque{label}.", path)
    return kind(**values)


def _check(cabinet: Cabinet, path: Path) -> None:
    if cabinet.marque not in ("T", "D"):
        raise UsageError(
            "cabinet.flux_reel",
            "Le marquage d'un cabinet est T (test) ou D (démonstration) : fse n'est pas un logiciel agréé "
            "et n'écrit aucun flux réel.",
            action='Écrire marque = "T" ou marque = "D".',
            lieu=str(path),
        )
    if not cabinet.prestataires:
        raise _refusal("cabinet.valeur", "Au moins un prestataire est attendu.", path)
    for one in cabinet.prestataires:
        _check_numero(one.numero, path)
        if len(one.specialite) != 2 or not one.specialite.isdigit() or one.specialite == "00":
            raise _refusal("cabinet.valeur", f"La spécialité de {one.numero} a deux chiffres, pas 00.", path)
        if one.numeros not in ("alloues", "fournis"):
            raise _refusal("cabinet.valeur", 'numeros vaut "alloues" ou "fournis".', path)
    _check_destinations(cabinet, path)
    numbers = [one.numero for one in cabinet.prestataires]
    triples = [(one.regime, one.caisse, one.centre) for one in cabinet.destinations]
    if len(set(numbers)) != len(numbers) or len(set(triples)) != len(triples):
        raise _refusal("cabinet.valeur", "Un prestataire ou une destination figure deux fois.", path)
    _check_places(cabinet, path)
    if not 1 <= cabinet.taille_lot <= FACTURES_MAX:
        raise _refusal("cabinet.valeur", f"taille_lot va de 1 à {FACTURES_MAX}.", path)
    _check_written(cabinet, path)
    try:
        ZoneInfo(cabinet.fuseau)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the name of a folder, one too long for a file
        raise _refusal("cabinet.valeur", f"Le fuseau {cabinet.fuseau} n'est pas connu.", path) from None


def _check_places(cabinet: Cabinet, path: Path) -> None:
    codes = [cabinet.codes.dossier] if cabinet.codes else []
    if any("\0" in one for one in (cabinet.journal, *(one.cle for one in cabinet.prestataires), *codes)):
        raise _refusal("cabinet.valeur", "Un chemin ne contient pas de caractère nul.", path)
    if "://" in cabinet.journal and not cabinet.journal.startswith(_DATABASE):
        raise _refusal("cabinet.valeur", f"journal est un chemin, ou une adresse {_DATABASE}serveur/base.", path)


def _check_numero(numero: str, path: Path) -> None:
    problem = prestataire_number.problem(numero)
    if problem:
        written = finess.to_b2(numero)
        corsican = f" ; en Corse il s'écrit {written}" if written != numero else ""
        message = f"Le numéro de prestataire {numero} n'est pas bon : {problem}{corsican}."
        raise _refusal("cabinet.valeur", message, path)


def _check_destinations(cabinet: Cabinet, path: Path) -> None:
    for rank, one in enumerate(cabinet.destinations, start=1):
        problem = organisme.problem(one.regime, one.caisse, one.centre)
        if problem:
            raise _refusal("cabinet.valeur", f"Dans destinations n° {rank}, {problem}.", path)


def _check_written(cabinet: Cabinet, path: Path) -> None:
    """What the headers of lots and files will say must be writable: better refused here than at the visit."""
    try:
        for one in cabinet.destinations:
            EnteteFichier(
                type_emetteur=cabinet.emetteur.type,
                numero_emetteur=cabinet.emetteur.numero.zfill(14),
                type_destinataire=one.type_destinataire,
                numero_destinataire=one.centre_informatique,
                identifiant_fichier="000001",
                date_creation=_ANY_DAY,
            )
            for prestataire in cabinet.prestataires:
                EnteteLot(
                    prestataire=prestataire.numero,
                    nom_prestataire=prestataire.nom,
                    organisme_destinataire=one.organisme_destinataire,
                    numero_lot=1,
                    date_lot=_ANY_DAY,
                    certification=None,
                    marque=cabinet.marque,
                    type_facture=None,
                )
    except ModelError as error:
        raise _refusal("cabinet.valeur", f"Une valeur ne pourra pas s'écrire : {error.message}", path) from None


def _refusal(code: str, message: str, path: Path) -> UsageError:
    return UsageError(
        code, message, action="Corriger ce fichier ; un exemple commenté accompagne la démonstration.", lieu=str(path)
    )
