"""Reading the input document: one smallest wrong document per finding, and no other exception for any bytes."""

import random
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fse.base.findings import Effect, Severity, catalogue
from fse.norm.codec.xml import build, parsing, read, reading
from fse.norm.codec.xml.parsing import FINDINGS_MAX
from fse.norm.model import DocumentFactures
from fse.norm.model.attributes import input_attributes
from fse.norm.model.constraints import Texte
from tests.strategies import input_strategy_for

NIR = "2951099126111"
PRESTATION = (
    "<prestation><date_soins>2024-03-01</date_soins><code_acte>AMI</code_acte><coefficient>1.5</coefficient>"
    "<prix_unitaire>315</prix_unitaire><base>473</base><taux>60</taux><montant_amo>284</montant_amo>"
    "<honoraires>473</honoraires><lieu>1</lieu></prestation>"
)
DOCUMENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<factures cabinet="essai" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:noNamespaceSchemaLocation="http://example.invalid/factures.xsd">
  <!-- écrit à la main --><?outil version?>
  <facture reference="2024/A-1" mode="S">
    <prestataire> 001234566 </prestataire>
    <date_facture>2024-03-01</date_facture>
    <assure><nir>{NIR}</nir><cle_nir>93</cle_nir><regime>01</regime><caisse>999</caisse><centre>0000</centre></assure>
    <beneficiaire><date_naissance>951035</date_naissance></beneficiaire>
    <nature_assurance>10</nature_assurance>
    <destinataire_reglement>15</destinataire_reglement>
    <amc><numero_amc>0012345</numero_amc><numero_adherent>00A1</numero_adherent></amc>
    {PRESTATION}
    <contexte>
      <source>carte</source>
      <date_lecture>2024-03-01</date_lecture>
      <identite_assure><nom>Dupont</nom><prenom>Anne</prenom></identite_assure>
      <identite_beneficiaire><nom><![CDATA[Lefèvre-]]>d'Œuvre</nom><prenom> Zoé </prenom></identite_beneficiaire>
      <opposition>0</opposition>
      <periode_droits><debut>1950-01-01</debut><fin>9999-12-31</fin></periode_droits>
    </contexte>
  </facture>
