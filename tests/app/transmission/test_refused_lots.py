"""A lot refused for one of its invoices: whatever happens then, no sheet leaves twice. The ARLs are real files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from fse.app.operations.annuler import annuler
from fse.app.operations.emettre import emettre
from fse.app.operations.journal.reconstruire import reconstruire_journal
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import recevoir
from fse.app.operations.relancer import relancer
from fse.app.operations.securiser import securiser
from fse.base.errors import SignatureError
from tests.app.accused import POSITIF, arl
from tests.app.cabinet import JOUR, document, facture, new_practice, reopen, signer
from tests.app.transmission.scene import answers, describe, rows, send

LATER = JOUR + timedelta(days=2)
THREE = (facture("V-1"), facture("V-2", patient=1), facture("V-3", patient=2))


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """Three sheets left in lot 001."""
    new_practice(tmp_path).close()
    describe(tmp_path)
    for name in ("oct", "arrivees"):
        (tmp_path / name).mkdir()
    with reopen(tmp_path) as practice:
        securiser(practice, document(*THREE), le=JOUR)
        assert emit(practice) == [(1, (1, 2, 3))]
        assert send(practice, JOUR).constats == ()
        yield practice
        assert verifier_journal(practice).intact
        assert reconstruire_journal(practice).ecarts == ()


def emit(practice: Practice, le: date = JOUR) -> list[tuple[int, tuple[int, ...]]]:
    """The lots made, each with its invoices."""
    emission = emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=le)
    return [(lot.numero_lot, lot.factures) for fichier in emission.fichiers for lot in fichier.lots]


def acknowledge(
    practice: Practice, sens: str, *, lot: int = 1, facture: int | None = None, fichier: int = 1
) -> list[str]:
    """An ARL of a lot; the codes of what is found in it."""
    said = replace(POSITIF, numero_lot=lot, sens=sens, fichier_accuse=f"{fichier:06d}", date_accuse=LATER)
    if sens == "N":
        said = replace(said, cause="9990", numero_facture=facture)
    content = arl(said, identifiant=f"A{sens}{lot}{facture or 0}{fichier}X"[:6])
    (received,) = recevoir(practice, [content], le=LATER)
    return [one.code for one in received.constats]


def states(practice: Practice) -> dict[object, object]:
    return {row["numero"]: row["etat"] for row in rows(practice, "SELECT numero, etat FROM etat_facture")}


def refuse_the_first(practice: Practice) -> None:
    """The caisse names invoice 1; the two others wait for a new lot."""
    assert acknowledge(practice, "N", facture=1) == []
    (relance,) = relancer(practice, le=LATER).relances
    assert (relance.genre, relance.factures) == ("relot", (2, 3))
    assert states(practice) == {1: "en_cours", 2: "a_reemettre", 3: "a_reemettre"}


def test_the_others_leave_in_a_new_lot_that_names_the_old(practice: Practice) -> None:
    refuse_the_first(practice)
    assert emit(practice, LATER) == [(2, (2, 3))]
    assert states(practice)[2] == "a_reemettre"  # until its new lot leaves
    send(practice, LATER)
    assert states(practice) == {1: "en_cours", 2: "en_cours", 3: "en_cours"}
    made = rows(practice, "SELECT numero_lot, ancien_numero_lot FROM lot ORDER BY numero_lot")
    assert [tuple(row.values()) for row in made] == [(1, None), (2, 1)]


def test_the_named_one_corrected_before_the_decision_does_not_leave_again(practice: Practice) -> None:
    acknowledge(practice, "N", facture=1)
    securiser(practice, document(facture("V-1c", before="<remplace>1</remplace>")), le=LATER)
    relancer(practice, le=LATER)
    assert sorted(emit(practice, LATER)) == [(2, (4,)), (3, (2, 3))]
    assert states(practice)[1] == "corrigee"


def test_a_freed_one_corrected_meanwhile_does_not_leave_again(practice: Practice) -> None:
    refuse_the_first(practice)
    securiser(practice, document(facture("V-2c", patient=1, before="<remplace>2</remplace>")), le=LATER)
    assert sorted(held for _, held in emit(practice, LATER)) == [(3,), (4,)]
    assert states(practice)[2] == "corrigee"


def test_a_late_positive_acknowledgement_keeps_the_others_here(practice: Practice) -> None:
    refuse_the_first(practice)
    assert acknowledge(practice, "P").count("reception.accuse_apres_relot") == 2
    assert emit(practice, LATER) == []
    assert set(states(practice).values()) == {"en_cours"}


def test_what_a_payer_answers_meanwhile_keeps_the_others_here(practice: Practice) -> None:
    returned = answers(practice)
    refuse_the_first(practice)
    for content in returned:
        (received,) = recevoir(practice, [content], le=LATER)
        assert received.verdict == "recu"
    assert states(practice) == {1: "soldee", 2: "soldee", 3: "soldee"}
    assert emit(practice, LATER) == []


def test_a_new_lot_refused_on_the_same_day_is_replaced_in_its_turn(practice: Practice) -> None:
    refuse_the_first(practice)
    emit(practice, JOUR)
    send(practice, JOUR)
    acknowledge(practice, "N", lot=2, facture=2, fichier=2)
    relancer(practice, le=LATER)
    assert emit(practice, LATER) == [(3, (3,))]
    made = rows(practice, "SELECT numero_lot, ancien_numero_lot FROM lot ORDER BY numero_lot")
    assert [tuple(row.values()) for row in made] == [(1, None), (2, 1), (3, 2)]


class PulledOut:
    """A card that is there when lots are made, and away when they are signed."""

    certificate, chain = signer().certificate, signer().chain

    @property
    def key(self) -> rsa.RSAPrivateKey:
        raise SignatureError("carte.retiree", "La carte n'est plus là.", action="La remettre.")


def test_one_cancelled_in_the_new_lot_gives_the_other_back_to_the_same_old_one(practice: Practice) -> None:
    refuse_the_first(practice)

    with pytest.raises(SignatureError):
        emettre(practice, practice.cabinet.folder / "envoi", lambda *_: PulledOut(), le=LATER)
    assert annuler(practice, 2, motif="essai", auteur="moi", le=LATER).lot_defait == 2
    assert [held for _, held in emit(practice, LATER)] == [(3,)]
    assert states(practice)[2] == "annulee"
    made = rows(practice, "SELECT numero_lot, ancien_numero_lot FROM lot ORDER BY numero_lot")
    assert [tuple(row.values()) for row in made] == [(1, None), (2, 1), (3, 1)]
