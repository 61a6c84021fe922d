"""What was seen and asks for nothing more is put away by hand: nothing is booked, and it can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from fse.app.cli.actes import print_done
from fse.app.operations.actes.actes import actes
from fse.app.operations.actes.annuler_acte import annuler_acte
from fse.app.operations.actes.classer import classer
from fse.app.operations.actes.rattacher import rattacher
from fse.app.operations.annuler import annuler
from fse.app.operations.facture import facture as histoire
from fse.app.operations.journal.archives import archives
from fse.app.operations.journal.reconstruire import reconstruire_journal
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.errors import UsageError
from fse.infra.journal.facts.actes import files_put_away
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
    unnumbered,
    withheld,
)
from tests.app.cabinet import JOUR, document, facture
from tests.app.emitted import noe, receive, rows

SET_ASIDE = noe()[:-128]


def unequal() -> bytes:
    """The answer of another writer to invoice 1, whose transfer announces 1 000 euros more than its lines."""
    content = answering("INEGAL", answer_to(1))
    for known, other in ((b"FSE   ", b"AUTRE "), (b"00003000P", b"00103000P")):
        assert content.count(known) == 2, "000 and 999; the total of the transfer (990) and that of the file (999)"
        content = content.replace(known, other)
    return content


def put_away(practice: Practice) -> list[tuple[object, ...]]:
    """What the matching is told of it: file, rank, act."""
    found = rows(practice, "SELECT fichier, rang, acte FROM classement ORDER BY acte")
    return [(row["fichier"], row["rang"], row["acte"]) for row in found]


def files(practice: Practice) -> set[str]:
    with practice.journal.reading() as reading:
        return files_put_away(reading)


def sound(practice: Practice) -> bool:
    """The journal proves itself, and what is computed anew is what it holds."""
    return verifier_journal(practice).intact and reconstruire_journal(practice).ecarts == ()


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "nature", "numero"),
    [
        (misnumbered(), "facture_inconnue", 999),
        (unnumbered(), "numero_illisible", None),
        (unequal(), "virement_inegal", None),
    ],
)
def test_a_line_or_a_transfer_is_put_away_and_taken_back(
    practice: Practice, content: bytes, nature: str, numero: int | None
) -> None:
    place = line_of(received(practice, content), nature)
    before = everything(practice)
    done = classer(practice, [place], le=LATER, **SIGNED)
    assert done.changements == ()
    (acte,) = done.actes
    assert (acte.genre, acte.ligne, acte.numero, acte.statut) == ("classement", place, numero, "en_vigueur")
    assert (acte.auteur, acte.motif, acte.pose_le) == (AUTEUR, MOTIF, LATER)
    assert put_away(practice) == [(digest(content), int(place.split(":")[1]), 1)]
    assert everything(practice) == before == rebuilt(practice)
    assert sound(practice)
    annuler_acte(practice, [1], le=LATER, **SIGNED)
    assert put_away(practice) == []
    assert everything(practice) == before
    assert sound(practice)
    classer(practice, [place], le=LATER, **SIGNED)
    assert [(one.acte, one.statut) for one in actes(practice)] == [(1, "annule"), (2, "en_vigueur"), (3, "en_vigueur")]


def test_a_file_set_aside_is_put_away_by_its_digest(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = receive(practice, SET_ASIDE)
    assert one.verdict == "ecarte"
    name = digest(SET_ASIDE)[:8]
    done = classer(practice, [name], le=LATER, **SIGNED)
    assert put_away(practice) == [(digest(SET_ASIDE), 0, 1)]
    assert files(practice) == {digest(SET_ASIDE)}
    print_done(done)
    out = capsys.readouterr().out
    assert f"Acte n° 1, de {AUTEUR}, le 12/10/2026 : retour mis de côté {name} : classé, rien à faire" in out
    assert "fse annuler-acte 1 --motif" in out
    assert sound(practice)
    annuler_acte(practice, [1], **SIGNED)
    assert put_away(practice) == []
    assert files(practice) == set()


def refused(practice: Practice, *designations: str, **options: str) -> str:
    """The code of what `classer` raises; nothing may be written."""
    before = put_away(practice), events(practice)
    with pytest.raises(UsageError) as raised:
        classer(practice, designations, **(SIGNED | options))
    assert (put_away(practice), events(practice)) == before
    assert raised.value.action.endswith((".", "…"))
    return raised.value.code


def test_what_cannot_be_put_away_is_refused(practice: Practice) -> None:
    line = line_of(received(practice, misnumbered(), noe()), "facture_inconnue")
    receive(practice, SET_ASIDE)
    (matched,) = rows(practice, "SELECT fichier, rang FROM appariement WHERE numero = 1")
    (equal,) = rows(practice, f"SELECT fichier, rang FROM virement WHERE fichier = '{digest(noe())}'")
    for place in (matched, equal):
        assert refused(practice, f"{place['fichier']}:{place['rang']}") == "acte.rien_a_classer"
    assert refused(practice, f"{line.split(':')[0]}:2") == "acte.ligne_inconnue"
    assert refused(practice, f"{'0' * 8}:7") == refused(practice, "0" * 8) == "acte.ligne_inconnue"
    assert refused(practice, "la première") == refused(practice, "3f9a:7") == refused(practice, "3f9a") == "acte.ligne"
    assert refused(practice, digest(noe())) == "acte.fichier_enregistre"
    assert refused(practice, line, motif=" ") == "acte.absent"


def test_a_debt_is_attached_and_never_put_away(practice: Practice) -> None:
    debt = line_of(received(practice, withheld()), "retenue_inexpliquee")
    assert refused(practice, debt) == "acte.ligne_inconnue"


def test_several_at_once_all_or_none_and_none_twice(practice: Practice) -> None:
    line = line_of(received(practice, misnumbered(), unequal()), "facture_inconnue")
    transfer = line_of(practice, "virement_inegal")
    receive(practice, SET_ASIDE)
    name = digest(SET_ASIDE)
    assert refused(practice, line, transfer, name, "0" * 8) == "acte.ligne_inconnue"
    assert refused(practice, line, transfer, line) == "acte.deja_pose"
    classer(practice, [line, transfer, name], **SIGNED)
    for one in (line, transfer, name):
        assert refused(practice, one) == "acte.deja_pose"
    assert len(events(practice)) == 3
    annuler_acte(practice, [1, 2, 3], **SIGNED)
    assert put_away(practice) == []


def test_a_line_put_away_can_still_be_attached(practice: Practice) -> None:
    line = line_of(received(practice, misnumbered()), "facture_inconnue")
    classer(practice, [line], **SIGNED)
    rattacher(practice, line, 1, **SIGNED)
    assert rows(practice, "SELECT * FROM residu") == []
    assert sound(practice)


def test_the_history_of_the_invoice_that_the_line_names_tells_it(practice: Practice) -> None:
    securiser(practice, document(facture("V-7")), le=JOUR)
    annuler(practice, 7, motif="erreur", auteur=AUTEUR, le=JOUR)
    line = line_of(received(practice, answering("ANNULE", answer_to(7))), "facture_annulee")
    classer(practice, [line], le=LATER, **SIGNED)
    (step,) = [one for one in histoire(practice, 7, le=LATER).etapes if one.acte]
    assert (step.evenement, step.ligne) == ("ligne", line)
    assert step.libelle.endswith(f", classée à la main par {AUTEUR} le 12/10/2026 (acte n° 1 : {MOTIF})")
    annuler_acte(practice, [1], le=LATER, **SIGNED)
    (step,) = [one for one in histoire(practice, 7, le=LATER).etapes if one.acte]
    assert step.evenement == "acte_annule"


def test_a_residue_put_away_holds_its_archive_no_more(practice: Practice) -> None:
    """Two lines without invoice in one return: the archive waits for both."""
    one = replace(answer_to(999))
    received(practice, answering("PERDUS", one, replace(one, numero_facture=998)))
    lines = rows(practice, "SELECT fichier, rang FROM residu ORDER BY rang")
    names = [f"{line['fichier']}:{line['rang']}" for line in lines]

    def settled() -> bool:
        with practice.journal.reading() as reading:
            (archive,) = [kept for kept in archives(reading) if kept.nature == "retour"]
        assert archive.echeance is not None
        assert archive.is_over(archive.echeance) is archive.soldee
        assert not archive.is_over(archive.echeance - timedelta(days=1))
        return archive.soldee

    assert not settled()
    classer(practice, names[:1], **SIGNED)
    assert not settled()
    classer(practice, names[1:], **SIGNED)
    assert settled()
    annuler_acte(practice, [1], **SIGNED)
    assert not settled()
