"""The scenario: what the payer must answer to which invoice. What it does not name is paid as asked.

A strict TOML document of `[[reponse]]` tables; anything it cannot mean is an error that says where. Stateless: it
holds no memory of an earlier answer.

    [[reponse]]
    numero = 102
    prestataire = "001234566"                    # only when several give the same number
    amo = { etat = "P", montant = 1500 }         # P (default), R, D or absent; montant in centimes, with P only
    amc = { etat = "R" }
    rejets = [{ code = "9901", niveau = "L", partie = "O", ligne = 2 }]

    [[reponse]]
    numero = 103
    silence = true                               # no answer at all
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fse.base.errors import UsageError
from fse.norm.referentiels.codes import PACKAGED

ABSENT = "absent"
_ETATS = ("P", "R", "D", ABSENT)
_NIVEAUX = ("F", "L", "A")
_PARTIES = ("O", "C")
_NUMERO_MAX = 999_999_999
_MONTANT_MAX = 99_999_999
_REJETS_MAX = 97
"""An invoice carries 99 rejects at most (their rank has two digits); two may be added by the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartVoulue:
    """What becomes of one part. `montant`: centimes paid, negative for a rappel; `None`: what follows from the rest."""

    etat: str = "P"
    montant: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejetVoulu:
    """One reject. `ligne`: ordinal of the act line from 1, for the levels L and A only."""

    code: str
    niveau: str
    partie: str
    ligne: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReponseVoulue:
    """The answer wanted to one invoice. `lieu` says where in the scenario, for messages."""

    numero: int
    prestataire: str | None
    amo: PartVoulue | None
    amc: PartVoulue | None
    rejets: tuple[RejetVoulu, ...]
    silence: bool
    lieu: str

    def part(self, partie: str) -> PartVoulue | None:
        """What is wanted of `AMO` or `AMC`, `None` when nothing is said."""
        return self.amo if partie == "AMO" else self.amc


@dataclass(frozen=True, slots=True)
class Scenario:
    """The answers wanted, in the order of the document."""

    reponses: tuple[ReponseVoulue, ...] = ()

    def find(self, prestataire: str, numero: int) -> ReponseVoulue | None:
        """The answer wanted to this invoice; the one that names the prestataire comes first."""
        named = [one for one in self.reponses if one.numero == numero]
        exact = next((one for one in named if one.prestataire == prestataire), None)
        return exact or next((one for one in named if one.prestataire is None), None)


def read_scenario(data: bytes, lieu: str = "scénario") -> Scenario:
    """The scenario of a TOML document (UTF-8). `lieu` names it in messages.

    Raises `UsageError`: `scenario.illisible`, `scenario.cle_inconnue`, `scenario.cle_absente`, `scenario.valeur`,
    `scenario.double`.
    """
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # tomllib has its own for syntax only
        raise _error("scenario.illisible", f"Ce n'est pas un document TOML en UTF-8 : {error}.", lieu) from None
    _check_keys(document, {"reponse"}, set(), lieu)
    tables = document.get("reponse", [])
    if not isinstance(tables, list):
        raise _error("scenario.valeur", "« reponse » est une suite de tables [[reponse]].", lieu)
    found: dict[tuple[int, str | None], ReponseVoulue] = {}
    for rank, table in enumerate(tables, start=1):
        one = _reponse(table, f"{lieu}, reponse n° {rank}")
        key = one.numero, one.prestataire
        if key in found:
            raise _error("scenario.double", f"La facture {one.numero} est déjà dans {found[key].lieu}.", one.lieu)
        found[key] = one
    return Scenario(tuple(found.values()))


def _reponse(table: Any, lieu: str) -> ReponseVoulue:
    _check_keys(table, {"numero", "prestataire", "amo", "amc", "rejets", "silence"}, {"numero"}, lieu)
    rejets = _value(table, "rejets", list, lambda _: True, "une suite de rejets", lieu) or []
    one = ReponseVoulue(
        numero=_value(table, "numero", int, lambda v: 1 <= v <= _NUMERO_MAX, "un nombre de 1 à 999999999", lieu),
        prestataire=_value(table, "prestataire", str, _is_number_of_9, "un texte de 9 chiffres", lieu),
        amo=_part(table, "amo", lieu),
        amc=_part(table, "amc", lieu),
        rejets=tuple(_rejet(item, f"{lieu}, rejets n° {rank}") for rank, item in enumerate(rejets, start=1)),
        silence=_value(table, "silence", bool, lambda _: True, "true ou false", lieu) or False,
        lieu=lieu,
    )
    if one.silence and set(table) - {"numero", "prestataire", "silence"}:
        raise _error("scenario.valeur", "« silence » ne va avec aucune autre réponse.", lieu)
    _check_rejets(one)
    return one


