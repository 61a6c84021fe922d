"""What a duplicate is refused for: an element would miss, or the sheet would be paid twice. Nothing is kept then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fse.app.operations.actes.forcer import forcer
from fse.app.operations.annuler import annuler
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.clock import now
from fse.app.operations.emettre import emettre
from fse.app.operations.journal.lectures import lectures
from fse.app.operations.practice import Practice
from fse.app.operations.reprise import reprise
from fse.app.operations.securiser import securiser
from fse.app.operations.states import refresh
from fse.base.dates import to_days
from fse.base.errors import SignatureError, UsageError
from fse.infra.journal.facts import factures
from fse.infra.journal.facts.exchanges import relances
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.upkeep import destruction
from tests.app.cabinet import JOUR, PRESTATAIRE, document, facture, new_practice, prestation, signer
from tests.app.duplicata.world import LATER, acknowledge, files, make, recorded
from tests.app.emitted import noe, receive, rows


def refused(practice: Practice, numero: int = 1, **changes: Any) -> UsageError:
    before = recorded(practice)
    with pytest.raises(UsageError) as error:
        make(practice, numero, **changes)
    assert (recorded(practice), files(practice.cabinet.folder)) == (before, {})
    assert lectures(practice) == [], "nothing of the patient was read"
    return error.value


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"motif": "  "}, "acte.absent"),
        ({"auteur": ""}, "acte.absent"),
        ({"motif": "perdu, NIR 1 85 09 75 056 000 81"}, "acte.personnel"),
        ({"prestataire": "002345676"}, "facture.inconnue"),
        ({"visibles": ()}, "facture.inconnue"),
        ({"voie": "patient"}, "duplicata.tiers_payant"),
        ({"numero": 6, "voie": "patient", "patient_signe": False}, "duplicata.remis_non_signe"),
        ({"numero": 6, "voie": "caisse"}, "duplicata.mention_absente"),
    ],
)
def test_what_is_asked_must_hold_together(practice: Practice, changes: dict[str, Any], code: str) -> None:
    assert refused(practice, **changes).code == code


@pytest.mark.parametrize(
    ("numero", "voie", "signe"), [(1, "caisse", True), (1, "caisse", False), (6, "caisse", False), (6, "patient", True)]
)
def test_the_four_ways_of_the_articles(practice: Practice, numero: int, voie: str, signe: bool) -> None:
    done = make(practice, numero, voie=voie, patient_signe=signe)
    assert [(row["voie"], row["patient_signe"]) for row in recorded(practice)] == [(voie, int(signe))]
    assert done.rang == 1


def test_a_payer_that_answered_has_it_and_its_file_is_named(practice: Practice) -> None:
    receive(practice, noe())
    for numero in (1, 2, 4):
        error = refused(practice, numero)
        assert error.code == "duplicata.repondue"
        assert "par le retour " in error.message
        assert " du 08/10/2026" in error.message


def test_what_a_person_said_of_it_counts_too(practice: Practice) -> None:
    forcer(practice, 1, "AMO", "abandonnee", motif="vu", auteur="marie", le=LATER)
    error = refused(practice)
    assert (error.code, "L'acte n° 1" in error.message) == ("duplicata.repondue", True)


def test_a_payer_that_acknowledged_its_lot_has_it(practice: Practice) -> None:
    acknowledge(practice, "P")
    error = refused(practice, 6, voie="patient")
    assert error.code == "duplicata.accusee"
    assert "lot 001, fichier 000001, par son accusé du 07/10/2026" in error.message


def test_an_acknowledgement_stops_a_second_one_too(practice: Practice) -> None:
    make(practice).chemin.unlink()
    acknowledge(practice, "P")
    with pytest.raises(UsageError) as error:
        make(practice, motif="perdu")
    assert error.value.code == "duplicata.accusee"


def test_never_in_a_lot_it_is_an_ordinary_sheet(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("V-1"), facture("V-2", mode="papier")), le=JOUR)
        assert refused(practice, 1).code == "duplicata.sans_lot"
        assert refused(practice, 2).code == "duplicata.papier"
        annuler(practice, 1, motif="essai", auteur="marie", le=JOUR)
        assert refused(practice, 1).code == "duplicata.annulee"


def test_a_lot_that_nobody_signed_will_still_leave(tmp_path: Path) -> None:
    class Pulled:
        """A card that is pulled out when the lots are made."""

        certificate, chain = signer().certificate, signer().chain

        @property
        def key(self) -> Any:
            raise SignatureError("carte.absente", "Carte absente.", action="La remettre.")

    with new_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("V-1")), le=JOUR)
        with pytest.raises(SignatureError):
            emettre(practice, tmp_path / "envoi", lambda *_: Pulled(), le=JOUR)
        assert rows(practice, "SELECT numero FROM lot_facture") == [{"numero": 1}]
        assert refused(practice).code == "duplicata.non_transmise"


def test_one_that_waits_for_a_new_lot_will_still_leave(practice: Practice) -> None:
    lot = LotKey(PRESTATAIRE, 1, to_days(JOUR))
    with practice.journal.transaction(now()) as transaction:
        relances.free_the_others(transaction, lot, 2, motif="accuse_negatif", le=to_days(LATER))
        refresh(transaction, [1, 3, 4, 5, 6])
    assert refused(practice, 1).code == "duplicata.nouveau_lot"
    emettre(practice, practice.cabinet.folder / "envoi-2", lambda *_: signer(), le=LATER)
    assert make(practice, 1).numero_lot == 2, "the lot where it is now"


def test_one_that_was_corrected_is_not_the_one_to_print(practice: Practice) -> None:
    again = facture("V-7", before="<remplace>1</remplace>", lignes=(prestation(2900),))
    assert securiser(practice, document(again), le=LATER).factures[0].numero == 7
    error = refused(practice, 1)
    assert (error.code, "fse duplicata 7" in error.action) == ("duplicata.corrigee", True)
    annuler(practice, 7, motif="essai", auteur="marie", le=LATER)
    assert make(practice, 1).rang == 1


def test_one_of_the_previous_software_is_not_ours(tmp_path: Path) -> None:
    text = f"""
cabinet = "essai"
dernier_fichier = 1
[[prestataires]]
numero = "{PRESTATAIRE}"
dernier_numero = 6
[[factures]]
numero = 1
date_facture = {JOUR}
numero_lot = 1
date_lot = {JOUR}
envoyee_le = {JOUR}
demande_amo = 2100
organisme = "998"
"""
    with new_practice(tmp_path / "cabinet") as practice:
        assert not reprise(practice, text.encode(), dossier=tmp_path, auteur="essai", le=LATER).constats
        assert refused(practice).code == "duplicata.reprise"


def test_a_person_who_is_gone_cannot_be_named(practice: Practice) -> None:
    with practice.journal.transaction(now()) as transaction:
        row = factures.find(transaction, PRESTATAIRE, 1)
        assert row is not None
        destruction.destroy_contents(transaction, [row.contenu_saisie])
        destruction.delete_persons(transaction, [row.personne])
    assert refused(practice).code == "duplicata.personne_purgee"


def test_a_practitioner_who_is_gone_has_no_name_to_print(practice: Practice) -> None:
    path = practice.cabinet.folder / "cabinet.toml"
    other = path.read_text(encoding="utf-8").replace(f'numero = "{PRESTATAIRE}"\nnom', 'numero = "002345676"\nnom')
    path.write_text(other, encoding="utf-8")
    assert refused(Practice(load_cabinet(path), practice.journal, nouveau=False)).code == "duplicata.praticien_absent"
