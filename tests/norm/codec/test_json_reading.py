"""The same documents in JSON: one convention, one smallest wrong document per finding, and any bytes give findings."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.norm.codec.json import parsing as json_parsing
from fse.norm.codec.json import read
from fse.norm.codec.xml.parsing import FINDINGS_MAX

NIR = "2951099126111"
DOCUMENT = """{
  "cabinet": "essai",
  "factures": [{
    "reference": "2024/A-1", "mode": "S",
    "prestataire": "001234566", "date_facture": "2024-03-01",
    "assure": {"nir": "2951099126111", "cle_nir": "93", "regime": "01", "caisse": "999", "centre": "0000"},
    "beneficiaire": {"date_naissance": "951035"},
    "nature_assurance": "10", "destinataire_reglement": "15",
    "amc": {"numero_amc": "0012345", "numero_adherent": "00A1"},
    "prestations": [{
      "date_soins": "2024-03-01", "code_acte": "AMI", "coefficient": "1.5", "prix_unitaire": 315, "base": 473,
      "taux": 60, "montant_amo": 284, "honoraires": 473, "lieu": "1"}],
    "contexte": {
      "source": "carte", "date_lecture": "2024-03-01", "opposition": false,
      "identite_assure": {"nom": "Dupont", "prenom": "Anne"},
      "identite_beneficiaire": {"nom": "Lefèvre-d'Œuvre", "prenom": " Zo\\u00e9 "},
      "periodes_droits": [{"debut": "1950-01-01", "fin": "9999-12-31"}]}
  }]
}"""


def _read(text):
    return read(text.encode())


def _changed(old, new):
    assert old in DOCUMENT
    return DOCUMENT.replace(old, new, 1)


def test_a_document_written_by_hand_is_read():
    document, found = _read(DOCUMENT)
    (saisie,) = document.factures
    assert (document.cabinet, saisie.reference, saisie.mode) == ("essai", "2024/A-1", "S")
    facture = saisie.facture
    assert (facture.prestataire, facture.date_facture) == ("001234566", date(2024, 3, 1))
    assert (facture.amc.numero_amc, facture.amc.numero_adherent) == ("12345", "00A1")
    (ligne,) = facture.prestations
    assert (ligne.coefficient, ligne.quantite, ligne.base, ligne.lieu) == (Decimal("1.5"), 1, 473, "1")
    assert saisie.contexte.identite_beneficiaire.nom == "LEFEVRE D OEUVRE"
    assert saisie.contexte.periodes_droits[0].fin == date(9999, 12, 31)
    assert saisie.contexte.opposition is False
    assert [(one.code, one.place.rang, one.place.champ) for one in found] == [
        ("saisie.transliteration", 1, "contexte/identite_beneficiaire/nom"),
        ("saisie.transliteration", 1, "contexte/identite_beneficiaire/prenom"),
    ]
    assert "« 2024/A-1 »" in found[0].message


NOM = "contexte/identite_assure/nom"
DROPPED = object()


def _with(path, value=DROPPED):
    """The document with another value at this path of its invoice (ranks from 1), or with nothing there."""
    tree = json.loads(DOCUMENT)
    node = tree["factures"][0]
    *steps, last = path.replace("[1]", "/0").split("/")
    for step in steps:
        node = node[int(step) if step.isdigit() else step]
    if value is DROPPED:
        del node[last]
    else:
        node[last] = value
    return json.dumps(tree, ensure_ascii=False)


def test_an_invoice_without_a_line_is_one_to_price():
    for text in (_with("prestations"), _with("prestations", [])):
        document, _ = _read(text)
        assert document.factures[0].facture.prestations == ()


def _raw(text):
    """The document with this as the base of its line, as it stands."""
    return _changed('"base": 473', f'"base": {text}')


ABSENT, UNKNOWN, TYPE = "saisie.element_absent", "saisie.element_inconnu", "saisie.json_type"
VALUE, BOUNDS, LONG = "saisie.valeur_interdite", "saisie.hors_bornes", "saisie.trop_long"
BASE, COEFFICIENT = "prestations[1]/base", "prestations[1]/coefficient"
CASES = {
    "missing key": (ABSENT, "assure/cle_nir", _with("assure/cle_nir")),
    "missing array": (ABSENT, "soins/seances", _with("soins", {"taux": 60})),
    "no session": (ABSENT, "soins/seances", _with("soins", {"seances": []})),
    "no cabinet": (ABSENT, "cabinet", _changed('"cabinet": "essai",', "")),
    "1000 lines": ("saisie.element_en_trop", "prestations", _with("prestations", [{}] * 1000)),
    "unknown key": (UNKNOWN, "assure/nom_marital", _with("assure/nom_marital", {})),
    "not an input": (UNKNOWN, "marque", _with("marque", "R")),
    "an XML name": (UNKNOWN, "prestation", _with("prestation", [])),
    "a key that may be a person": (UNKNOWN, "assure/clé n° 1", _changed('{"nir"', f'{{"{NIR}": 1, "nir"')),
    "twice": ("saisie.json_cle_en_double", "mode", _changed('"mode": "S"', '"mode": "S", "mode": "D"')),
    "too long": (LONG, NOM, _with(NOM, "A" * 26)),
    "too long once spelt out": (LONG, NOM, _with(NOM, "A" * 24 + "Œ")),
    "much too long": (LONG, NOM, _with(NOM, "\ufdfa" * 10_001)),
    "AMC number too long": (LONG, "amc/numero_amc", _with("amc/numero_amc", "00000012345")),
    "too large": (BOUNDS, BASE, _with(BASE, 10_000_000)),
    "below zero": (BOUNDS, BASE, _with(BASE, -1)),
    "a number without end": (BOUNDS, BASE, _raw("9" * 9000)),
    "too small": (BOUNDS, COEFFICIENT, _with(COEFFICIENT, "0")),
    "too early": (BOUNDS, "date_facture", _with("date_facture", "1979-03-01")),
    "not a day": (VALUE, "date_facture", _with("date_facture", "2024-02-30")),
    "three decimals": (VALUE, COEFFICIENT, _with(COEFFICIENT, "1.555")),
    "unknown code": (VALUE, "nature_assurance", _with("nature_assurance", "99")),
    "blanks around": (VALUE, "prestataire", _with("prestataire", " 001234566 ")),
    "zeros for nothing": (VALUE, "prestataire", _with("prestataire", "000000000")),
    "other digits": (VALUE, "assure/regime", _with("assure/regime", "٠١")),
    "half a character": (VALUE, "assure/regime", _changed('"01"', '"\\ud800"')),
    "nothing left of a name": (VALUE, NOM, _with(NOM, "—")),
    "amount as text": (TYPE, BASE, _with(BASE, "473")),
    "amount in euros": (TYPE, BASE, _with(BASE, 4.73)),
    "amount in powers": (TYPE, BASE, _raw("473e0")),
    "not a number": (TYPE, BASE, _raw("NaN")),
    "infinity": (TYPE, BASE, _raw("-Infinity")),
    "true for one": (TYPE, "prestations[1]/taux", _with("prestations[1]/taux", True)),
    "zero for false": (TYPE, "contexte/opposition", _with("contexte/opposition", 0)),
    "code as a number": (TYPE, "assure/cle_nir", _with("assure/cle_nir", 93)),
    "decimal as a number": (TYPE, COEFFICIENT, _with(COEFFICIENT, 1.5)),
    "null": (TYPE, "amc/numero_adherent", _with("amc/numero_adherent", None)),
    "no object": (TYPE, "assure", _with("assure", [])),
    "no array": (TYPE, "contexte/periodes_droits", _with("contexte/periodes_droits", {})),
}


@pytest.mark.parametrize(("code", "champ", "text"), CASES.values(), ids=CASES)
def test_the_smallest_wrong_document(code, champ, text):
    document, found = _read(text)
    errors = [one for one in found if one.is_error]
    assert document is None
    assert [(one.code, one.place.champ) for one in errors] == [(code, champ)]
    assert errors[0].sets_aside
    everything = " ".join(one.message + one.action + (one.place.champ or "") for one in found)
    assert not any(secret in everything for secret in (NIR, "Dupont", "DUPONT", "Anne", "AAAA", "Lef"))


def test_a_reference_of_the_wrong_shape_is_not_printed():
    for wrong in ("Anne Dupont", NIR, 12):
        _, found = _read(_with("reference", wrong).replace('"carte"', '"rien"'))
        errors = [one for one in found if one.is_error]
        assert {one.place.rang for one in errors} == {1}
        assert all("n° 1 du document" in one.message for one in errors)
        assert not any("Anne" in one.message or NIR in one.message for one in errors)


def test_what_is_not_a_document():
    for data, code in [
        (b"", "saisie.json_illisible"),
        (b"%PDF-1.7", "saisie.json_illisible"),
        (b"\xff\xfe{\0}\0", "saisie.json_encodage"),
        (DOCUMENT.replace("Œ", "É").encode("latin-1"), "saisie.json_encodage"),
        (DOCUMENT.encode()[:-20], "saisie.json_illisible"),
        (DOCUMENT.encode() + b"{}", "saisie.json_illisible"),
        (DOCUMENT.replace("essai", "es\tsai").encode(), "saisie.json_illisible"),
        (b'{"a":' * 100_000, "saisie.json_profondeur"),
        (b"[" * 100_000, "saisie.json_profondeur"),
        (b"[]", "saisie.json_type"),
        (b"NaN", "saisie.json_type"),
    ]:
        document, (found,) = read(data)
        assert (document, found.code) == (None, code)


def test_a_syntax_error_is_found_by_line_and_column():
    _, (found,) = _read(_changed('"mode": "S"', '"mode": é'))
    assert "ligne 4, colonne 38" in found.message


def test_the_mark_of_utf_8_is_accepted():
    assert read(b"\xef\xbb\xbf" + DOCUMENT.encode()) == _read(DOCUMENT)


def test_a_document_too_large_is_not_parsed(monkeypatch):
    monkeypatch.setattr(json_parsing, "SIZE_MAX", 2**20)
    assert _read(DOCUMENT.ljust(2**20 - 10))[0] is not None
    document, (found,) = _read(DOCUMENT.ljust(2**20 + 1))
    assert (document, found.code) == (None, "saisie.trop_volumineux")


def test_a_systematic_fault_does_not_make_an_endless_list():
    _, found = read(b'{"cabinet": "a", "factures": [' + b"{}," * 5000 + b"{}]}")
    assert found[-1].code == "saisie.suite_non_listee"
    assert len(found) == FINDINGS_MAX + 1


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f'{{"cabinet": {text}}}'.encode()))
def test_any_bytes_give_findings(data):
    document, found = read(data)
    assert document is None
    assert found
    assert all(one.is_error for one in found)


@given(st.randoms(use_true_random=False))
def test_a_damaged_document_is_read_or_explained(chance):
    data = bytearray(DOCUMENT.encode())
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data))
        data[start : start + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    document, found = read(bytes(data))
    assert (document is None) == any(one.is_error for one in found)
