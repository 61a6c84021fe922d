"""The patient's copy as a reader of PDF sees it: all of the sheet, that it pays nothing, what has become of it."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fse.app.operations.annuler import annuler
from fse.app.operations.copie import CopieEcrite, copie
from fse.app.operations.journal.lectures import lectures
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import recevoir
from fse.app.operations.relancer import relancer
from fse.app.operations.securiser import securiser
from fse.app.operations.suivi import suivi
from fse.app.operations.transmission.envoyer import envoyer
from fse.app.reports.copie import rendu_copie
from fse.base.errors import UsageError
from tests.app.accused import ACCUSE_LE, NEGATIF, arl
from tests.app.cabinet import JOUR, document, facture, new_practice
from tests.app.duplicata.world import make
from tests.app.emitted import emitted_practice
from tests.app.reports.month import LE as MATIN
from tests.app.reports.month import busy_practice
from tests.app.reports.paper import pages
from tests.app.test_cli import Shell

LE = date(2026, 10, 20)


def made(practice: Practice, numero: int, path: Path) -> CopieEcrite:
    return copie(practice, numero, path, rendu_copie, auteur="marie", le=LE)


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return emitted_practice(tmp_path / "cabinet")


def test_it_says_all_of_the_sheet_and_that_it_pays_nothing(practice: Practice, tmp_path: Path) -> None:
    done = made(practice, 4, tmp_path / "copie.pdf")
    (text,) = pages(done.chemin.read_bytes())
    for said in (
        "COPIE POUR LE PATIENT, flux de test – Ne donne droit à aucun remboursement",
        "cette copie ne la remplace pas",
        "FSE n° 000000004",
        "Transmise le 05/10/2026.",
        "LEFEVRE ZOE",
        "DR CAMILLE ESSAI",
        "Total en euros 21,00 0,00 30,00",
        "Payé par l'assuré 9,00 €",
        "R161-47",
        "éditée par marie le 20/10/2026",
    ):
        assert said in text, said
    assert "Signature" not in text
    assert stat.S_IMODE(done.chemin.stat().st_mode) == 0o600
    (read,) = lectures(practice)
    assert (read.auteur, read.commande, read.numero) == ("marie", "copie", 4)
    before = done.chemin.read_bytes()
    assert made(practice, 4, tmp_path / "copie.pdf").chemin.read_bytes() == before


def test_it_says_what_has_become_of_the_sheet(practice: Practice, tmp_path: Path) -> None:
    securiser(practice, document(facture("V-7"), facture("V-8")), le=JOUR)
    correction = facture("V-9", before="<remplace>4</remplace>")
    assert securiser(practice, document(correction), le=JOUR).factures
    annuler(practice, 8, motif="saisie deux fois", auteur="marie", le=JOUR)
    make(practice, 6, voie="patient", le=date(2026, 10, 12))
    assert list(recevoir(practice, [arl()], fichier="arl", le=date(2026, 10, 12)))
    told = {numero: made(practice, numero, tmp_path / f"{numero}.pdf").suite for numero in (3, 4, 6, 7, 8)}
    assert told == {
        3: "Transmise le 05/10/2026, reçue par l'organisme.",
        4: "Corrigée par la feuille n° 000000009, qui la remplace.",
        6: "Remplacée par un duplicata sur papier ; transmise ou éditée le 05/10/2026.",
        7: "Pas encore transmise à l'organisme : elle le sera par le professionnel.",
        8: "Annulée le 05/10/2026 : aucun organisme n'a à la payer.",
    }


def test_it_says_that_the_caisse_refused_the_sheet(practice: Practice, tmp_path: Path) -> None:
    """The lot of the six is refused for its third invoice: that one is to correct, the others leave again."""
    refusal = replace(NEGATIF, numero_facture=3)
    assert list(recevoir(practice, [arl(refusal)], fichier="arl", le=ACCUSE_LE))
    told = {numero: made(practice, numero, tmp_path / f"{numero}.pdf").suite for numero in (1, 3)}
    assert told == {
        1: "Transmise le 05/10/2026, refusée par l'organisme : elle sera renvoyée.",
        3: "Transmise le 05/10/2026, refusée par l'organisme : elle sera corrigée, puis renvoyée.",
    }
    (text,) = pages((tmp_path / "1.pdf").read_bytes())
    assert "refusée par l'organisme : elle sera renvoyée" in text
    assert list(recevoir(practice, [arl(identifiant="ARL002")], fichier="arl", le=date(2026, 10, 8)))
    assert made(practice, 2, tmp_path / "2.pdf").suite == "Transmise le 05/10/2026, reçue par l'organisme."


def test_a_sheet_that_was_refused_and_left_again_says_both(tmp_path: Path) -> None:
    with busy_practice(tmp_path / "cabinet") as busy:
        (refused,) = (
            one for one in suivi(busy, le=MATIN).transmissions if any(each.sens == "N" for each in one.accuses)
        )

        def told(name: str) -> str:
            copied = copie(
                busy,
                refused.factures[0],
                tmp_path / name,
                lambda document: document.suite.encode(),
                auteur="marie",
                prestataire=refused.prestataire,
                le=MATIN,
            )
            return copied.suite

        assert told("avant") == "Transmise le 18/11/2026, refusée par l'organisme : elle sera renvoyée."
        relancer(busy, le=MATIN)
        envoyer(busy, mot_de_passe=str, le=MATIN)
        assert told("apres") == "Transmise le 18/11/2026, refusée par l'organisme, renvoyée le 20/11/2026."


def test_a_paper_sheet_has_no_copy(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("P-1", mode="papier")), le=JOUR)
        with pytest.raises(UsageError) as error:
            made(practice, 1, tmp_path / "copie.pdf")
        assert error.value.code == "copie.papier"
        assert lectures(practice) == []
    assert not (tmp_path / "copie.pdf").exists()


def test_the_command(practice: Practice, tmp_path: Path) -> None:
    practice.close()
    shell = Shell(tmp_path / "cabinet")
    told = shell.ok("copie", "6", "--sortie", "copie.pdf", "--auteur", "marie", "--le", str(LE))
    assert "Copie de la facture 000000006 : copie.pdf" in told
    assert "LEFEVRE" not in told
    assert "copie" in shell.ok("journal", "lectures")
    refused = shell.run("copie", "77", "--sortie", "autre.pdf")
    assert (refused.returncode, "facture.inconnue" in refused.stderr) == (2, True)
