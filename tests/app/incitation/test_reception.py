"""What proves that the caisse has a sheet, and how many acts a line bills, from the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import read_scenario
from fse.app.operations.ecriture import FichierEmis
from fse.app.operations.incitation.position import incitation
from fse.app.operations.practice import Practice
from fse.domain.incitation.taux import Decompte
from tests.app.cabinet import facture, key_folder, prestation, put_journal, reopen, write_cabinet
from tests.app.emitted import RETOUR, receive
from tests.app.incitation.scene import DOCTOR, emitted

LE = date(2026, 10, 31)
AMC_SEULE = 'reste = false\n[[fichier]]\n[[fichier.virement]]\npart = "AMC"\nreponse = [{ numero = 1 }]\n'
REJETS = """
[[reponse]]
numero = 3
amo = { etat = "R" }
rejets = [{ code = "0250", niveau = "F" }]
[[reponse]]
numero = 4
amc = { etat = "R" }
rejets = [{ code = "9921", niveau = "F", partie = "C" }]
[[reponse]]
numero = 5
amo = { etat = "R" }
rejets = [{ code = "0250", niveau = "F" }]
"""
DEUX_ACTES = prestation(6000).replace(
    "<prix_unitaire>6000</prix_unitaire>", "<quantite>2</quantite><prix_unitaire>3000</prix_unitaire>"
)
TRAJET = prestation(1000, code="IK").replace(
    "<prix_unitaire>1000</prix_unitaire>", "<quantite>20</quantite><prix_unitaire>50</prix_unitaire>"
)


def answered(practice: Practice, fichier: FichierEmis, scenario: str) -> None:
    signatures = {rank: path.read_bytes() for rank, path in enumerate(fichier.signatures, start=1)}
    ancre = (key_folder() / "ancre.pem").read_bytes()
    said = repondre(fichier.chemin.read_bytes(), signatures, read_scenario(scenario.encode()), RETOUR, [ancre])
    receive(practice, *(one.contenu for one in said.fichiers))


@pytest.fixture(scope="module")
def decompte(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Decompte]:
    folder = tmp_path_factory.mktemp("reception")
    write_cabinet(folder, DOCTOR)
    put_journal(folder)
    with reopen(folder) as practice:
        answered(practice, emitted(practice, facture("MUTUELLE")), AMC_SEULE)
        sent = emitted(
            practice,
            facture("DEUX", lignes=(DEUX_ACTES, TRAJET)),
            facture("D-REJETE", mode="D"),
            facture("D-MUTUELLE-REJETTE", mode="D"),
            facture("S-REJETE", patient=1),
        )
        answered(practice, sent, REJETS)
        (position,) = incitation(practice, 2026, le=LE).positions
        yield next(one.decompte for one in position.dispositifs if one.decompte.scheme.nom == "projet-2011")


def test_only_what_the_caisse_answers_proves_that_it_has_the_sheet(decompte: Decompte) -> None:
    """A mutuelle's answer proves nothing; a degraded sheet is received unless the caisse rejects it; a secured one that
    it rejects has been received.
    """
    assert {one.feuille.reference: one.feuille.recue for one in decompte.fse} == {
        "DEUX": "retour",
        "D-MUTUELLE-REJETTE": "retour",
        "S-REJETE": "retour",
    }
    assert {one.feuille.reference: one.cause for one in decompte.autres} == {
        "MUTUELLE": "non-recue",
        "D-REJETE": "refusee",
    }
    assert (decompte.attendues, decompte.pas_encore) == (1, 2)


def test_a_line_of_two_acts_is_two_acts_and_its_travel_none(decompte: Decompte) -> None:
    """2 + 1 + 1 received of 2 + 1 + 1 + 1 + 1."""
    assert {one.feuille.reference: one.nombre for one in decompte.fse}["DEUX"] == 2
    assert decompte.taux == Fraction(4, 6)
