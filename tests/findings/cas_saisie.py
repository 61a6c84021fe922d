"""Smallest failing inputs of the findings on an input document, then on what its data must agree on."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fse.app.operations.securiser import securiser
from fse.base.findings import Finding
from fse.norm.codec.xml import read
from fse.norm.codec.xml.explaining import FINDINGS_MAX
from fse.norm.codec.xml.parsing import SIZE_MAX
from tests.app.cabinet import JOUR, PATIENTS, document, facture, new_practice, prestation
from tests.findings.registry import Case

SAISIE = facture("V-1")
NIR, CLE, _ = PATIENTS[0]
FALSE_KEY = "001234567"
PRESCRIPTION = (
    f"<prescription><prescripteur>{FALSE_KEY}</prescripteur><date_prescription>{JOUR}</date_prescription>"
    "</prescription>"
)


def _read(data: bytes) -> Iterable[Finding]:
    return read(data)[1]


def _changed(old: str, new: str) -> bytes:
    """The document of one invoice with its first `old` replaced."""
    assert old in SAISIE
    return document(SAISIE.replace(old, new, 1))


def _wrong(old: str, new: str) -> Iterable[Finding]:
    """What reading says of a document that the schema refuses."""
    return _read(_changed(old, new))


def _securing(entree: bytes) -> Iterable[Finding]:
    with TemporaryDirectory() as folder, new_practice(Path(folder)) as practice:
        return securiser(practice, entree, le=JOUR).constats


def _disagreeing(old: str, new: str) -> Iterable[Finding]:
    """What securing says of a document that the schema accepts."""
    return _securing(_changed(old, new))


def _too_large() -> Iterable[Finding]:
    return _read(bytes(SIZE_MAX + 1))


def _a_systematic_fault() -> Iterable[Finding]:
    """Invoices of which each lacks at least its two attributes."""
    return _read(document("<facture/>" * (FINDINGS_MAX // 2)))


def _a_total_of_nine_digits() -> Iterable[Finding]:
    return _securing(document(facture("V-1", lignes=(prestation(9_999_990),) * 11)))


CAS: dict[str, Case] = {
    "saisie.xml_illisible": partial(_read, b""),
    "saisie.xml_dtd": partial(_read, b"<!DOCTYPE factures><factures/>"),
    "saisie.trop_volumineux": _too_large,
    "saisie.racine_inconnue": partial(_read, b"<autre/>"),
    "saisie.xml_invalide": partial(_wrong, "<assure>", "<assure>Lefèvre"),
    "saisie.element_absent": partial(_read, b"<factures/>"),
    "saisie.element_inconnu": partial(_read, document("<autre/>")),
    "saisie.element_mal_place": partial(
        _wrong, f"<nir>{NIR}</nir><cle_nir>{CLE}</cle_nir>", f"<cle_nir>{CLE}</cle_nir><nir>{NIR}</nir>"
    ),
    "saisie.element_en_trop": partial(_wrong, f"<nir>{NIR}</nir>", f"<nir>{NIR}</nir><nir>{NIR}</nir>"),
    "saisie.trop_long": partial(_wrong, "<nom>Lefèvre</nom>", f"<nom>Lefèvre {'d' * 18}</nom>"),
    "saisie.hors_bornes": partial(_wrong, "<taux>70</taux>", "<taux>101</taux>"),
    "saisie.valeur_interdite": partial(_wrong, f"<nir>{NIR}</nir>", f"<nir>{NIR} Lefèvre</nir>"),
    "saisie.suite_non_listee": _a_systematic_fault,
    "saisie.transliteration": partial(_read, document(SAISIE)),
    "saisie.cle_nir": partial(_disagreeing, f"<cle_nir>{CLE}<", "<cle_nir>01<"),
    "saisie.cle_prestataire": partial(
        _disagreeing, "<prestataire>", f"<remplacant>{FALSE_KEY}</remplacant><prestataire>"
    ),
    "saisie.cle_prescripteur": partial(_disagreeing, "<nature_assurance>", f"{PRESCRIPTION}<nature_assurance>"),
    "saisie.date_soins_posterieure": partial(_disagreeing, f"<date_soins>{JOUR}<", "<date_soins>2026-10-06<"),
    "saisie.montant_amo": partial(_disagreeing, "<montant_amo>2100<", "<montant_amo>2099<"),
    "saisie.parts_superieures": partial(_disagreeing, "<honoraires>3000<", "<honoraires>2999<"),
    "saisie.total_trop_grand": _a_total_of_nine_digits,
    "saisie.amc_sans_contrat": partial(_disagreeing, "<amc><numero_amc>99800001</numero_amc></amc>", ""),
    "saisie.destinataire_amc": partial(_disagreeing, "<destinataire_reglement>15<", "<destinataire_reglement>05<"),
}
