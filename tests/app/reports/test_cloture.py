"""The end of the day, every figure by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from fse.app.operations.annuler import annuler
from fse.app.operations.cloture import ModeDuJour, Papier, cloture
from fse.app.operations.emettre import emettre
from fse.app.operations.relancer import relancer
from fse.app.operations.securiser import securiser
from fse.app.operations.transmission.envoyer import envoyer
from fse.infra.journal.facts.factures import find_all
from tests.app.cabinet import JOUR, PRESTATAIRE, document, facture, new_practice, prestation, signer
from tests.app.duplicata.world import make
from tests.app.emitted import emitted_practice
from tests.app.practices.group import INFIRMIERE, MEDECIN
from tests.app.reports.conftest import Written
from tests.app.reports.month import LE, VEILLE, busy_practice
from tests.app.test_cli import Shell


def test_a_day_to_the_centime(tmp_path: Path) -> None:
    """Five sheets of 30,00 and one of 40,00: three all third-party, one of 40,00 too, one with its AMC part paid by
    the patient, one wholly paid by the patient.
    """
    with emitted_practice(tmp_path / "cabinet") as practice:
        day = cloture(practice, le=JOUR)
    assert day.modes == (
        ModeDuJour(
            mode="S",
            libelle="avec la carte Vitale",
            feuilles=6,
            honoraires=19_000,
            amo=4 * 2100 + 2800,
            amc=3 * 900 + 1200,
            patient=900 + 3000,
        ),
    )
    assert day.total.honoraires == day.total.amo + day.total.amc + day.total.patient
    assert [(one.numero, one.reference, one.montant) for one in day.recus] == [(4, "V-4", 900), (6, "V-6", 3000)]
    (lot,) = day.lots
    assert (lot.numero_lot, lot.factures, lot.honoraires, lot.renvoi) == (1, 6, 19_000, False)
    assert lot.fichier == "00000001234566-000001"
    assert (day.annulees, day.papiers, day.attentes) == (0, (), ())


def test_modes_papers_and_what_waits(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        visits = document(
            facture("V-1"),
            facture("V-2", mode="F", destinataire="00", lignes=(prestation(5000, amc=False),)),
            facture("V-3", mode="D"),
            facture("V-4"),
            facture("P-1", mode="papier"),
            facture("P-2", mode="papier", destinataire="00", lignes=(prestation(amc=False),)),
        )
        assert len(securiser(practice, visits, le=JOUR).factures) == 6
        annuler(practice, 4, motif="saisie deux fois", auteur="marie", le=JOUR)
        day = cloture(practice, le=JOUR)
        assert [(one.mode, one.feuilles, one.honoraires, one.patient) for one in day.modes] == [
            ("S", 1, 3000, 0),
            ("F", 1, 5000, 5000),
            ("D", 1, 3000, 0),
            ("papier", 2, 6000, 3000),
        ]
        assert (day.total.feuilles, day.total.honoraires, day.annulees) == (5, 17_000, 1)
        assert day.papiers == (
            Papier(prestataire=PRESTATAIRE, numero=5, quoi="feuille sur papier", a_poster=True),
            Papier(prestataire=PRESTATAIRE, numero=6, quoi="feuille sur papier", a_poster=False),
        )
        assert [(one.libelle, one.quoi) for one in day.attentes] == [("En attente d'un lot", "3 feuilles")]
        assert [one.le for one in day.delais] == [date(2026, 10, 8), date(2026, 10, 15)]  # 3 and 8 working days
        assert (day.lots, [one.numero for one in day.recus]) == ((), [2, 6])


def test_a_duplicate_of_the_day_is_to_post(tmp_path: Path) -> None:
    with emitted_practice(tmp_path / "cabinet") as practice:
        make(practice, 1, le=date(2026, 10, 12))
        make(practice, 6, le=date(2026, 10, 12), voie="patient")
        day = cloture(practice, le=date(2026, 10, 12))
        assert [(one.numero, one.quoi, one.a_poster) for one in day.papiers] == [
            (1, "duplicata", True),
            (6, "duplicata", False),
        ]
        assert cloture(practice, le=JOUR).papiers == ()


def test_each_practitioner_makes_the_whole(busy: Written) -> None:
    whole = cloture(busy.practice, le=VEILLE)
    parts = [cloture(busy.practice, le=VEILLE, praticiens=(one,)) for one in (MEDECIN, INFIRMIERE)]
    for name in ("feuilles", "honoraires", "amo", "amc", "patient"):
        assert getattr(whole.total, name) == sum(getattr(one.total, name) for one in parts)
    assert whole.total.feuilles == 8
    assert len(whole.recus) == sum(len(one.recus) for one in parts)
    assert [one.quoi for one in whole.attentes if "accusé" in one.libelle.lower()] == ["3 lots", "1 lot"]


def test_a_lot_that_leaves_again_says_so(tmp_path: Path) -> None:
    with busy_practice(tmp_path / "cabinet") as practice:
        first = [one for day in (13, 18) for one in cloture(practice, le=date(2026, 11, day)).lots]
        relancer(practice, le=LE)
        envoyer(practice, mot_de_passe=str, le=LE)
        again = cloture(practice, le=LE).lots
    named = {(one.prestataire, one.numero_lot, one.honoraires) for one in again}
    assert [one.renvoi for one in again] == [True] * 4, "three were never acknowledged, one was refused"
    assert named < {(one.prestataire, one.numero_lot, one.honoraires) for one in first}
    assert not any(one.renvoi for one in first)


def test_the_command(tmp_path: Path) -> None:
    with emitted_practice(tmp_path / "cabinet"):
        pass
    shell = Shell(tmp_path / "cabinet")
    told = shell.ok("cloture", "--le", str(JOUR)).replace("\N{NARROW NO-BREAK SPACE}", " ")
    for said in (
        "Fin de journée du 05/10/2026",
        "avec la carte Vitale : 6 feuilles, 190,00 € (AMO 112,00 €, AMC 39,00 €, patients 39,00 €)",
        "Lots partis : 1, 190,00 € d'honoraires",
        "Reçus à remettre aux patients : 2, 39,00 € payés",
        "facture 000000006 (V-6), praticien 001234566 : 30,00 €\n    → fse copie 6 --sortie recu-000000006.pdf",
    ):
        assert said in told, said
    assert json.loads(shell.ok("cloture", "--le", str(JOUR), "--format", "json"))["total"]["patient"] == 3900
    assert "Aucune feuille sécurisée ce jour." in shell.ok("cloture", "--le", "2026-10-06")
    assert LE.isoformat() in shell.ok("cloture", "--le", LE.isoformat(), "--format", "json")


def test_sheets_of_a_lot_that_is_not_signed_wait(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("V-1")), le=JOUR)
        assert [one.libelle for one in cloture(practice, le=JOUR).attentes] == ["En attente d'un lot"]
        emettre(practice, tmp_path / "envoi", lambda *_: signer(), le=JOUR)
        assert cloture(practice, le=JOUR).attentes == ()


def test_what_waits_is_told_in_fees_like_the_sheets_and_the_lots(tmp_path: Path) -> None:
    """A sheet of 30,00 whose caisse owes 21,00, one of 50,00 that the patient paid: 80,00 of fees, 21,00 asked."""
    with new_practice(tmp_path / "cabinet") as practice:
        visits = document(
            facture("V-1", destinataire="05"), facture("V-2", destinataire="00", lignes=(prestation(5000, amc=False),))
        )
        assert len(securiser(practice, visits, le=JOUR).factures) == 2
        day = cloture(practice, le=JOUR)
    assert (day.total.honoraires, day.total.amo) == (8000, 2100)
    assert [(one.quoi, one.honoraires) for one in day.attentes] == [("2 feuilles", 8000)]
    shown = Shell(tmp_path / "cabinet").ok("cloture", "--le", str(JOUR)).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "En attente d'un lot : 2 feuilles, 80,00 € d'honoraires" in shown


def test_a_past_day_knows_nothing_of_later_ones(tmp_path: Path) -> None:
    later = JOUR + timedelta(days=1)
    with new_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("V-1")), le=JOUR)
        before = cloture(practice, le=JOUR)
        visit = facture("V-2").replace(str(JOUR), str(later))
        assert securiser(practice, document(visit), le=later).factures
        assert cloture(practice, le=JOUR) == before
        assert [one.quoi for one in cloture(practice, le=later).attentes] == ["2 feuilles"]


def test_a_lot_made_later_is_not_told_of_a_past_day(busy: Written) -> None:
    first = date(2026, 11, 12)
    assert cloture(busy.practice, le=first).attentes == ()
    assert [one.quoi for one in cloture(busy.practice, le=first + timedelta(days=1)).attentes] == ["3 lots"]


def test_each_receipt_comes_with_the_command_that_makes_it(tmp_path: Path) -> None:
    """Both practitioners have an invoice of some numbers; each line is run as it is printed."""
    with busy_practice(tmp_path / "cabinet") as practice:
        day = cloture(practice, le=VEILLE)
        with practice.journal.reading() as reading:
            shared = [one for one in day.recus if len(find_all(reading, one.numero)) > 1]
    shell = Shell(tmp_path / "cabinet")
    shown = shell.run("cloture", "--le", str(VEILLE), FSE_UTILISATEUR="accueil").stdout
    assert shared
    for one in day.recus:
        assert one.action == (
            f"fse copie {one.numero} --praticien {one.prestataire} --sortie recu-{one.prestataire}-{one.numero:09d}.pdf"
        )
        assert f"    → {one.action}" in shown
    for one in shared[:2]:
        assert shell.run(*one.action.split()[1:], FSE_UTILISATEUR="accueil").returncode == 0
        assert (tmp_path / "cabinet" / f"recu-{one.prestataire}-{one.numero:09d}.pdf").is_file()


def test_a_paper_sheet_has_no_copy_to_make(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        visits = document(
            facture("P-1", mode="papier", destinataire="00", lignes=(prestation(amc=False),)),
            facture("P-2", mode="papier", destinataire="05", patient=1),
        )
        assert len(securiser(practice, visits, le=JOUR).factures) == 2
        day = cloture(practice, le=JOUR)
    assert [(one.numero, one.montant, one.action) for one in day.recus] == [
        (1, 3000, "La feuille remise au patient en tient lieu."),
        (2, 900, "Photocopier la feuille avant de la poster."),
    ]
