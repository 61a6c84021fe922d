"""Hypothesis strategies for the model, derived from its annotations: what a class accepts is what is drawn.

    strategy_for(Facture)              any valid instance, cross-field disagreements included
    input_strategy_for(Saisie)         as an input document can hold it: `NotInput` attributes at their default
    secured_strategy_for(Facture)      as securing leaves it: numbered, marked, a line at least, its executant and proof
                                       of rights known
    coherent_saisies()                 inputs to secure about which `check_saisie` has nothing to say
    coherent_factures()                such invoices once secured: every B2 field can carry them

Repeated items are drawn few (`MOST_ITEMS`): limits of number have tests of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from fse.base.identifiers import nir, prestataire
from fse.base.money import part_of
from fse.norm.model import Facture, Prestation, Saisie
from fse.norm.model.attributes import Attribute, attributes
from fse.norm.model.constraints import (
    Chiffres,
    Code,
    CodeDroite,
    Constraint,
    Decimale,
    Entier,
    Jour,
    Logique,
    Montant,
    Motif,
    Phrase,
    Texte,
    TexteLibre,
)

_T = TypeVar("_T")
_Adjust = Callable[[Attribute, st.SearchStrategy[Any]], st.SearchStrategy[Any]]

MOST_ITEMS = 2
_GIVEN = frozenset({"numero", "marque", "justificatif_droits", "executant", "specialite_executant", "date_seance"})
"""What securing always gives."""

_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def values_of(constraint: Constraint) -> st.SearchStrategy[Any]:
    """Every kind of value that a constraint accepts."""
    match constraint:
        case Entier(minimum, maximum):
            return st.integers(minimum, maximum)
        case Montant():
            return st.integers(-constraint.maximum if constraint.signe else 0, constraint.maximum)
        case Decimale(whole, places):
            return st.integers(1, 10 ** (whole + places) - 1).map(lambda units: Decimal(units).scaleb(-places))
        case Jour(first, last):
            return st.dates(date(first, 1, 1), date(last, 12, 31))
        case Logique():
            return st.booleans()
    return _texts_of(constraint)


def _texts_of(constraint: Constraint) -> st.SearchStrategy[str]:
    match constraint:
        case Chiffres(length, non_nul):
            digits = st.text(_DIGITS, min_size=length, max_size=length)
            return digits.filter(lambda text: text.strip("0") != "") if non_nul else digits
        case Texte(maximum):
            words = st.text(_CAPITALS + _DIGITS + " ", min_size=1, max_size=maximum)
            return words.map(lambda text: " ".join(text.split())).filter(bool)
        case TexteLibre(maximum):
            printable = st.characters(
                max_codepoint=255, exclude_categories=("C", "Zl", "Zp"), exclude_characters="\xa0"
            )
            return st.text(printable, min_size=1, max_size=maximum).filter(lambda text: text == text.strip(" "))
        case CodeDroite(maximum):
            first, rest = st.sampled_from(_DIGITS[1:] + _CAPITALS), st.text(_DIGITS + _CAPITALS, max_size=maximum - 1)
            return st.builds(str.__add__, first, rest)
        case Phrase() as phrase:
            words = st.text("aZ9é'-. ", min_size=1, max_size=min(12, phrase.maximum))
            return words.map(lambda text: " ".join(text.split())).filter(bool)
        case Motif(regex):
            return st.from_regex(re.compile(regex, re.ASCII), fullmatch=True)
        case Code():
            return st.sampled_from(constraint.valeurs)
    raise TypeError(f"no strategy for {type(constraint).__name__}")


def _build(cls: type[_T], adjust: _Adjust) -> st.SearchStrategy[_T]:
    model: type = cls
    fields = {attribute.nom: adjust(attribute, _values(attribute, adjust)) for attribute in attributes(model)}
    return st.builds(cls, **fields)


def _values(attribute: Attribute, adjust: _Adjust) -> st.SearchStrategy[Any]:
    if attribute.constraint is not None:
        found = values_of(attribute.constraint)
    else:
        assert attribute.modele is not None
        found = _build(attribute.modele, adjust)
    if attribute.repeated is not None:
        least, most = attribute.repeated.minimum, attribute.repeated.maximum or MOST_ITEMS
        found = st.lists(found, min_size=least, max_size=min(most, max(least, MOST_ITEMS))).map(tuple)
    return found


def _any(attribute: Attribute, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    if not attribute.optional:
        return values
    if attribute.modele is None:
        return st.none() | values
    return st.sampled_from((False, False, True)).flatmap(lambda there: values if there else st.none())


def _input(attribute: Attribute, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.just(attribute.default) if attribute.not_input else _any(attribute, values)


def _secured(attribute: Attribute, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    if attribute.nom == "prestations":
        return st.lists(_build(Prestation, _secured), min_size=1, max_size=MOST_ITEMS).map(tuple)
    return values if attribute.nom in _GIVEN else _any(attribute, values)


@cache
def strategy_for(cls: type[_T]) -> st.SearchStrategy[_T]:
    """Any valid instance of a class of the model."""
    return _build(cls, _any)


@cache
def input_strategy_for(cls: type[_T]) -> st.SearchStrategy[_T]:
    """Instances as an input document can hold them."""
    return _build(cls, _input)


@cache
def secured_strategy_for(cls: type[_T]) -> st.SearchStrategy[_T]:
    """Instances as securing leaves them: what it gives is always there."""
    return _build(cls, _secured)


def numeros_prestataire(*, fictif: bool = True) -> st.SearchStrategy[str]:
    """Provider numbers with their right key; fictive ones start with 00."""
    start = "00" if fictif else "7"
    body = st.text(_DIGITS, min_size=8 - len(start), max_size=8 - len(start)).filter(lambda text: text.strip("0"))
    return body.map(lambda text: start + text + prestataire.calc_key(start + text))


def numeros_accident() -> st.SearchStrategy[str]:
    """What names an accident: 000 and its date, or its date and three digits."""
    days = st.dates(date(1980, 1, 1), date(2079, 12, 31)).map(lambda day: f"{day:%y%m%d}")
    return days.map("000{}".format) | st.builds("{}{:03d}".format, days, st.integers(0, 999))


def _coherent_prestation(prestation: Prestation, facture: Facture, executant: str) -> Prestation:
    amo = part_of(prestation.base, prestation.taux)
    amc = prestation.montant_amc if facture.amc is not None else 0
    amc = min(amc, 9_999_999 - amo)
    return replace(
        prestation,
        executant=executant if prestation.executant else None,
        date_soins=min(prestation.date_soins, facture.date_facture),
        montant_amo=amo,
        montant_amc=amc,
        honoraires=max(prestation.honoraires, amo + amc),
        details_ccam=tuple(replace(one, date_seance=None) for one in prestation.details_ccam),
    )


@st.composite
def coherent_saisies(draw: st.DrawFn) -> Saisie:
    """Inputs with right keys, roundings, dates and payee; the provider is fictive."""
    saisie: Saisie = draw(input_strategy_for(Saisie))
    facture, numero = saisie.facture, draw(numeros_prestataire())
    assure = replace(facture.assure, cle_nir=nir.calc_key(facture.assure.nir))
    individuel = facture.beneficiaire.nir_individuel
    individuel = individuel and replace(individuel, cle_nir=nir.calc_key(individuel.nir))
    prescription = facture.prescription and replace(facture.prescription, prescripteur=draw(numeros_prestataire()))
    lines = facture.prestations or (draw(input_strategy_for(Prestation)),)
    prestations = tuple(_coherent_prestation(one, facture, numero) for one in lines)
    payee = "15" if any(one.montant_amc for one in prestations) else draw(st.sampled_from(["00", "05"]))
    facture = replace(
        facture,
        prestataire=numero,
        assure=assure,
        beneficiaire=replace(facture.beneficiaire, nir_individuel=individuel),
        prescription=prescription,
        accident=facture.accident and draw(numeros_accident()),
        prestations=prestations,
        destinataire_reglement=payee,
    )
    return replace(saisie, facture=facture, remplacant=saisie.remplacant and draw(numeros_prestataire()))


@st.composite
def coherent_factures(draw: st.DrawFn) -> Facture:
    """Coherent invoices with all that securing gives."""
    facture: Facture = draw(coherent_saisies()).facture
    secured = draw(secured_strategy_for(Facture))
    return replace(
        facture,
        numero=secured.numero,
        marque=secured.marque,
        type_facture=secured.type_facture,
        justificatif_droits=secured.justificatif_droits,
        prestations=tuple(
            replace(
                prestation,
                executant=prestation.executant or facture.prestataire,
                specialite_executant=secured.prestations[0].specialite_executant,
                details_ccam=tuple(replace(one, date_seance=prestation.date_soins) for one in prestation.details_ccam),
            )
            for prestation in facture.prestations
        ),
    )
