"""Securing: what is numbered and frozen, what is refused whole, what is the same invoice again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.infra.engines import of
from fse.infra.journal.facts import factures
from tests.app.cabinet import JOUR, PATIENTS, PRESTATAIRE, document, facture, prestation
from tests.app.emitted import emitted_practice, noe, receive
from tests.oracles import b2_oracle


def codes(practice: Practice, entree: bytes) -> set[str]:
    """Codes of the errors that refuse a document; checks that nothing was written."""
    before = rows(practice)
    result = securiser(practice, entree, le=JOUR)
    assert result.factures == ()
    assert rows(practice) == before
    return {one.code for one in result.constats if one.is_error}


def rows(practice: Practice) -> list[int]:
    """Size of each table of facts."""
    with practice.journal.reading() as reading:
        return [
            of(reading.connection).rows(f"SELECT COUNT(*) AS nombre FROM {table}")[0]["nombre"]
            for table in ("facture", "evenement", "personne", "contenu", "compteur")
        ]


def test_numbers_follow_and_the_frozen_bytes_are_those_of_the_norm(practice: Practice) -> None:
    result = securiser(practice, document(facture("V-1"), facture("V-2", patient=1)), le=JOUR)
    assert [(one.reference, one.numero, one.deja_connue) for one in result.factures] == [
        ("V-1", 1, False),
        ("V-2", 2, False),
    ]
    with practice.journal.reading() as reading:
        row = factures.find(reading, PRESTATAIRE, 1)
        assert row is not None
        assert row.contenu_fse is not None
        records = b2_oracle.records(reading.load(row.contenu_fse))
    header, line, trailer = (b2_oracle.cut(record) for record in records)
    nir, cle, naissance = PATIENTS[0]
    assert (header["nir"], header["cle_nir"], header["date_naissance"]) == (nir, cle, naissance)
    assert (header["marque"], header["type_facture"], header["justificatif_droits"]) == ("T", "F", "4")
    assert (line["honoraires"], line["montant_amo"], line["montant_amc"]) == ("0003000", "0002100", "0000900")
    assert (line["executant"], line["specialite_executant"]) == (PRESTATAIRE, "01")
    assert (trailer["total_honoraires"], trailer["part_assure"]) == ("00003000", "00000900")
    assert trailer["certification"] == b2_oracle.seal_of_invoice(records) == row.sceau


def test_the_same_reference_and_content_is_the_same_invoice(practice: Practice) -> None:
    entree = document(facture("V-1"))
    securiser(practice, entree, le=JOUR)
    again = securiser(practice, entree, le=JOUR)
    assert [(one.numero, one.deja_connue) for one in again.factures] == [(1, True)]


def test_the_same_reference_with_another_content_is_refused(practice: Practice) -> None:
    securiser(practice, document(facture("V-1")), le=JOUR)
    assert codes(practice, document(facture("V-1", patient=1))) == {"securisation.reference_prise"}


def test_the_same_reference_twice_in_one_document_is_refused(practice: Practice) -> None:
    entree = document(facture("V-1"), facture("V-1", patient=1))
    assert codes(practice, entree) == {"securisation.reference_prise"}


def test_one_wrong_invoice_refuses_the_whole_document(practice: Practice) -> None:
    wrong = facture("V-2").replace("<cle_nir>81<", "<cle_nir>82<")
    assert codes(practice, document(facture("V-1"), wrong)) == {"saisie.cle_nir"}


def test_a_name_too_long_is_refused_never_cut(practice: Practice) -> None:
    assert codes(practice, document(facture("V-1", nom="A" * 26))) == {"saisie.trop_long"}


def test_a_ligature_that_lengthens_a_name_past_its_zone_is_refused(practice: Practice) -> None:
    assert codes(practice, document(facture("V-1", nom="Œ" * 13))) == {"saisie.trop_long"}


@pytest.mark.parametrize("montant", [10_000_000, 123_456_789_012])
def test_an_amount_too_large_for_its_zone_is_refused(practice: Practice, montant: int) -> None:
    line = prestation(3000).replace("<honoraires>3000<", f"<honoraires>{montant}<")
    assert codes(practice, document(facture("V-1", lignes=(line,)))) == {"saisie.hors_bornes"}


def test_a_total_too_large_for_record_5_is_refused(practice: Practice) -> None:
    lines = tuple(prestation(9_999_990) for _ in range(11))
    assert codes(practice, document(facture("V-1", lignes=lines))) == {"saisie.total_trop_grand"}


def test_an_unknown_destination_is_refused(practice: Practice) -> None:
    entree = document(facture("V-1")).replace(b"<caisse>998<", b"<caisse>997<")
    assert codes(practice, entree) == {"securisation.destination_inconnue"}


def test_an_unknown_prestataire_is_refused(practice: Practice) -> None:
    entree = document(facture("V-1")).replace(PRESTATAIRE.encode(), b"002345676")
    assert codes(practice, entree) == {"securisation.prestataire_inconnu"}


def test_another_cabinet_is_refused(practice: Practice) -> None:
    assert codes(practice, document(facture("V-1"), cabinet="autre")) == {"securisation.autre_cabinet"}


def test_a_number_is_refused_when_fse_allocates_them(practice: Practice) -> None:
    entree = document(facture("V-1")).replace(b"<date_facture>", b"<numero>7</numero><date_facture>", 1)
    assert codes(practice, entree) == {"securisation.numero_inattendu"}


def numbered(practice: Practice) -> Practice:
    """The same practice, whose software supplies the numbers."""
    prestataire = replace(practice.cabinet.prestataires[0], numeros="fournis")
    return replace(practice, cabinet=replace(practice.cabinet, prestataires=(prestataire,)))


def with_number(reference: str, numero: int, patient: int = 0) -> bytes:
    text = facture(reference, patient=patient)
    return document(text.replace("<date_facture>", f"<numero>{numero}</numero><date_facture>", 1))


def test_supplied_numbers_are_kept_and_never_taken_twice(practice: Practice) -> None:
    practice = numbered(practice)
    result = securiser(practice, with_number("V-1", 4321), le=JOUR)
    assert [one.numero for one in result.factures] == [4321]
    assert codes(practice, with_number("V-2", 4321, patient=1)) == {"securisation.numero_pris"}
    assert codes(practice, document(facture("V-3"))) == {"securisation.numero_attendu"}


def test_a_correction_names_an_invoice_that_exists_and_has_no_successor(practice: Practice) -> None:
    securiser(practice, document(facture("V-1")), le=JOUR)
    unknown = document(facture("V-2", before="<remplace>9</remplace>"))
    assert codes(practice, unknown) == {"securisation.remplace_inconnue"}
    first = securiser(practice, document(facture("V-2", before="<remplace>1</remplace>")), le=JOUR)
    assert [one.numero for one in first.factures] == [2]
    second = document(facture("V-3", before="<remplace>1</remplace>"))
    assert codes(practice, second) == {"securisation.deja_remplacee"}


@pytest.mark.parametrize(
    ("remplace", "destinataire", "told"),
    [
        (1, "15", "part AMO « Payée », part AMC « Payée »"),
        (2, "15", "part AMO « Payée »"),
        (2, "25", ""),  # AMC only, which is rejected
        (4, "05", ""),  # rejected
        (5, "05", ""),  # paid short
        (3, "15", "part AMC « Payée »"),
    ],
)
def test_what_a_payer_has_paid_is_not_sent_again_in_silence(
    tmp_path: Path, remplace: int, destinataire: str, told: str
) -> None:
    with emitted_practice(tmp_path / "emis") as practice:
        receive(practice, noe())
        corrected = facture("V-7", destinataire=destinataire, before=f"<remplace>{remplace}</remplace>")
        result = securiser(practice, document(corrected), le=JOUR)
        assert len(result.factures) == 1
        found = [one.message for one in result.constats if one.code == "securisation.remplace_en_attente"]
        assert [text.partition("n'est pas rejetée : ")[2] for text in found] == ([f"{told}."] if told else [])
        assert all(f"{remplace:09d}" in text for text in found)


def test_what_a_payer_has_not_answered_is_not_sent_again_in_silence(tmp_path: Path) -> None:
    with emitted_practice(tmp_path / "emis") as practice:
        result = securiser(practice, document(facture("V-7", before="<remplace>1</remplace>")), le=JOUR)
        (found,) = [one for one in result.constats if one.code == "securisation.remplace_en_attente"]
        assert "part AMO « En attente de réponse »" in found.message
        assert not found.is_error


def test_two_corrections_of_one_invoice_in_one_document_are_refused(practice: Practice) -> None:
    securiser(practice, document(facture("V-1")), le=JOUR)
    both = [facture(name, before="<remplace>1</remplace>") for name in ("V-2", "V-3")]
    assert codes(practice, document(*both)) == {"securisation.deja_remplacee"}


def test_a_paper_sheet_is_recorded_without_records(practice: Practice) -> None:
    securiser(practice, document(facture("V-1", mode="papier")), le=JOUR)
    with practice.journal.reading() as reading:
        row = factures.find(reading, PRESTATAIRE, 1)
        assert row is not None
        assert (row.contenu_fse, row.sceau, row.mode) == (None, "", "papier")
        assert factures.waiting(reading) == []


def test_no_nir_and_no_name_in_the_journal_file(practice: Practice) -> None:
    securiser(practice, document(facture("V-1", nom="Kowalczyk")), le=JOUR)
    practice.close()
    for path in practice.cabinet.folder.iterdir():
        content = path.read_bytes()
        for secret in (PATIENTS[0][0], "KOWALCZYK", "Kowalczyk"):
            assert secret.encode() not in content, path.name


@pytest.mark.parametrize("reference", ["1850975056000", "1-85-09-75-056-000", "185097505600081"])
def test_a_reference_that_is_a_nir_is_refused_and_not_printed(practice: Practice, reference: str) -> None:
    wrong_key = facture(reference).replace("<cle_nir>81<", "<cle_nir>82<")
    result = securiser(practice, document(wrong_key), le=JOUR)
    assert [one.code for one in result.constats if one.is_error] == ["securisation.reference_personnelle"]
    assert not any(reference in one.message for one in result.constats)
