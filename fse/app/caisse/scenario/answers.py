"""The answers of a scenario: `[[reponse]]`, to an invoice of a lot, and `[[hors_flux]]`, to one that is in none."""

from __future__ import annotations

from datetime import date
from typing import Any

from fse.app.caisse.scenario.rejects import check_rejets, read_rejets
from fse.app.caisse.scenario.values import (
    NUMERO_MAX,
    Table,
    amount,
    calendar_day,
    check_keys,
    choice,
    digits,
    error,
    label,
    number,
    yes,
)
from fse.app.caisse.scenario.wanted import ABSENT, BLANC, Inventee, PartVoulue, ReponseVoulue

_ETATS = ("P", "R", "D", BLANC, ABSENT)
_CODES = ("01", "02", "03", "04", "05")
_TYPES = ("A", "B", "C", "D", "E", "F", "P", "R", "L")
_TRAITEMENTS = ("N", "V", "C", "E", "A", "F")
_NATURES = ("10", "13", "30", "41", "90")
_LOT_MAX = 999
_COMMENTAIRE = 128

_SAID = {"amo", "amc", "rejets", "code", "type", "commentaire"}
_OF_A_LOT = {"numero", "prestataire", "lot", "silence", "traitement_amc", "cite", "assure"} | _SAID
_OF_NO_LOT = {"numero", "prestataire", "lot", "date_lot", "date_facture", "nature_assurance", "assure_de"} | _SAID

_PAPIER, _FACTURES_PAPIER = "P", "02"
_MALADIE = "10"


def read_reponse(table: Any, lieu: str) -> ReponseVoulue:
    """The answer to an invoice of a lot."""
    check_keys(table, _OF_A_LOT, {"numero"}, lieu)
    one = ReponseVoulue(
        numero=number(table, "numero", 1, NUMERO_MAX, lieu) or 0,
        prestataire=digits(table, "prestataire", 9, lieu),
        lot=number(table, "lot", 1, _LOT_MAX, lieu),
        amo=_part(table, "amo", lieu),
        amc=_part(table, "amc", lieu),
        rejets=read_rejets(table, lieu),
        silence=yes(table, "silence", lieu),
        code=choice(table, "code", _CODES, "un type de retour, de 01 à 05", lieu),
        type=choice(table, "type", _TYPES, "un type de facture : A, B, C, D, E, F, P, R ou L", lieu),
        traitement_amc=choice(table, "traitement_amc", _TRAITEMENTS, "N, V, C, E, A ou F", lieu),
        cite=_cite(table, lieu),
        assure=yes(table, "assure", lieu),
        commentaire=_commentaire(table, lieu),
        lieu=lieu,
    )
    if one.silence and set(table) - {"numero", "prestataire", "silence"}:
        raise error("scenario.valeur", "« silence » ne va avec aucune autre réponse.", lieu)
    check_rejets(one)
    return one


def read_hors_flux(table: Any, lieu: str) -> ReponseVoulue:
    """The answer to an invoice that no lot holds: all that the return says of it stands here."""
    check_keys(table, _OF_NO_LOT, {"prestataire", "date_facture"}, lieu)
    for key in ("amo", "amc"):
        if key in table and "demande" not in (table[key] if isinstance(table[key], dict) else ()):
            raise error("scenario.cle_absente", "La clé « demande » manque.", f"{lieu}, {key}")
    if not {"amo", "amc"} & set(table):
        raise error("scenario.cle_absente", "Il faut « amo », « amc », ou les deux.", lieu)
    numero = number(table, "numero", 1, NUMERO_MAX, lieu)
    one = ReponseVoulue(
        numero=numero or 0,
        prestataire=digits(table, "prestataire", 9, lieu),
        amo=_part(table, "amo", lieu),
        amc=_part(table, "amc", lieu),
        rejets=read_rejets(table, lieu),
        code=choice(table, "code", _CODES, "un type de retour, de 01 à 05", lieu) or _FACTURES_PAPIER,
        type=choice(table, "type", _TYPES, "un type de facture : A, B, C, D, E, F, P, R ou L", lieu) or _PAPIER,
        commentaire=_commentaire(table, lieu),
        inventee=Inventee(
            numero=numero,
            lot=number(table, "lot", 1, _LOT_MAX, lieu),
            date_lot=calendar_day(table, "date_lot", lieu),
            date_facture=calendar_day(table, "date_facture", lieu),
            nature_assurance=choice(table, "nature_assurance", _NATURES, "10, 13, 30, 41 ou 90", lieu) or _MALADIE,
            assure_de=number(table, "assure_de", 1, NUMERO_MAX, lieu),
        ),
        lieu=lieu,
    )
    if any(each.niveau != "F" for each in one.rejets):
        raise error("scenario.valeur", "Une facture hors flux n'a pas de ligne à rejeter.", lieu)
    check_rejets(one)
    return one


def _part(table: Table, key: str, lieu: str) -> PartVoulue | None:
    if key not in table:
        return None
    part, place = table[key], f"{lieu}, {key}"
    check_keys(part, {"etat", "montant", "demande"}, set(), place)
    if not part:
        raise error("scenario.cle_absente", "Il faut « etat », « montant », ou les deux.", place)
    etat = choice(part, "etat", _ETATS, "P, R, D, blanc ou absent", place) or "P"
    montant = amount(part, "montant", place, signed=True)
    if montant is not None and etat != "P":
        raise error("scenario.valeur", "« montant » ne va qu'avec l'état P : rien d'autre n'est payé.", place)
    return PartVoulue(etat=etat, montant=montant, demande=amount(part, "demande", place))


def _commentaire(table: Table, lieu: str) -> str | None:
    return label(table, "commentaire", _COMMENTAIRE, lieu) or None


def _cite(table: Table, lieu: str) -> tuple[tuple[str, int | str | date | None], ...]:
    """What the return says instead, by attribute of the invoice in it; "absent" is `None`."""
    if "cite" not in table:
        return ()
    cite, place = table["cite"], f"{lieu}, cite"
    check_keys(cite, {"numero", "lot", "date_lot", "date_facture", "prestataire"}, set(), place)
    found: dict[str, int | str | date | None] = {}
    if "prestataire" in cite:
        found["lieu_execution"] = digits(cite, "prestataire", 9, place)
    for key, attribute, last in (("numero", "numero_facture", NUMERO_MAX), ("lot", "numero_lot", _LOT_MAX)):
        if key in cite:
            found[attribute] = None if cite[key] == ABSENT else number(cite, key, 1, last, place)
    for key in ("date_lot", "date_facture"):
        if key in cite:
            found[key] = None if cite[key] == ABSENT else calendar_day(cite, key, place)
    return tuple(found.items())