def _part(table: Mapping[str, Any], key: str, lieu: str) -> PartVoulue | None:
    if key not in table:
        return None
    part, place = table[key], f"{lieu}, {key}"
    _check_keys(part, {"etat", "montant"}, set(), place)
    if not part:
        raise _error("scenario.cle_absente", "Il faut « etat », « montant », ou les deux.", place)
    etat = _value(part, "etat", str, _ETATS.__contains__, "P, R, D ou absent", place) or "P"
    montant = _value(part, "montant", int, lambda v: abs(v) <= _MONTANT_MAX, "un montant en centimes", place)
    if montant is not None and etat != "P":
        raise _error("scenario.valeur", "« montant » ne va qu'avec l'état P : rien d'autre n'est payé.", place)
    return PartVoulue(etat=etat, montant=montant)


def _rejet(table: Any, lieu: str) -> RejetVoulu:
    _check_keys(table, {"code", "niveau", "partie", "ligne"}, {"code", "niveau"}, lieu)
    known = _value(table, "code", str, PACKAGED.has_rejet, "un code de rejets.csv", lieu)
    niveau = _value(table, "niveau", str, _NIVEAUX.__contains__, "F (facture), L (ligne) ou A (code affiné)", lieu)
    if ("ligne" in table) != (niveau != "F"):
        raise _error("scenario.valeur", "« ligne » va avec les niveaux L et A, et avec eux seuls.", lieu)
    return RejetVoulu(
        code=known,
        niveau=niveau,
        partie=_value(table, "partie", str, _PARTIES.__contains__, "O (part obligatoire) ou C", lieu) or "O",
        ligne=_value(table, "ligne", int, lambda v: 1 <= v <= 999, "le rang d'une ligne, à partir de 1", lieu),
    )


def _check_rejets(one: ReponseVoulue) -> None:
    """A reject of the invoice needs its part rejected, that of a line needs it paid: else money and words differ."""
    if len(one.rejets) > _REJETS_MAX:
        raise _error("scenario.valeur", f"Une facture porte au plus {_REJETS_MAX} rejets.", one.lieu)
    for rank, wanted in enumerate(one.rejets, start=1):
        partie = "AMO" if wanted.partie == "O" else "AMC"
        etat = (one.part(partie) or PartVoulue()).etat
        expected = "R" if wanted.niveau == "F" else "P"
        if etat != expected:
            raise _error(
                "scenario.valeur",
                f"Un rejet de niveau {wanted.niveau} demande la part {partie} à l'état {expected}, elle est à {etat}.",
                f"{one.lieu}, rejets n° {rank}",
            )


def _check_keys(table: Any, known: set[str], required: set[str], lieu: str) -> None:
    if not isinstance(table, dict):
        raise _error("scenario.valeur", "Une table est attendue.", lieu)
    for key in table:
        if key not in known:
            expected = ", ".join(sorted(known))
            raise _error("scenario.cle_inconnue", f"La clé « {key} » n'est pas connue ; ici : {expected}.", lieu)
    for key in sorted(required - set(table)):
        raise _error("scenario.cle_absente", f"La clé « {key} » manque.", lieu)


def _value(
    table: Mapping[str, Any], key: str, kind: type, holds: Callable[[Any], bool], expected: str, lieu: str
) -> Any:
    """The value of a key, `None` when it is not there."""
    if key not in table:
        return None
    value = table[key]
    if type(value) is not kind or not holds(value):
        raise _error("scenario.valeur", f"« {key} » attend {expected}.", lieu)
    return value


def _is_number_of_9(text: str) -> bool:
    return len(text) == 9 and text.isascii() and text.isdigit()


def _error(code: str, message: str, lieu: str) -> UsageError:
    return UsageError(code, message, action="Corriger le scénario, puis recommencer.", lieu=lieu)


def unused(scenario: Scenario, seen: Iterable[ReponseVoulue]) -> tuple[ReponseVoulue, ...]:
    """The answers wanted to invoices that no file held: a number mistyped, most often."""
    used = set(seen)
    return tuple(one for one in scenario.reponses if one not in used)
