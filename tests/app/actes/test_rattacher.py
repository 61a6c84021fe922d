"""A return line attached by hand: counted where it was attached, nowhere else, until the act is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from fse.app.operations.actes.annuler_acte import annuler_acte
from fse.app.operations.actes.rattacher import rattacher
from fse.app.operations.annuler import annuler
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.errors import UsageError
from tests.app.actes.world import (
    AUTEUR,
    LATER,
    MOTIF,
    SIGNED,
    answer_to,
    answering,
    events,
    everything,
    line_of,
    misnumbered,
    rebuilt,
    received,
    states,
    unnumbered,
)
from tests.app.cabinet import JOUR, document, facture
from tests.app.emitted import emitted_practice, noe, rows


@pytest.mark.parametrize(
    ("content", "nature"), [(misnumbered(), "facture_inconnue"), (unnumbered(), "numero_illisible")]
)
def test_a_lost_line_counts_where_it_is_attached(
    practice: Practice, tmp_path: Path, content: bytes, nature: str
) -> None:
    line = line_of(received(practice, content), nature)
    done = rattacher(practice, line, 1, le=LATER, **SIGNED)
    with emitted_practice(tmp_path / "autre") as other:
        assert states(practice) == states(received(other, answering("PERDU1", answer_to(1))))
    assert rows(practice, "SELECT * FROM residu") == []
    (match,) = rows(practice, "SELECT numero, politique FROM appariement")
    assert match == {"numero": 1, "politique": "manuelle"}
    changes = {(one.numero, one.partie): (one.avant, one.apres, one.paye_apres) for one in done.changements}
    assert changes == {(1, "AMO"): ("attendue", "payee", 2100), (1, "AMC"): ("attendue", "payee", 900)}


@pytest.mark.parametrize("content", [misnumbered(), unnumbered()])
def test_taken_back_everything_is_as_before(practice: Practice, content: bytes) -> None:
    nature = "facture_inconnue" if content == misnumbered() else "numero_illisible"
    line = line_of(received(practice, content, noe()), nature)
    before = everything(practice)
    (acte,) = rattacher(practice, line, 4, le=LATER, **SIGNED).actes
    attached = everything(practice)
    assert attached != before
    assert rebuilt(practice) == attached
    annuler_acte(practice, [acte.acte], le=LATER, **SIGNED)
    assert everything(practice) == before
    assert rebuilt(practice) == before


def test_its_own_match_gives_way(practice: Practice) -> None:
    received(practice, answering("SEULE1", answer_to(1)))
    before = everything(practice)
    (found,) = rows(practice, "SELECT fichier, rang FROM appariement")
    done = rattacher(practice, f"{str(found['fichier'])[:8]}:{found['rang']}", 5, **SIGNED)
    assert states(practice)[1, "AMO"] == ("attendue", 0)
    assert states(practice)[5, "AMO"] == ("payee", 2100)
    assert {one.numero for one in done.changements} == {1, 5}
    assert rebuilt(practice) == everything(practice)
    annuler_acte(practice, [1], **SIGNED)
    assert everything(practice) == before


def test_who_and_why_are_in_the_chain(practice: Practice) -> None:
    line = line_of(received(practice, misnumbered()), "facture_inconnue")
    rattacher(practice, line, 1, auteur="  marie ", motif=" vu au téléphone\n avec la caisse", le=LATER)
    (event,) = events(practice)
    assert (event["genre"], event["auteur"], event["motif"]) == ("rattachement", AUTEUR, MOTIF)
    assert (event["numero"], event["vise"]) == (1, None)


def refused(practice: Practice, *arguments: object, **options: object) -> str:
    """The code of what `rattacher` raises; nothing may have changed."""
    before = everything(practice), events(practice)
    with pytest.raises(UsageError) as raised:
        rattacher(practice, *arguments, **(SIGNED | options))  # type: ignore[arg-type]
    assert (everything(practice), events(practice)) == before
    assert raised.value.action.endswith((".", "…"))
    return raised.value.code


def test_what_cannot_be_attached_is_refused(practice: Practice) -> None:
    line = line_of(received(practice, misnumbered(), noe()), "facture_inconnue")
    (matched,) = rows(practice, "SELECT fichier, rang FROM appariement WHERE numero = 1")
    own = f"{matched['fichier']}:{matched['rang']}"
    assert refused(practice, own, 1) == "acte.deja_rapprochee"
    assert refused(practice, line, 77) == "facture.inconnue"
    assert refused(practice, line, 1, prestataire="002345679") == "facture.inconnue"
    assert refused(practice, f"{line.split(':')[0]}:2", 1) == "acte.ligne_inconnue"
    assert refused(practice, f"{'0' * 8}:7", 1) == "acte.ligne_inconnue"
    assert refused(practice, "la première", 1) == "acte.ligne"
    rattacher(practice, line, 1, **SIGNED)
    assert refused(practice, line, 1) == "acte.deja_pose"
    assert refused(practice, line, 2) == "acte.deja_pose"


def test_a_line_taken_back_can_be_attached_elsewhere(practice: Practice) -> None:
    line = line_of(received(practice, misnumbered()), "facture_inconnue")
    rattacher(practice, line, 1, **SIGNED)
    annuler_acte(practice, [1], **SIGNED)
    rattacher(practice, line, 5, **SIGNED)
    assert states(practice)[5, "AMO"] == ("payee", 2100)
    assert states(practice)[1, "AMO"] == ("attendue", 0)


def test_an_invoice_that_did_not_leave_takes_nothing(practice: Practice) -> None:
    securiser(practice, document(facture("V-7"), facture("V-8", patient=1)), le=JOUR)
    annuler(practice, 8, motif="erreur", auteur=AUTEUR, le=JOUR)
    line = line_of(received(practice, misnumbered()), "facture_inconnue")
    assert refused(practice, line, 7) == "acte.facture_non_emise"
    assert refused(practice, line, 8) == "acte.facture_annulee"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"motif": "  "}, "acte.absent"),
        ({"auteur": ""}, "acte.absent"),
        ({"motif": "x" * 201}, "acte.long"),
        ({"motif": "appel de 1 85 09 75 056 000 81 ce matin"}, "acte.personnel"),
        ({"motif": "NIR 185097505600081."}, "acte.personnel"),
        ({"auteur": "1850975056000"}, "acte.personnel"),
    ],
)
def test_an_act_says_who_and_why_and_names_no_patient(practice: Practice, words: dict[str, str], code: str) -> None:
    line = line_of(received(practice, misnumbered()), "facture_inconnue")
    assert refused(practice, line, 1, **words) == code


def test_a_number_that_is_no_nir_is_a_reason_like_another(practice: Practice) -> None:
    line = line_of(received(practice, misnumbered()), "facture_inconnue")
    rattacher(practice, line, 1, motif="courrier 2026-10-0042 du 08/10, dossier 123456789012", auteur=AUTEUR)
    assert states(practice)[1, "AMO"] == ("payee", 2100)
