"""What the past is to an invoice: priced again, corrected, cancelled or sent twice, it finds what it found.

A venous puncture is 4,73 € (AMI 1.5 at 3,15 €); IK 0,35 € a kilometre, half from the 300th of a day on, nothing from
the 400th (regles.md E.7, G.1): 80 km one way are 156 km to bill.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.annuler import annuler
from fse.app.operations.coter import Cotation, coter
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import Securisation, securiser
from fse.infra.engines import of
from tests.app.cabinet import JOUR, PATIENTS, document
from tests.app.cotation.care import (
    DRAW,
    HANDWRITING,
    NURSE,
    ORDONNANCE,
    THERAPIST,
    WRITTEN_LANGUAGE,
    ami,
    facture,
    new_practice,
    priced,
    seance,
)

PROFILE = NURSE + '\n[cotation]\nprofil = "pratique-2026"\n'
PUNCTURE, FULL = 473, 156 * 35
"""Centimes."""

TWO_THE_SAME_DAY = "ngap.orthophonie-un-acte-par-jour"


@pytest.fixture
def nurse(tmp_path: Path) -> Iterator[Practice]:
    with new_practice(tmp_path / "infirmiere", PROFILE) as opened:
        yield opened


@pytest.fixture
def therapist(tmp_path: Path) -> Iterator[Practice]:
    with new_practice(tmp_path / "orthophoniste", THERAPIST) as opened:
        yield opened


def act(nom: str) -> str:
    return f"<acte><acte>{nom}</acte></acte>"


def home(*actes: str, heure: str = "08:00", trajet: str = "") -> str:
    """A visit at home; `trajet` the name of a trip of 80 km."""
    trip = f"<deplacement><trajet>{trajet}</trajet><distance>80</distance></deplacement>" if trajet else ""
    hour = f"<heure>{heure}</heure>" if heure else ""
    return (
        f"<seance><date_soins>{JOUR}</date_soins>{hour}<lieu>domicile</lieu>{ORDONNANCE}{trip}{''.join(actes)}</seance>"
    )


def secure(practice: Practice, entree: bytes) -> Securisation:
    result = securiser(practice, entree, le=JOUR)
    assert result.factures, [one.message for one in result.constats]
    return result


def again(practice: Practice, *factures: str) -> Cotation:
    (result,) = coter(practice.cabinet, [document(*factures)], practice)
    return result


def codes(result: Cotation | Securisation) -> set[str]:
    return {one.code for one in result.constats} - {"saisie.transliteration"}


@pytest.mark.parametrize("heures", [("10:00", "09:00", "08:00"), ("", "", "")], ids=["backwards", "without hours"])
def test_priced_again_or_corrected_each_invoice_of_a_day_is_what_it_was(
    nurse: Practice, heures: tuple[str, ...]
) -> None:
    """Three patients, a document each: the kilometres of the day are taken in that order, whatever the hours."""

    def visit(rank: int, suffix: str = "", before: str = "") -> str:
        session = home(DRAW, act("ik"), heure=heures[rank], trajet=f"t{rank}")
        return facture(f"V-{rank}{suffix}", session, patient=rank, before=before)

    visits = [visit(rank) for rank in range(len(heures))]
    amounts = []
    for one in visits:
        amounts += [secured.total_honoraires for secured in secure(nurse, priced(nurse, one)).factures]
    # 299 km in full: 156, then 143 and 13 at half; 100 at half: these 13, then 87.
    assert amounts == [
        PUNCTURE + FULL,
        PUNCTURE + 143 * 35 + (13 * 35 + 1) // 2,
        PUNCTURE + (87 * 35 + 1) // 2,
    ]
    whole = again(nurse, *visits)
    assert [one.saisie.facture.total_honoraires for one in whole.factures] == amounts
    assert not codes(whole)
    for rank, amount in enumerate(amounts):
        alone = again(nurse, visit(rank))
        corrected = again(nurse, visit(rank, "-bis", f"<remplace>{rank + 1}</remplace>"))
        assert [alone.montant, corrected.montant] == [amount, amount]
        assert codes(alone) | codes(corrected) == set()


def test_a_document_secured_is_priced_to_itself(nurse: Practice) -> None:
    """A BSI day, in two invoices: neither is its own past (regles.md G.3: one package a day, four IFI)."""
    morning = facture("V-1", home(act("bsb"), act("ifi")), home(act("injection-bsi"), act("ifi"), heure="12:00"))
    evening = facture("V-2", home(act("injection-bsi"), act("ifi"), heure="18:00"))
    entree = priced(nurse, morning, evening)
    secure(nurse, entree)
    (whole,) = coter(nurse.cabinet, [entree], nurse)
    assert (whole.xml(), codes(whole)) == (entree, set())
    late = again(nurse, morning, facture("V-3", home(act("injection-bsi"), act("ifi"), heure="20:00")))
    assert (late.montant, codes(late)) == (1820 + 275 + 315 + 275 + 315 + 275, set())


def test_a_correction_that_is_cancelled_leaves_the_invoice_it_corrected(nurse: Practice) -> None:
    secure(nurse, priced(nurse, facture("V-1", home(act("bsb"), act("ifi")))))
    correction = facture("V-2", home(act("bsb")), before="<remplace>1</remplace>")
    secure(nurse, priced(nurse, correction))
    other = facture("V-3", home(act("bsb"), heure="18:00"))
    assert "ngap.bsi-un-par-jour" in codes(again(nurse, other))
    annuler(nurse, 2, motif="essai", auteur="essai", le=JOUR)
    assert "ngap.bsi-un-par-jour" in codes(again(nurse, other))
    annuler(nurse, 1, motif="essai", auteur="essai", le=JOUR)
    assert "ngap.bsi-un-par-jour" not in codes(again(nurse, other))


def test_the_coefficient_of_an_act_is_kept_besides_the_half_that_is_billed(nurse: Practice) -> None:
    """AMI 4 and AIS 3 at half; the fifth AIS 3 of a day is one too many (regles.md G.3), billed at half or not."""
    visits = [
        home(ami("4"), "<acte><code_acte>AIS</code_acte><coefficient>3</coefficient></acte>", heure=f"{hour:02d}:00")
        for hour in (8, 10, 12, 14)
    ]
    secure(nurse, priced(nurse, facture("V-1", *visits)))
    with nurse.journal.reading() as reading:
        rows = of(reading.connection).rows("SELECT coefficient, coefficient_facture FROM soin WHERE code_acte = 'AIS'")
    assert [(row["coefficient"], row["coefficient_facture"]) for row in rows] == [(300, 150)] * 4
    fifth = facture("V-2", visits[0].replace("08:00", "16:00"))
    assert codes(again(nurse, fifth)) == {"ngap.ais-quatre-par-jour"}


def test_the_same_visit_sent_twice_is_refused_and_names_the_first_invoice(nurse: Practice) -> None:
    secure(nurse, priced(nurse, facture("V-1", home(DRAW))))
    twice = securiser(nurse, priced(nurse, facture("V-2", home(ami("3")))), le=JOUR)
    assert not twice.factures
    (told,) = [one for one in twice.constats if one.code == "ngap.seance-deja-facturee"]
    assert "« V-1 »" in told.message
    without = again(nurse, facture("V-2", home(DRAW, heure="")))
    assert codes(without) == {"ngap.seance-peut-etre-deja-facturee"}
    assert not codes(again(nurse, facture("V-2", home(DRAW, heure="18:00"))))
    assert not codes(again(nurse, facture("V-2", home(DRAW), patient=1)))


def test_a_day_is_looked_at_on_both_sides(nurse: Practice) -> None:
    """MAU and a BSI package exclude each other (regles.md G.3), whichever visit is billed last."""
    single, package = home(ami("1"), act("mau"), heure="08:00"), home(act("bsb"), heure="18:00")
    secure(nurse, priced(nurse, facture("V-1", single)))
    assert "ngap.mau-sans-bsi" in codes(again(nurse, facture("V-2", package)))
    secure(nurse, priced(nurse, facture("W-1", package, patient=1)))
    assert "ngap.mau-sans-bsi" in codes(again(nurse, facture("W-2", single, patient=1)))


def test_a_child_is_the_same_patient_whichever_parent_is_insured(therapist: Practice) -> None:
    """By their own NIR when it is given (record 2S); without it, two insured are two patients."""
    (nir, cle), (other, other_cle) = PATIENTS[0][:2], PATIENTS[1][:2]
    own = "<nir_individuel><nir>2150100000000</nir><cle_nir>51</cle_nir></nir_individuel>"

    def child(reference: str, acte: str, insured: int, known: str) -> str:
        text = facture(reference, seance(acte))
        if insured:
            text = text.replace(
                f"<nir>{nir}</nir><cle_nir>{cle}</cle_nir>", f"<nir>{other}</nir><cle_nir>{other_cle}</cle_nir>"
            )
        return text.replace("</beneficiaire>", f"{known}</beneficiaire>", 1)

    first = child("V-1", WRITTEN_LANGUAGE, 0, own)
    assert TWO_THE_SAME_DAY in codes(again(therapist, first, child("V-2", HANDWRITING, 1, own)))
    unknown = [child("V-1", WRITTEN_LANGUAGE, 0, ""), child("V-2", HANDWRITING, 1, "")]
    assert TWO_THE_SAME_DAY not in codes(again(therapist, *unknown))
