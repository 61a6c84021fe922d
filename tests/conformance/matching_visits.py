"""Recipes of visits to the XML that a practice gives: a case says what differs from an ordinary visit, nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.app.cabinet import PATIENTS, PRESTATAIRE

CABINET, CAISSE, AMC = "essai", "997", "99800001"
NOMS = ("Premier", "Second", "Troisième", "Quatrième")

_KEYS = {
    *("reference", "date", "patient", "mode", "destinataire", "prestataire", "numero", "remplace", "remplacant"),
    *("lignes", "opposition", "droits"),
}
_TAUX = 70
_WITH_AMC = ("15", "25")


def visits_xml(recipe: Mapping[str, Any]) -> bytes:
    """The document of a recipe `{ fichier, date, factures = [{ reference, … }] }`. Raises `ValueError`.

    A visit that says nothing is one act G of 30,00 €, 70 % of it asked of the AMO and the rest of the AMC, of the first
    patient, card read, on the day of the recipe.
    """
    if unknown := set(recipe) - {"fichier", "date", "factures"}:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<factures cabinet="{CABINET}">']
    for one in recipe["factures"]:
        if unknown := set(one) - _KEYS:
            raise ValueError(f"unknown keys {sorted(unknown)}")
        lines += _facture({"date": recipe["date"], **one})
    return "\n".join((*lines, "</factures>", "")).encode()


def _facture(one: Mapping[str, Any]) -> Iterator[str]:
    patient, destinataire = one.get("patient", 1) - 1, one.get("destinataire", "15")
    nir, key, birth = PATIENTS[patient]
    yield f"  <facture reference={quoteattr(one['reference'])} mode={quoteattr(one.get('mode', 'S'))}>"
    for name in ("remplace", "remplacant"):
        if name in one:
            yield f"    <{name}>{one[name]}</{name}>"
    yield f"    <prestataire>{one.get('prestataire', PRESTATAIRE)}</prestataire>"
    if "numero" in one:
        yield f"    <numero>{one['numero']}</numero>"
    yield f"    <date_facture>{one['date']}</date_facture>"
    yield f"    <assure><nir>{nir}</nir><cle_nir>{key}</cle_nir><regime>01</regime>"
    yield f"      <caisse>{CAISSE}</caisse><centre>0000</centre></assure>"
    yield f"    <beneficiaire><date_naissance>{birth}</date_naissance></beneficiaire>"
    yield "    <nature_assurance>10</nature_assurance>"
    yield f"    <destinataire_reglement>{destinataire}</destinataire_reglement>"
    if destinataire in _WITH_AMC:
        yield f"    <amc><numero_amc>{AMC}</numero_amc></amc>"
    for code, prix in one.get("lignes", (("G", 3000),)):
        yield from _prestation(one["date"], code, prix, with_amc=destinataire in _WITH_AMC)
    yield from _contexte(one, NOMS[patient])
    yield "  </facture>"


def _prestation(jour: date, code: str, prix: int, *, with_amc: bool) -> Iterator[str]:
    amo = prix * _TAUX // 100
    yield f"    <prestation><date_soins>{jour}</date_soins><code_acte>{code}</code_acte>"
    yield f"      <prix_unitaire>{prix}</prix_unitaire><base>{prix}</base><taux>{_TAUX}</taux>"
    rest = f"<montant_amc>{prix - amo}</montant_amc>" if with_amc else ""
    yield f"      <montant_amo>{amo}</montant_amo>{rest}"
    yield f"      <honoraires>{prix}</honoraires><lieu>0</lieu></prestation>"


def _contexte(one: Mapping[str, Any], nom: str) -> Iterator[str]:
    identity = f"<nom>{escape(nom)}</nom><prenom>Essai</prenom>"
    yield f"    <contexte><source>carte</source><date_lecture>{one['date']}</date_lecture>"
    yield f"      <identite_assure>{identity}</identite_assure>"
    yield f"      <identite_beneficiaire>{identity}</identite_beneficiaire>"
    if one.get("opposition"):
        yield "      <opposition>true</opposition>"
    for debut, fin in one.get("droits", ()):
        yield f"      <periode_droits><debut>{debut}</debut><fin>{fin}</fin></periode_droits>"
    yield "    </contexte>"
