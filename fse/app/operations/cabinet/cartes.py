"""`[[cartes]]`: what a practice may not say of its cards, and which of them sign for whom (regles.md A-05, A.7)."""

from __future__ import annotations

import re

from fse.app.operations.cabinet.description import Cabinet, Carte
from fse.app.operations.cabinet.numeros import number_problem
from fse.base.errors import SignatureError

GENRES = ("CPS", "CPE")
LABEL_MAX = 32  # bytes of a token label, PKCS#11 v2.40, CK_TOKEN_INFO
PIN_VARIABLE = "FSE_PIN"


def card_problem(cabinet: Cabinet) -> str | None:
    """What is wrong with the cards of a practice, in French."""
    for rank, one in enumerate(cabinet.cartes, start=1):
        problem = _carte(cabinet, one)
        if problem:
            return f"Dans cartes n° {rank} : {problem}"
    return _together(cabinet) or _without_key(cabinet)


def cards_for(cabinet: Cabinet, prestataire: str, remplacant: str) -> tuple[Carte, ...]:
    """The cards that sign the lots of a prestataire, done by who replaces them ("" when nobody does), as declared.

    Empty when the prestataire signs with a test key (`cle`). A lot's CMS stands for its invoices and for the lot: its
    card needs both rights. Raises `SignatureError`: `carte.non_declaree`, `carte.sans_droit_factures`,
    `carte.sans_droit_lots`.
    """
    declared = [one for one in cabinet.cartes if one.remplacant == remplacant and prestataire in one.prestataires]
    known = cabinet.prestataire(prestataire)
    if not declared:
        if known and known.cle:
            return ()
        raise _not_declared(prestataire, remplacant)
    signing = [one for one in declared if one.signe_factures]
    if not signing:
        raise _without_right("factures", "des factures", declared)
    both = tuple(one for one in signing if one.signe_lots)
    if not both:
        raise _without_right("lots", "des lots", signing)
    return both


def pin_variable(cabinet: Cabinet, carte: Carte) -> str:
    """The environment variable of the PIN of a card: FSE_PIN for the only one, FSE_PIN_<JETON> when there are several.

    A PIN given for one card is never tried on another: it would cost that one a try.
    """
    several = len({(one.module, one.jeton) for one in cabinet.cartes}) > 1
    return f"{PIN_VARIABLE}_{_in_capitals(carte.jeton)}" if several else PIN_VARIABLE


def _carte(cabinet: Cabinet, one: Carte) -> str | None:
    texts = {"jeton": one.jeton, "module": one.module, "titulaire": one.titulaire}
    for key, value in texts.items():
        if not value.strip() or "\0" in value:
            return f"{key} n'est pas vide, et ne contient pas de caractère nul."
    if one.jeton != one.jeton.strip() or len(one.jeton.encode()) > LABEL_MAX:
        return f"jeton a {LABEL_MAX} octets au plus, sans espace au bord."
    if one.genre not in GENRES:
        return f"genre vaut {' ou '.join(GENRES)}."
    return _signs_for(cabinet, one) or _replaces(one)


def _signs_for(cabinet: Cabinet, one: Carte) -> str | None:
    if not one.prestataires:
        return "au moins un prestataire est attendu."
    if len(set(one.prestataires)) != len(one.prestataires):
        return "un prestataire figure deux fois."
    unknown = [numero for numero in one.prestataires if cabinet.prestataire(numero) is None]
    return f"{unknown[0]} n'est pas un des [[prestataires]]." if unknown else None


def _replaces(one: Carte) -> str | None:
    if not one.remplacant:
        return None
    if one.genre == "CPE":
        return "remplacant : une CPE signe pour qui emploie son titulaire, elle ne remplace personne."
    problem = number_problem(one.remplacant)
    if problem:
        return f"le numéro remplacant {problem}"
    return "remplacant ne se remplace pas lui-même." if one.remplacant in one.prestataires else None


def _together(cabinet: Cabinet) -> str | None:
    """One token has one holder, does one thing once, and has a PIN variable of its own."""
    holders: dict[tuple[str, str], str] = {}
    variables: dict[str, tuple[str, str]] = {}
    seen = set()
    for one in cabinet.cartes:
        token = (one.module, one.jeton)
        if holders.setdefault(token, one.titulaire) != one.titulaire:
            return f"Le jeton « {one.jeton} » de cartes a deux titulaires."
        if variables.setdefault(_in_capitals(one.jeton), token) != token:
            return f"Dans cartes, deux jetons ont des noms trop proches : « {one.jeton} »."
        for numero in one.prestataires:
            if (token, one.remplacant, numero) in seen:
                return f"Dans cartes, le jeton « {one.jeton} » figure deux fois pour {numero}."
            seen.add((token, one.remplacant, numero))
    return None


def _without_key(cabinet: Cabinet) -> str | None:
    signed = {numero for one in cabinet.cartes for numero in one.prestataires}
    lacking = [one.numero for one in cabinet.prestataires if not one.cle and one.numero not in signed]
    return f"Le prestataire {lacking[0]} n'a ni clé d'essai (cle) ni carte ([[cartes]])." if lacking else None


def _in_capitals(jeton: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", jeton.upper()).strip("_")


def _not_declared(prestataire: str, remplacant: str) -> SignatureError:
    replaced = f", remplacé par {remplacant}" if remplacant else ""
    return SignatureError(
        "carte.non_declaree",
        f"Aucune carte déclarée ne signe les lots du praticien {prestataire}{replaced}.",
        action="La déclarer dans cabinet.toml ([[cartes]]), ou ne faire partir que les lots des autres : --praticien.",
    )


def _without_right(right: str, what: str, cards: list[Carte]) -> SignatureError:
    return SignatureError(
        f"carte.sans_droit_{right}",
        f"Cette carte n'a pas le droit de signer {what} ; un lot demande les deux droits, factures et lots.",
        action=f"Se servir d'une carte qui l'a, ou corriger signe_{right} dans cabinet.toml si ce droit lui est donné.",
        lieu=", ".join(f"carte « {one.jeton} »" for one in cards),
    )
