"""Statements received: what they prove, what is refused and why, what a person settles, what the journal proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fse.app.operations.actes.annuler_acte import annuler_acte
from fse.app.operations.actes.classer import classer
from fse.app.operations.banque.rattachement import rattacher_virement
from fse.app.operations.facture import facture
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.app.operations.suivi import VirementRecu, suivi
from fse.base.errors import UnreadableError, UsageError
from tests.app.bank.practice import LATER, NEXT, PAID, bank_practice, credit, proving, statement, take
from tests.app.bank.statements import OTHER_ACCOUNT, OTHER_IBAN, Movement, camt, cfonb
from tests.app.emitted import noe, rows

CARDS = Movement(NEXT, 2500, ("REMISE CARTES 123",))
TABLES = ("fichier_recu", "releve_bancaire", "mouvement_bancaire", "citation_bancaire", "rapprochement_bancaire")


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with bank_practice(tmp_path / "cabinet") as practice:
        yield practice


def transfer(practice: Practice) -> VirementRecu:
    """The one transfer, as the worklist of the day says it."""
    [found] = suivi(practice, le=LATER).virements
    return found


def held(practice: Practice) -> list[object]:
    """All that the journal holds of the bank."""
    return [rows(practice, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES]


@pytest.mark.parametrize("write", [cfonb, camt])
@pytest.mark.parametrize("return_first", [True, False])
def test_a_transfer_is_proved_whichever_side_comes_first(practice: Practice, write: object, return_first: bool) -> None:
    given = [noe(), write(statement(credit(), CARDS))]  # type: ignore[operator]
    received = take(practice, *(given if return_first else given[::-1]))
    assert [one.verdict for one in received] == ["recu", "recu"]
    [proof] = received[-1].preuves
    assert (proof.montant, proof.jour, proof.politique) == (PAID, NEXT, "deux_libelles")
    found = transfer(practice)
    assert found.preuve is not None
    assert (found.montant, found.preuve.nature, found.preuve.prouve_le) == (PAID, "", NEXT)
    [paid] = facture(practice, 1, le=LATER).reglements
    assert (paid.paye, paid.montant, paid.preuve.prouve_le) == (3000, PAID, NEXT)
    assert facture(practice, 4, le=LATER).reglements == (), "a rejected invoice is paid by nothing"
    assert verifier_journal(practice).intact


def test_again_in_any_format_brings_nothing(practice: Practice) -> None:
    take(practice, noe(), proving())
    before = held(practice)
    again = take(
        practice,
        proving(),
        camt(statement(credit(labels=("AUTRE",)), CARDS)),
        cfonb(statement(credit(), CARDS), end=""),
    )
    assert [one.verdict for one in again] == ["deja_recu"] * 3
    assert held(practice) == before


def test_overlapping_statements_book_each_movement_once(practice: Practice) -> None:
    take(practice, noe(), proving())
    wider = statement(credit(), CARDS, Movement(NEXT + timedelta(1), -900, ("LOYER",)), apres=NEXT + timedelta(2))
    [one] = take(practice, camt(wider))
    assert one.releve is not None
    assert (one.verdict, one.releve.mouvements, one.releve.nouveaux) == ("recu", 3, 1)
    assert len(rows(practice, "SELECT * FROM mouvement_bancaire")) == 3
    assert verifier_journal(practice).intact


REFUSED = {
    "its balances do not add up": (
        proving().replace(b"0000000000250{", b"0000000000251{"),
        "ecarte",
        "banque.solde",
        1,
    ),
    "another account": (
        cfonb(replace(statement(credit()), compte=OTHER_ACCOUNT)),
        "pas_un_retour",
        "banque.autre_compte",
        0,
    ),
    "another account in XML": (camt(statement(credit()), iban=OTHER_IBAN), "pas_un_retour", "banque.autre_compte", 0),
    "damaged": (proving().replace(b"0000000000250{", b"000000000025??"), "ecarte", "champ.montant_illisible", 1),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_books_nothing(practice: Practice, case: str) -> None:
    data, verdict, motif, kept = REFUSED[case]
    [one] = take(practice, data)
    assert (one.verdict, one.motif) == (verdict, motif)
    assert len(rows(practice, "SELECT * FROM fichier_recu")) == kept
    assert rows(practice, "SELECT * FROM mouvement_bancaire") == []
    [again] = take(practice, data)
    assert (again.verdict, again.motif) == (verdict, motif)
    assert len(suivi(practice, le=LATER).ecartes) == kept
    assert verifier_journal(practice).intact


@pytest.mark.parametrize("before", ['<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "<!DOCTYPE x>"])
def test_a_document_type_is_one_error_and_books_nothing(practice: Practice, before: str) -> None:
    with pytest.raises(UnreadableError, match=r"lecture\.releve_dtd"):
        take(practice, camt(statement(credit()), before=before))
    assert rows(practice, "SELECT * FROM fichier_recu") == []


def test_one_bad_statement_does_not_stop_the_others_of_its_file(practice: Practice) -> None:
    """Of two accounts and three days: the break is at the third day, the other account is left."""
    day = timedelta(1)
    first = statement(CARDS)
    second = statement(ouverture=first.cloture, avant=NEXT, apres=NEXT + day)
    third = statement(ouverture=1, avant=NEXT + day, apres=NEXT + 2 * day)
    other = replace(first, compte=OTHER_ACCOUNT)
    received = take(practice, cfonb(first, other, second, third))
    assert [one.motif for one in received] == [None, "banque.autre_compte", None, "banque.solde_suivant"]
    # the same statement comes again with the one that was missing: it is judged anew
    missing = statement(
        Movement(NEXT + day, 1 - first.cloture, ("X",)), ouverture=first.cloture, avant=NEXT, apres=NEXT + day
    )
    [contradicted, right] = take(practice, cfonb(missing, third))
    assert contradicted.motif == "banque.releve_contredit"
    assert right.motif is None


def test_a_suggestion_is_never_booked_and_a_person_settles_it(practice: Practice) -> None:
    take(practice, noe(), cfonb(statement(credit(labels=("VIREMENT RECU",)))))
    found = transfer(practice)
    assert found.preuve is not None
    assert found.preuve.nature == "virement_non_recu" or found.preuve.nature == "releve_attendu"
    [suggested] = found.preuve.suggestions
    assert rows(practice, "SELECT * FROM rapprochement_bancaire") == []
    name = f"{found.fichier}:{found.rang}"
    done = rattacher_virement(practice, suggested.ligne, name, motif="vu sur le relevé", auteur="S. Crétaire", le=LATER)
    proved = transfer(practice).preuve
    assert proved is not None
    assert (proved.nature, proved.politique, proved.prouve_le) == ("", "manuelle", NEXT)
    with pytest.raises(UsageError, match=r"acte\.deja_pose"):
        rattacher_virement(practice, suggested.ligne, name, motif="encore", auteur="S. Crétaire", le=LATER)
    assert verifier_journal(practice).intact
    annuler_acte(practice, [done.actes[0].acte], motif="erreur", auteur="S. Crétaire", le=LATER)
    undone = transfer(practice).preuve
    assert undone is not None
    assert undone.nature
    assert verifier_journal(practice).intact


def test_what_a_person_attaches_counts_for_what_it_is(practice: Practice) -> None:
    """A line of 50 euros attached to a transfer of 111 proves no more than 50."""
    take(practice, noe(), cfonb(statement(credit(5000, labels=("VIREMENT",)), credit(6100, labels=("AUTRE",)))))
    found = transfer(practice)
    name = f"{found.fichier}:{found.rang}"
    who: dict[str, Any] = {"motif": "vu sur le relevé", "auteur": "S. Crétaire", "le": LATER}
    lines = [
        f"{row['fichier']}:{row['rang']}"
        for row in rows(practice, "SELECT fichier, rang FROM mouvement_bancaire ORDER BY montant")
    ]
    rattacher_virement(practice, lines[0], name, **who)
    told = suivi(practice, le=LATER)
    [partial] = told.virements
    assert partial.preuve is not None
    assert (partial.preuve.nature, partial.preuve.prouve_le, partial.preuve.recu) == ("virement_partiel", None, 5000)
    assert told.banque is not None
    assert (told.banque.prouve, told.banque.manque) == (5000, PAID - 5000)
    assert [one.montant for one in told.taches if one.nature == "virement_partiel"] == [PAID - 5000]
    assert facture(practice, 1, le=LATER).reglements[0].preuve.prouve_le is None
    rattacher_virement(practice, lines[1], name, **who)
    whole = transfer(practice).preuve
    assert whole is not None
    assert (whole.nature, whole.mouvements, whole.recu) == ("", 2, PAID)
    assert verifier_journal(practice).intact


def test_what_misses_on_either_side_is_a_task_that_can_be_put_away(practice: Practice) -> None:
    late = LATER + timedelta(10)
    stranger = Movement(NEXT, 4200, ("VIR SEPA CPAM 998", "VIR INCONNU"))
    take(practice, noe(), cfonb(statement(stranger, apres=late)), le=late)
    asked = {
        one.nature: one
        for one in suivi(practice, le=late).taches
        if one.nature in ("virement_non_recu", "paiement_inexplique")
    }
    assert {nature: one.montant for nature, one in asked.items()} == {
        "virement_non_recu": PAID,
        "paiement_inexplique": 4200,
    }
    classer(practice, [one.ligne for one in asked.values()], motif="réglé par chèque", auteur="S. Crétaire", le=late)
    assert not {one.nature for one in suivi(practice, le=late).taches} & set(asked)
    with pytest.raises(UsageError, match=r"acte\.ligne_inconnue|acte\.rien_a_classer"):
        classer(practice, ["00000000:2"], motif="essai", auteur="S. Crétaire", le=late)


def test_a_split_and_an_ambiguity(practice: Practice) -> None:
    take(practice, noe())
    [one] = take(practice, cfonb(statement(credit(5000), credit(PAID - 5000))))
    assert {proof.politique for proof in one.preuves} == {"plusieurs_lignes"}
    found = transfer(practice).preuve
    assert found is not None
    assert found.mouvements == 2


def test_labels_of_persons_stand_in_clear_nowhere(practice: Practice, tmp_path: Path) -> None:
    person = Movement(NEXT, 2500, ("VIR M LEFEVRE ZOE", "CONSULTATION"))
    take(
        practice,
        noe(),
        cfonb(statement(credit(), person)),
        camt(
            statement(
                Movement(NEXT + timedelta(1), 1, ("LEFEVRE",)), ouverture=113_600, avant=NEXT, apres=NEXT + timedelta(1)
            )
        ),
    )
    practice.close()
    everything = b"".join(path.read_bytes() for path in (tmp_path / "cabinet").glob("journal.sqlite*"))
    assert b"CPAM 998" in everything, "what a payer calls itself is in clear, as in its returns"
    assert b"LEFEVRE" not in everything
    assert b"CONSULTATION" not in everything
