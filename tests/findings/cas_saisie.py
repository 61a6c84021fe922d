"""Smallest failing inputs of the findings on an input document, then on what its data must agree on."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fse.app.operations.securiser import securiser
from fse.base.findings import Finding
from fse.norm.codec.documents import read
from fse.norm.codec.xml.parsing import FINDINGS_MAX, SIZE_MAX
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
    return _read(b"<".ljust(SIZE_MAX + 1))


def _a_systematic_fault() -> Iterable[Finding]:
    """Invoices of which each lacks at least its two attributes."""
    return _read(document("<facture/>" * (FINDINGS_MAX // 2)))


def _a_total_of_nine_digits() -> Iterable[Finding]:
    return _securing(document(facture("V-1", lignes=(prestation(9_999_990),) * 11)))


def _lines_beyond_a_lot() -> Iterable[Finding]:
    details = "<detail_ccam><code>DEQP003</code></detail_ccam>" * 26
    line = prestation(3000).replace("</prestation>", f"{details}</prestation>")
    return _securing(document(facture("V-1", lignes=(line,) * 371)))


LATE_SESSION = "<detail_ccam><code>DEQP003</code><date_seance>2026-10-06</date_seance></detail_ccam>"

CAS: dict[str, Case] = {
    "saisie.format_inconnu": partial(_read, b""),
    "saisie.json_illisible": partial(_read, b"{"),
    "saisie.json_encodage": partial(_read, b"{\xe9"),
    "saisie.json_profondeur": partial(_read, b"[" * 100_000),
    "saisie.json_type": partial(_read, b"[]"),
    "saisie.json_cle_en_double": partial(_read, b'{"cabinet":"a","cabinet":"a"}'),
    "saisie.xml_illisible": partial(_read, b"<"),
    "saisie.xml_dtd": partial(_read, b"<!DOCTYPE factures><factures/>"),
    "saisie.xml_surcharge": partial(_read, document("<a/>" * 2001)),
    "saisie.trop_volumineux": _too_large,
    "saisie.racine_inconnue": partial(_read, b"<autre/>"),
    "saisie.xml_invalide": partial(_wrong, "<assure>", "<assure>Lefèvre"),
    "saisie.document_vide": partial(_read, document()),
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
    "saisie.accident": partial(
        _disagreeing, "<destinataire_reglement>", "<accident>000261305</accident><destinataire_reglement>"
    ),
    "saisie.nir_anonyme": partial(
        _disagreeing, f"<nir>{NIR}</nir><cle_nir>{CLE}<", "<nir>1555555999042</nir><cle_nir>06<"
    ),
    "saisie.cle_prestataire": partial(
        _disagreeing, "<prestataire>", f"<remplacant>{FALSE_KEY}</remplacant><prestataire>"
    ),
    "saisie.cle_prescripteur": partial(_disagreeing, "<nature_assurance>", f"{PRESCRIPTION}<nature_assurance>"),
    "saisie.date_soins_posterieure": partial(_disagreeing, f"<date_soins>{JOUR}<", "<date_soins>2026-10-06<"),
    "saisie.dates_de_seance": partial(_disagreeing, "</prestation>", f"{LATE_SESSION}</prestation>"),
    "saisie.montant_amo": partial(_disagreeing, "<montant_amo>2100<", "<montant_amo>2099<"),
    "saisie.parts_superieures": partial(_disagreeing, "<honoraires>3000<", "<honoraires>2999<"),
    "saisie.total_trop_grand": _a_total_of_nine_digits,
    "saisie.trop_de_lignes": _lines_beyond_a_lot,
    "saisie.amc_sans_contrat": partial(_disagreeing, "<amc><numero_amc>99800001</numero_amc></amc>", ""),
    "saisie.sans_ligne": partial(_disagreeing, prestation(), ""),
    "saisie.destinataire_amc": partial(_disagreeing, "<destinataire_reglement>15<", "<destinataire_reglement>05<"),
}