</factures>
"""


def _read(text):
    return read(text.encode())


def _changed(old, new, count=1):
    assert old in DOCUMENT
    return DOCUMENT.replace(old, new, count)


def test_a_document_written_by_hand_is_read():
    document, found = _read(DOCUMENT)
    (saisie,) = document.factures
    assert (document.cabinet, saisie.reference, saisie.mode) == ("essai", "2024/A-1", "S")
    facture = saisie.facture
    assert (facture.prestataire, facture.date_facture) == ("001234566", date(2024, 3, 1))
    assert (facture.assure.nir, facture.beneficiaire.date_naissance) == (NIR, "951035")
    assert (facture.amc.numero_amc, facture.amc.numero_adherent) == ("12345", "00A1")
    (ligne,) = facture.prestations
    assert (ligne.coefficient, ligne.quantite, ligne.accord_prealable, ligne.lieu) == (Decimal("1.5"), 1, "9", "1")
    assert (facture.marque, facture.type_facture, facture.justificatif_droits) == (None, None, None)
    assert saisie.contexte.identite_assure.nom == "DUPONT"
    assert saisie.contexte.identite_beneficiaire.nom == "LEFEVRE D OEUVRE"
    assert saisie.contexte.periodes_droits[0].fin == date(9999, 12, 31)
    assert saisie.contexte.opposition is False
    assert [(one.code, one.place.rang, one.place.champ) for one in found] == [
        ("saisie.transliteration", 1, "contexte/identite_beneficiaire/nom"),
        ("saisie.transliteration", 1, "contexte/identite_beneficiaire/prenom"),
    ]
    assert "« 2024/A-1 »" in found[0].message


def test_an_invoice_without_a_line_is_one_to_price():
    document, _ = _read(_changed(PRESTATION, ""))
    assert document.factures[0].facture.prestations == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-15"])
def test_the_encoding_is_the_one_that_the_document_declares(encoding):
    text = DOCUMENT.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert read(text.encode(encoding)) == _read(DOCUMENT)


LONG = "<nom>Dupont</nom>"
CASES = {
    "missing element": ("saisie.element_absent", "assure/cle_nir", _changed("<cle_nir>93</cle_nir>", "")),
    "missing first element": ("saisie.element_absent", "prestataire", _changed(
        "<prestataire> 001234566 </prestataire>", "")),
    "no session": ("saisie.element_absent", "soins/seance", _changed(
        "<contexte>", "<soins><taux>60</taux></soins><contexte>")),
    "missing attribute": ("saisie.element_absent", "@mode", _changed(' mode="S"', "")),
    "no cabinet": ("saisie.element_absent", "@cabinet", _changed(' cabinet="essai"', "")),
    "unknown element": ("saisie.element_inconnu", "assure/nom_marital", _changed(
        "</assure>", "<nom_marital/></assure>")),
    "unknown attribute": ("saisie.element_inconnu", "contexte/@version", _changed(
        "<contexte>", '<contexte version="2">')),
    "not an input": ("saisie.element_inconnu", "marque", _changed(
        "<date_facture>", "<marque>R</marque><date_facture>")),
    "wrong order": ("saisie.element_mal_place", "assure/nir", _changed(
        f"<nir>{NIR}</nir><cle_nir>93</cle_nir>", f"<cle_nir>93</cle_nir><nir>{NIR}</nir>")),
    "twice": ("saisie.element_en_trop", "nature_assurance", _changed(
        "<nature_assurance>", "<nature_assurance>30</nature_assurance><nature_assurance>")),
    "1000 lines": ("saisie.element_en_trop", "prestation", _changed(PRESTATION, PRESTATION * 1000)),
    "too long": ("saisie.trop_long", "contexte/identite_assure/nom", _changed(LONG, f"<nom>{'A' * 26}</nom>")),
    "too long once spelt out": ("saisie.trop_long", "contexte/identite_assure/nom", _changed(
        LONG, f"<nom>{'A' * 24}Œ</nom>")),
    "AMC number too long": ("saisie.trop_long", "amc/numero_amc", _changed(
        "<numero_amc>0012345<", "<numero_amc>12345678901<")),
    "too large": ("saisie.hors_bornes", "prestation[1]/base", _changed("<base>473<", "<base>10000000<")),
    "too small": ("saisie.hors_bornes", "prestation[1]/coefficient", _changed("1.5<", "0<")),
    "too early": ("saisie.hors_bornes", "prestation[1]/date_soins", _changed(
        "<date_soins>2024", "<date_soins>1979")),
    "not a day": ("saisie.valeur_interdite", "date_facture", _changed("2024-03-01", "2024-02-30")),
    "time zone": ("saisie.valeur_interdite", "date_facture", _changed("2024-03-01<", "2024-03-01Z<")),
    "not an amount": ("saisie.valeur_interdite", "prestation[1]/base", _changed("<base>473<", "<base>4,73<")),
    "empty amount": ("saisie.valeur_interdite", "prestation[1]/base", _changed("<base>473<", "<base><")),
    "a number without end": ("saisie.valeur_interdite", "prestation[1]/base", _changed(
        "<base>473<", f"<base>{'0' * 9000}1<")),
    "three decimals": ("saisie.valeur_interdite", "prestation[1]/coefficient", _changed("1.5<", "1.555<")),
    "unknown code": ("saisie.valeur_interdite", "nature_assurance", _changed(">10<", ">99<")),
    "zeros for nothing": ("saisie.valeur_interdite", "prestataire", _changed(" 001234566 ", "000000000")),
    "other digits": ("saisie.valeur_interdite", "assure/regime", _changed(">01<", ">٠١<")),
    "nothing left of a name": ("saisie.valeur_interdite", "contexte/identite_assure/nom", _changed(
        LONG, "<nom>—</nom>")),
    "attribute value": ("saisie.valeur_interdite", "@mode", _changed('mode="S"', 'mode="R"')),
    "no reference": ("saisie.valeur_interdite", "@reference", _changed("2024/A-1", "")),
    "stray text": ("saisie.xml_invalide", "assure", _changed("<assure>", "<assure>Anne")),
    "nil": ("saisie.xml_invalide", "assure/regime", _changed("<regime>", '<regime xsi:nil="true">')),
}  # fmt: skip


@pytest.mark.parametrize(("code", "champ", "text"), CASES.values(), ids=CASES)
def test_the_smallest_wrong_document(code, champ, text):
    document, found = _read(text)
    errors = [one for one in found if one.is_error]
    assert document is None
    assert [(one.code, one.place.champ) for one in errors] == [(code, champ)]
    assert errors[0].sets_aside
    everything = " ".join(one.message + one.action + (one.place.champ or "") for one in found)
    assert not any(secret in everything for secret in (NIR, "Dupont", "DUPONT", "Anne", "AAAA", "Lef"))


def test_what_is_not_a_leaf_or_not_known_is_said_without_its_content():
    _, found = _read(_changed("<regime>01<", "<regime><b>01</b><"))
    assert {one.code for one in found if one.is_error} == {"saisie.xml_invalide", "saisie.valeur_interdite"}
    _, found = _read(_changed("</assure>", f"<{'x' * 100}/></assure>"))
    assert found[-1].place.champ == f"assure/{'x' * 40}…"


def test_a_reference_of_the_wrong_shape_is_not_printed():
    _, found = _read(_changed("2024/A-1", "Anne Dupont"))
    (error,) = [one for one in found if one.is_error]
    assert "n° 1 du document" in error.message
    assert "Anne" not in error.message


def test_every_invoice_and_line_is_found_by_its_rank():
    start, end = DOCUMENT.index("<facture "), DOCUMENT.index("</facture>") + len("</facture>")
    facture = DOCUMENT[start:end]
    wrong = facture.replace("2024/A-1", "A-2").replace(PRESTATION, PRESTATION * 2 + PRESTATION.replace("AMI", "ami"))
    _, found = _read(DOCUMENT[:end] + wrong + DOCUMENT[end:])
    (error,) = [one for one in found if one.is_error]
    assert (error.place.rang, error.place.champ, error.place.type) == (2, "prestation[3]/code_acte", "facture")
    assert "« A-2 »" in error.message


def test_a_systematic_fault_does_not_make_an_endless_list():
    _, found = _read(_changed(PRESTATION, PRESTATION.replace("AMI", "ami") * (FINDINGS_MAX + 20)))
    assert found[-1].code == "saisie.suite_non_listee"
    assert len([one for one in found if one.is_error]) == FINDINGS_MAX + 1


def test_what_is_not_a_document():
    for data, code in [
        (b"", "saisie.xml_illisible"),
        (b"%PDF-1.7 \x00\xff", "saisie.xml_illisible"),
        (DOCUMENT.encode()[:-20], "saisie.xml_illisible"),
        (DOCUMENT.replace("UTF-8", "klingon").encode(), "saisie.xml_illisible"),
        (b"<a>" * 5000, "saisie.xml_illisible"),
        (b"<autre/>", "saisie.racine_inconnue"),
        (b'<factures xmlns="urn:x"/>', "saisie.racine_inconnue"),
    ]:
        document, (found,) = read(data)
        assert (document, found.code) == (None, code)


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
DOCTYPES = [
    "<!DOCTYPE factures>",
    '<!DOCTYPE factures SYSTEM "file:///etc/hostname">',
    '<!DOCTYPE factures [<!ENTITY a "b">]>',
    '<!DOCTYPE factures [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE factures [<!ENTITY % a SYSTEM "http://example.invalid/x.dtd"> %a;]>',
    f'<!DOCTYPE factures [<!ENTITY a0 "lol">{BOMB}]>',
]


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("used", ["<nom>&a;&a11;</nom>", LONG, '<nom x="&a11;"/>'])
def test_document_types_and_entities_are_refused(doctype, used):
    text = _changed(LONG, used).replace("<factures", doctype + "<factures", 1)
    document, (found,) = _read(text)
    assert document is None
    assert found.code in ("saisie.xml_dtd", "saisie.xml_illisible")
    if used == LONG and "%" not in doctype:
        assert found.code == "saisie.xml_dtd"


CROWDS = {
    "unknown elements": ("saisie.xml_surcharge", b"<factures>" + b"<a/>" * 200_000 + b"</factures>"),
    "lines": ("saisie.xml_surcharge", _changed(PRESTATION, "<prestation/>" * 50_000).encode()),
    "keys": ("saisie.xml_surcharge", _changed(
        "<assure>", "<assure " + " ".join(f'a{rank}=""' for rank in range(5000)) + ">").encode()),
    "invoices": ("saisie.suite_non_listee", b"<factures>" + b"<facture/>" * 100_000 + b"</factures>"),
    "a name": ("saisie.trop_long", _changed(LONG, f"<nom>{chr(0xFDFA) * 100_000}</nom>").encode()),
}  # fmt: skip


@pytest.mark.parametrize(("code", "data"), CROWDS.values(), ids=CROWDS)
def test_what_is_repeated_without_end_is_refused_in_bounded_time(code, data):
    """Each took minutes: the validators look at all of an element for each error in it."""
    start = time.process_time()
    document, found = read(data)
    assert time.process_time() - start < 10
    assert document is None
    assert found[-1].code == code
    assert len(found) <= FINDINGS_MAX + 3


def test_invoices_are_validated_few_at_a_time_and_read_as_one_document(monkeypatch):
    start, end = DOCUMENT.index("<facture "), DOCUMENT.index("</facture>") + len("</facture>")
    facture = DOCUMENT[start:end]
    factures = [facture.replace("2024/A-1", f"A-{rank}") for rank in range(1, 8)]
    whole = DOCUMENT[:start] + "\n".join(factures) + DOCUMENT[end:]
    wrong = whole.replace('"A-5" mode="S"', '"A-5" mode="R"').replace('cabinet="essai"', "")
    at_once = _read(whole), _read(wrong)
    assert [one.facture.prestataire for one in at_once[0][0].factures] == ["001234566"] * 7
    for few in (1, 2, 3, 7):
        monkeypatch.setattr(reading, "_AT_ONCE", few)
        assert (_read(whole), _read(wrong)) == at_once


def test_a_document_too_large_is_not_parsed(monkeypatch):
    monkeypatch.setattr(parsing, "SIZE_MAX", 2**20)
    assert _read(DOCUMENT + " " * (2**20 - len(DOCUMENT.encode())))[0] is not None
    document, (found,) = _read(DOCUMENT + " " * 2**20)
    assert (document, found.code) == (None, "saisie.trop_volumineux")


@given(input_strategy_for(DocumentFactures))
def test_what_is_built_is_read_back_and_nothing_is_noticed(document):
    assert read(build(document)) == (document, [])


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"<factures>{text}</factures>".encode()))
def test_any_bytes_give_findings(data):
    document, found = read(data)
    assert document is None
    assert found
    assert all(one.is_error for one in found)


LEAVES = [element for element in etree.fromstring(DOCUMENT.encode()).iter(etree.Element) if not len(element)]
SPOILT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.from_regex(r"[+-]?[0-9]{1,15}([.,][0-9]{0,4})?", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]Z?", fullmatch=True),
    st.sampled_from(["", " ", "true", "1", "0", "S", "00", "INF", "NaN", "-0", "1e3", "\u00a01", "F\t"]),
)


@given(st.integers(0, len(LEAVES) - 1), SPOILT, st.sampled_from(["text", "drop", "twice", "rename", "attribute"]))
def test_a_spoilt_document_is_read_or_explained(rank, text, how):
    root = etree.fromstring(DOCUMENT.encode())
    leaf = [element for element in root.iter(etree.Element) if not len(element)][rank]
    match how:
        case "text":
            leaf.text = text.replace("\ufffe", "").replace("\uffff", "")
        case "drop":
            leaf.getparent().remove(leaf)
        case "twice":
            leaf.addnext(etree.fromstring(etree.tostring(leaf, with_tail=False)))
        case "rename":
            leaf.tag = f"x{rank}"
        case "attribute":
            leaf.set("type", "x")
    document, found = read(etree.tostring(root))
    assert (document is None) == any(one.is_error for one in found)
    if document is not None:
        assert read(build(document)) == (document, [])


@given(st.randoms(use_true_random=False))
def test_a_damaged_document_is_read_or_explained(chance: random.Random):
    data = bytearray(DOCUMENT.encode())
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data))
        data[start : start + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    document, found = read(bytes(data))
    assert (document is None) == any(one.is_error for one in found)


def test_free_text_never_shares_a_name_with_a_code():
    kinds = {}

    def visit(cls):
        for attribute in input_attributes(cls):
            if attribute.modele is not None:
                visit(attribute.modele)
            else:
                kinds.setdefault(attribute.tag, set()).add(isinstance(attribute.constraint, Texte))

    visit(DocumentFactures)
    assert [tag for tag, found in kinds.items() if len(found) > 1] == []


def test_every_document_finding_is_provoked_here_and_sets_the_document_aside():
    provoked = {code for code, _, _ in CASES.values()} | {
        "saisie.xml_illisible",
        "saisie.xml_dtd",
        "saisie.xml_surcharge",
        "saisie.trop_volumineux",
        "saisie.racine_inconnue",
        "saisie.suite_non_listee",
    }
    others = ("saisie.json_", "saisie.format_inconnu", "saisie.document_vide")
    rules = [rule for code, rule in catalogue().items() if code.startswith("saisie.") and not code.startswith(others)]
    assert {rule.code for rule in rules if rule.effet is Effect.ECARTE} == provoked
    assert all(rule.gravite is Severity.ERREUR for rule in rules if rule.effet is Effect.ECARTE)


def test_a_valid_document_is_read_without_xmlschema():
    """It costs half a second to import: only a refused document pays for it."""
    program = (
        "import sys; from fse.norm.codec.xml import read; document, _ = read(sys.stdin.buffer.read()); "
        "assert document; print('xmlschema' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=DOCUMENT.encode(), capture_output=True, check=True, timeout=60
    )
    assert done.stdout.strip() == b"False"
