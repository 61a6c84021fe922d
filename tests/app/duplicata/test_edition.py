"""A duplicate is written, then recorded with who, why and when; the same again is the same, another is the second."""

from __future__ import annotations

import stat
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

import fse
from fse.app.operations.cabinet.description import Carte
from fse.app.operations.clock import now
from fse.app.operations.duplicata import Duplicata
from fse.app.operations.emettre import emettre
from fse.app.operations.journal.lectures import lectures
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.dates import to_days
from fse.base.errors import StorageError, UsageError
from fse.infra.journal.facts.exchanges import envois
from tests.app.cabinet import (
    CABINET,
    JOUR,
    PATIENTS,
    PRESTATAIRE,
    document,
    facture,
    new_practice,
    reopen,
    signer,
    write_cabinet,
)
from tests.app.duplicata.world import LATER, MOTIF, acknowledge, etat, events, make, plain, recorded
from tests.app.emitted import derived, emitted_practice

OTHER = "002345676"


def seen(practice: Practice, numero: int, **changes: object) -> Duplicata:
    """What the document was made from."""
    held: list[Duplicata] = []

    def keep(one: Duplicata) -> bytes:
        held.append(one)
        return plain(one)

    make(practice, numero, rendu=keep, **changes)
    return held[0]


def test_it_is_written_and_recorded_with_who_why_and_when(practice: Practice) -> None:
    done = make(practice)
    content = done.chemin.read_bytes()
    assert (done.rang, done.numero_lot, done.date_lot, done.deja_edite) == (1, 1, JOUR, False)
    assert done.empreinte == sha256(content).hexdigest()
    row = {
        "prestataire": PRESTATAIRE,
        "numero": 1,
        "rang": 1,
        "numero_lot": 1,
        "date_lot": to_days(JOUR),
        "motif": MOTIF,
        "voie": "caisse",
        "patient_signe": 1,
        "auteur": "marie",
        "edite_le": to_days(LATER),
        "empreinte": done.empreinte,
    }
    assert recorded(practice) == [{"cabinet": "essai"} | row]
    assert events(practice, "duplicata_edite") == [row]


def test_the_public_function_is_this_one() -> None:
    assert fse.duplicata.__module__ == "fse.app.operations.duplicata"


def test_the_file_is_its_owners_alone(practice: Practice) -> None:
    assert stat.S_IMODE(make(practice).chemin.stat().st_mode) & 0o077 == 0


def test_the_reading_in_clear_is_noted_before(practice: Practice) -> None:
    def look(one: Duplicata) -> bytes:
        assert [(each.commande, each.numero, each.auteur) for each in lectures(practice)] == [("duplicata", 1, "marie")]
        return plain(one)

    make(practice, rendu=look)


def test_a_sheet_paid_by_the_patient_has_then_left_on_paper(practice: Practice) -> None:
    assert etat(practice, 6) == "aucun_retour_attendu"
    make(practice, 6, voie="patient")
    assert etat(practice, 6) == "sur_papier"


def test_with_third_party_payment_the_answer_is_still_awaited(practice: Practice) -> None:
    make(practice, 1)
    assert etat(practice, 1) == "en_cours"


def test_the_same_again_is_the_same_duplicate(practice: Practice) -> None:
    first = make(practice)
    content = first.chemin.read_bytes()
    first.chemin.unlink()
    again = make(practice)
    assert (again.rang, again.deja_edite, again.chemin.read_bytes()) == (1, True, content)
    assert len(recorded(practice)) == len(events(practice, "duplicata_edite")) == 1


def test_one_that_was_written_and_not_recorded_is_finished(practice: Practice, tmp_path: Path) -> None:
    with emitted_practice(tmp_path / "tue") as killed:
        content = make(killed).chemin.read_bytes()
    (practice.cabinet.folder / "duplicata-1.pdf").write_bytes(content)
    done = make(practice)
    assert (done.rang, done.deja_edite, done.chemin.read_bytes()) == (1, False, content)


@pytest.mark.parametrize("change", [{"motif": "perdu par la poste"}, {"le": LATER.replace(day=13)}, {"auteur": "paul"}])
def test_another_is_the_second(practice: Practice, tmp_path: Path, change: dict[str, object]) -> None:
    make(practice)
    second = make(practice, sortie=tmp_path / "second.pdf", **change)
    assert (second.rang, second.deja_edite) == (2, False)
    assert [row["rang"] for row in recorded(practice)] == [1, 2]
    again = make(practice, sortie=tmp_path / "premier.pdf")
    assert (again.rang, again.deja_edite) == (1, True), "the first one is still itself"


def test_a_second_one_never_takes_the_place_of_the_first(practice: Practice) -> None:
    first = make(practice)
    content = first.chemin.read_bytes()
    with pytest.raises(StorageError) as error:
        make(practice, motif="perdu par la poste")
    assert error.value.code == "sortie.differente"
    assert (first.chemin.read_bytes(), len(recorded(practice))) == (content, 1)


def test_nothing_is_recorded_when_nothing_is_written(practice: Practice, tmp_path: Path) -> None:
    before = derived(practice)
    (tmp_path / "fichier").write_bytes(b"")
    with pytest.raises(StorageError) as error:
        make(practice, 6, voie="patient", sortie=tmp_path / "fichier" / "d.pdf")
    assert error.value.code == "sortie.impossible"
    assert (recorded(practice), derived(practice)) == ([], before)


