"""An act is taken back by another act: both stay, with who and why, and nothing is taken back twice."""

from __future__ import annotations

from datetime import date

import pytest

from fse.app.operations.actes.actes import actes
from fse.app.operations.actes.annuler_acte import annuler_acte
from fse.app.operations.actes.forcer import forcer
from fse.app.operations.actes.rattacher import rattacher
from fse.app.operations.practice import Practice
from fse.base.errors import UsageError
from tests.app.actes.world import AUTEUR, LATER, MOTIF, SIGNED, events, everything, line_of, misnumbered, received


def test_both_stay_with_who_when_and_why(practice: Practice) -> None:
    forcer(practice, 1, "AMO", "abandonnee", le=LATER, **SIGNED)
    annuler_acte(practice, [1], auteur="paul", motif="la caisse va payer", le=date(2026, 10, 13))
    forced, undone = actes(practice)
    assert (forced.auteur, forced.motif, forced.pose_le, forced.statut) == (AUTEUR, MOTIF, LATER, "annule")
    assert forced.annulation is not None
    assert (forced.annulation.acte, forced.annulation.auteur, forced.annulation.motif) == (
        2,
        "paul",
        "la caisse va payer",
    )
    assert (undone.genre, undone.vise, undone.statut) == ("annulation_acte", 1, "en_vigueur")
    assert [(one["acte"], one["vise"]) for one in events(practice)] == [(1, None), (2, 1)]


def test_several_at_once_all_or_none(practice: Practice) -> None:
    line = line_of(received(practice, misnumbered()), "facture_inconnue")
    before = everything(practice)
    forcer(practice, 5, "AMO", "abandonnee", **SIGNED)
    rattacher(practice, line, 1, **SIGNED)
    after = everything(practice)
    assert refused(practice, 2, 9) == "acte.inconnu"
    assert refused(practice, 1, 1) == "acte.deja_annule"
    assert everything(practice) == after
    annuler_acte(practice, [2, 1], **SIGNED)
    assert everything(practice) == before
    assert len(events(practice)) == 4


def refused(practice: Practice, *wanted: int, **options: str) -> str:
    """The code of what `annuler_acte` raises; nothing may be written."""
    before = events(practice)
    with pytest.raises(UsageError) as raised:
        annuler_acte(practice, wanted, **(SIGNED | options))
    assert events(practice) == before
    return raised.value.code


def test_what_cannot_be_taken_back_is_refused(practice: Practice) -> None:
    assert refused(practice, 1) == "acte.inconnu"
    forcer(practice, 1, "AMO", "abandonnee", **SIGNED)
    assert refused(practice, 1, motif="") == "acte.absent"
    annuler_acte(practice, [1], **SIGNED)
    assert refused(practice, 1) == "acte.deja_annule"
    assert refused(practice, 2) == "acte.annulation"


def test_without_acts_there_is_nothing_to_list(practice: Practice) -> None:
    assert actes(practice) == ()
