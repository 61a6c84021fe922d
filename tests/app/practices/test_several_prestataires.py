"""A practice of three: each has a card, a counter, lots and money of their own; numbers collide and never mix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.annuler import annuler
from fse.app.operations.emettre import Emission, emettre
from fse.app.operations.facture import facture
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.app.operations.suivi import suivi
from fse.app.operations.verifier import verifier
from fse.base.errors import UsageError
from fse.domain.signature.signer import Signer
from tests.app.cabinet import CABINET, JOUR, document
from tests.app.emitted import RETOUR, rows
from tests.app.practices.group import (
    INFIRMIERE,
    MEDECIN,
    NOMS,
    ORTHOPHONISTE,
    OTHERS,
    anchors,
    answers,
    card,
    opened,
    receive,
    visit,
)

ALL = (MEDECIN, INFIRMIERE, ORTHOPHONISTE)
DAY = document(*(visit(who, f"{who}-{rank}", patient=rank) for rank in (0, 1) for who in ALL))
"""Two visits each, entered in turn: each of the three has invoices 1 and 2, of the same references but for the name."""


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Practice]:
    with opened(tmp_path / "cabinet") as practice:
        yield practice


def emit(practice: Practice, *, prestataire: str | None = None) -> Emission:
    sortie = practice.cabinet.folder / "envoi"
    return emettre(practice, sortie, card, le=JOUR, prestataire=prestataire)


def test_each_has_a_counter_and_numbers_collide(group: Practice) -> None:
    secured = securiser(group, DAY, le=JOUR).factures
    assert [(one.prestataire, one.numero) for one in secured] == [(who, numero) for numero in (1, 2) for who in ALL]


def test_each_has_lots_signed_by_their_own_card_in_one_file(group: Practice) -> None:
    securiser(group, DAY, le=JOUR)
    (fichier,) = emit(group).fichiers
    assert [(lot.prestataire, lot.numero_lot, lot.factures) for lot in fichier.lots] == [
        (who, 1, (1, 2)) for who in ALL
    ]
    verified = verifier(fichier.chemin.read_bytes(), [path.read_bytes() for path in fichier.signatures], anchors())
    verdicts = [lot.verdict for lot in verified.lots]
    assert [verdict.signataire for verdict in verdicts if verdict] == [f"ESSAI {NOMS[who]}" for who in ALL]
    assert verified.status == 0


def test_a_return_of_the_three_is_split(group: Practice) -> None:
    securiser(group, DAY, le=JOUR)
    (fichier,) = emit(group).fichiers
    scenario = f'[[reponse]]\nnumero = 1\nprestataire = "{INFIRMIERE}"\namo = {{ etat = "R" }}\n'
    receive(group, answers(fichier, scenario))
    states = {(row["prestataire"], row["numero"]): row["etat"] for row in rows(group, "SELECT * FROM etat_facture")}
    assert states == {(who, numero): "soldee" for who in ALL for numero in (1, 2)} | {(INFIRMIERE, 1): "a_traiter"}
    assert rows(group, "SELECT * FROM residu") == []
    whole = suivi(group, le=RETOUR).bilan
    shares = {who: suivi(group, le=RETOUR, praticiens=[who]).bilan for who in ALL}
    assert {who: (one.factures, one.paye) for who, one in shares.items()} == {
        MEDECIN: (2, 6000),
        INFIRMIERE: (2, 3900),
        ORTHOPHONISTE: (2, 6000),
    }
    assert (whole.factures, whole.paye) == (6, 15900)


def test_a_number_that_several_have_asks_which(group: Practice) -> None:
    securiser(group, DAY, le=JOUR)
    with pytest.raises(UsageError) as raised:
        facture(group, 2)
    assert raised.value.code == "facture.ambigue"
    assert facture(group, 2, prestataire=INFIRMIERE).reference == f"{INFIRMIERE}-1"


def test_cancelling_touches_the_invoice_of_one(group: Practice) -> None:
    securiser(group, DAY, le=JOUR)
    annuler(group, 1, motif="essai", auteur="moi", prestataire=ORTHOPHONISTE, le=JOUR)
    (fichier,) = emit(group).fichiers
    assert [(lot.prestataire, lot.factures) for lot in fichier.lots] == [
        (MEDECIN, (1, 2)),
        (INFIRMIERE, (1, 2)),
        (ORTHOPHONISTE, (2,)),
    ]


def test_what_one_signs_leaves_without_the_cards_of_the_others(group: Practice) -> None:
    securiser(group, DAY, le=JOUR)

    def only_card_there(who: str, _remplacant: str) -> Signer:
        assert who == INFIRMIERE
        return card(who)

    folder = group.cabinet.folder / "envoi"
    (first,) = emettre(group, folder, only_card_there, le=JOUR, prestataire=INFIRMIERE).fichiers
    assert [(lot.prestataire, lot.factures) for lot in first.lots] == [(INFIRMIERE, (1, 2))]
    (second,) = emit(group).fichiers
    assert [lot.prestataire for lot in second.lots] == [MEDECIN, ORTHOPHONISTE]
    assert first.chemin != second.chemin
    assert emit(group).fichiers == ()


def test_a_document_of_all_is_secured_when_one_leaves(group: Practice) -> None:
    folder = group.cabinet.folder / "envoi"
    emission = emettre(group, folder, card, entrees=[DAY], le=JOUR, prestataire=MEDECIN)
    assert len(emission.securisations[0].factures) == 6
    assert [lot.prestataire for fichier in emission.fichiers for lot in fichier.lots] == [MEDECIN]
    waiting = {row["prestataire"] for row in rows(group, "SELECT * FROM etat_facture WHERE etat = 'a_emettre'")}
    assert waiting == {INFIRMIERE, ORTHOPHONISTE}


def test_a_practitioner_who_is_not_of_the_practice_is_refused(group: Practice) -> None:
    with pytest.raises(UsageError) as raised:
        emit(group, prestataire="004567897")
    assert raised.value.code == "praticien.inconnu"
    assert INFIRMIERE in raised.value.action


def test_a_payee_of_several_is_matched_invoice_by_invoice(tmp_path: Path) -> None:
    """Article 72: the payer names the one whom it pays; numbers collide, so only the lot tells whose invoice it is."""
    text = CABINET + OTHERS + f'\n[[mandats]]\nbeneficiaire = "009876541"\nprestataires = ["{INFIRMIERE}"]\n'
    with opened(tmp_path / "cabinet", text) as practice:
        securiser(practice, DAY, le=JOUR)
        (fichier,) = emit(practice).fichiers
        told = [content.replace(INFIRMIERE.encode(), b"009876541") for content in answers(fichier)]
        receive(practice, told)
        matched = rows(practice, "SELECT prestataire, numero, politique FROM appariement ORDER BY 1, 2")
        assert {row["politique"] for row in matched if row["prestataire"] == INFIRMIERE} == {"mandataire"}
        assert [(row["prestataire"], row["numero"]) for row in matched] == [(who, n) for who in ALL for n in (1, 2)]
        assert rows(practice, "SELECT * FROM residu") == []