def test_what_changes_while_it_is_drawn_is_not_printed(practice: Practice, tmp_path: Path) -> None:
    def slow(one: Duplicata) -> bytes:
        make(practice, sortie=tmp_path / "autre.pdf", motif="fait entre-temps")
        return plain(one)

    with pytest.raises(UsageError) as error:
        make(practice, rendu=slow)
    assert error.value.code == "duplicata.entre_temps"
    assert (len(recorded(practice)), sorted(one.name for one in tmp_path.glob("*.pdf"))) == (1, ["autre.pdf"])


def test_an_acknowledgement_that_comes_while_it_is_drawn_stops_it(practice: Practice) -> None:
    def slow(one: Duplicata) -> bytes:
        acknowledge(practice, "P")
        return plain(one)

    with pytest.raises(UsageError) as error:
        make(practice, rendu=slow)
    assert error.value.code == "duplicata.accusee"
    assert recorded(practice) == []


def test_a_negative_acknowledgement_does_not_stop_it(practice: Practice) -> None:
    acknowledge(practice, "N")
    assert make(practice).rang == 1


# --- what it says ----------------------------------------------------------------------------------------------------


def test_it_says_who_paid_what(practice: Practice) -> None:
    """Thirty euros, AMO 70 %: the patient paid what nobody else pays to the professional."""
    full = seen(practice, 1)
    assert (full.tiers_payant, full.paye_par_patient, full.dispense_avance) == ((("AMO", 2100), ("AMC", 900)), 0, True)
    half = seen(practice, 4)
    assert (half.tiers_payant, half.paye_par_patient) == ((("AMO", 2100),), 900)
    none = seen(practice, 6, voie="patient")
    assert (none.tiers_payant, none.paye_par_patient, none.dispense_avance) == ((), 3000, False)


def test_it_names_the_patient_and_its_text_form_does_not(practice: Practice) -> None:
    one = seen(practice, 1)
    assert (one.facture.assure.nir, one.contexte.identite_assure.nom) == (PATIENTS[0][0], "LEFEVRE")
    assert repr(one) == "Duplicata(facture 000000001, n° 1)"


def test_it_says_the_practitioner_replaced_then_who_replaces(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("V-1", before=f"<remplacant>{OTHER}</remplacant>")), le=JOUR)
        emettre(practice, tmp_path / "envoi", lambda *_: signer(), le=JOUR)
        one = seen(practice, 1)
        assert (one.prestataire.nom, one.remplacant, one.executants) == ("DR CAMILLE ESSAI", one.remplacant, ())
        assert one.remplacant is not None
        assert (one.remplacant.numero, one.remplacant.nom) == (OTHER, "")
        card = Carte(jeton="j", module="m", titulaire="DR REMPLA", prestataires=(PRESTATAIRE,), remplacant=OTHER)
        known = Practice(replace(practice.cabinet, cartes=(card,)), practice.journal, nouveau=False)
        named = seen(known, 1, sortie=tmp_path / "nomme.pdf", motif="le nom manquait").remplacant
        assert named is not None
        assert named.nom == "DR REMPLA"


def test_it_says_the_employer_then_the_employee(tmp_path: Path) -> None:
    employed = facture("V-1").replace("<date_soins>", f"<executant>{OTHER}</executant><date_soins>")
    with new_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(employed), le=JOUR)
        emettre(practice, tmp_path / "envoi", lambda *_: signer(), le=JOUR)
        one = seen(practice, 1)
        assert (one.prestataire.numero, [each.numero for each in one.executants]) == (PRESTATAIRE, [OTHER])


def test_a_free_act_is_said_to_be_free(tmp_path: Path) -> None:
    free = facture("V-1", destinataire="00").replace("3000", "0").replace("2100", "0")
    with new_practice(tmp_path / "cabinet") as practice:
        assert securiser(practice, document(free), le=JOUR).factures
        emettre(practice, tmp_path / "envoi", lambda *_: signer(), le=JOUR)
        assert seen(practice, 1, voie="patient").acte_gratuit


# --- a file that cannot leave ----------------------------------------------------------------------------------------


def test_a_file_that_still_waits_to_leave_is_named(tmp_path: Path) -> None:
    text = f'{CABINET}\n[envoi]\ngenre = "repertoire"\ndossier = "oct"\n'
    new_practice(tmp_path / "cabinet").close()
    write_cabinet(tmp_path / "cabinet", text)
    with reopen(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("V-1"), facture("V-2", patient=1)), le=JOUR)
        (fichier,) = emettre(practice, tmp_path / "envoi", lambda *_: signer(), le=JOUR).fichiers
        with pytest.raises(UsageError) as error:
            make(practice)
        assert error.value.code == "duplicata.non_transmise"
        emetteur, identifiant = fichier.chemin.stem.split("-")
        with practice.journal.transaction(now()) as transaction:
            envois.record(transaction, emetteur, identifiant, jour=to_days(LATER), resultat="differe", code="451")
        assert make(practice).retenus == (fichier.chemin.stem,)
        assert make(practice, 2).retenus == ()  # nothing is left to send
