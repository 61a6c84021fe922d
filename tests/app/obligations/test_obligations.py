"""What speech therapists owe: computed from what is billed, shown until a person closes it, kept by the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from fse.app.cli import root
from fse.app.operations.annuler import annuler
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.obligations.noter import noter_obligation
from fse.app.operations.obligations.suivi import suivre_obligations
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.app.operations.suivi import suivi
from fse.base.errors import UsageError
from tests.app.cabinet import CLE, JOUR
from tests.app.cotation.care import PRESCRIBED_ON, THERAPIST, WRITTEN_LANGUAGE, facture, new_practice, priced, seance
from tests.app.journal.hand import by_hand

REPORT = "orthophonie-compte-rendu"
AWAITED = "orthophonie-ordonnance-attendue"
END = "orthophonie-note-de-fin"
ASSESSMENT = "<acte><acte>bilan-langage-ecrit</acte></acte>"
ASSESSED = date(2026, 10, 2)
AFTER_90_DAYS = date(2027, 1, 3)


def assessed(reference: str, kind: str, *, patient: int = 0, before: str = "") -> str:
    """An invoice of an assessment, prescribed so."""
    ordonnance = f"<ordonnance><date>{PRESCRIBED_ON}</date><bilan>{kind}</bilan></ordonnance>"
    return facture(
        reference, seance(ASSESSMENT, jour=str(ASSESSED), ordonnance=ordonnance), patient=patient, before=before
    )


def secure(practice: Practice, *factures: str) -> None:
    result = securiser(practice, priced(practice, *factures), le=JOUR)
    assert result.factures, [one.message for one in result.constats]


@pytest.fixture
def therapist(tmp_path: Path) -> Iterator[Practice]:
    """Invoice 1: assessment with rehabilitation; 2: of investigation; 3: a session of the first."""
    with new_practice(tmp_path / "orthophoniste", THERAPIST) as opened:
        secure(opened, assessed("V-1", "avec-reeducation"), assessed("V-2", "investigation", patient=1))
        secure(opened, facture("V-3", seance(WRITTEN_LANGUAGE)))
        yield opened


def left(practice: Practice, le: date = JOUR) -> list[tuple[str, int, date]]:
    return [(one.nature, one.numero, one.depuis) for one in suivre_obligations(practice, le=le)]


def done(practice: Practice, numero: int, nature: str) -> None:
    noter_obligation(practice, numero, nature, "faite", auteur="claire", le=JOUR)


def test_what_is_billed_gives_rise_to_duties(therapist: Practice) -> None:
    assert left(therapist) == [(REPORT, 1, ASSESSED), (REPORT, 2, ASSESSED), (AWAITED, 2, ASSESSED)]
    later = left(therapist, AFTER_90_DAYS)
    assert later[-1] == (END, 3, AFTER_90_DAYS), "5 October and 90 days"
    assert END not in {one[0] for one in left(therapist, date(2027, 1, 2))}


def test_a_person_closes_them_and_the_worklist_shows_them_until_then(therapist: Practice) -> None:
    assert len(suivi(therapist, le=JOUR).obligations) == 3
    done(therapist, 1, REPORT)
    noter_obligation(therapist, 2, AWAITED, "sans_objet", auteur="claire", motif="pas de suite", le=JOUR)
    assert left(therapist) == [(REPORT, 2, ASSESSED)]
    closed = [one for one in suivre_obligations(therapist, le=JOUR, toutes=True) if one.close_le]
    assert [(one.etat, one.auteur, one.motif) for one in closed] == [
        ("faite", "claire", ""),
        ("sans_objet", "claire", "pas de suite"),
    ]
    assert suivi(therapist, le=JOUR, praticiens=["009999999"]).obligations == ()


def test_a_correction_does_not_open_them_again(therapist: Practice) -> None:
    done(therapist, 1, REPORT)
    secure(therapist, assessed("V-4", "avec-reeducation", before="<remplace>1</remplace>"))
    assert (REPORT, 4, ASSESSED) not in left(therapist)
    annuler(therapist, 2, motif="essai", auteur="essai", le=JOUR)
    assert left(therapist) == []


REFUSED = (
    (3, REPORT, "faite", "obligation.inconnue"),
    (1, AWAITED, "faite", "obligation.inconnue"),
    (1, REPORT, "faite", "obligation.close"),
    (2, REPORT, "sans_objet", "obligation.motif"),
    (9, REPORT, "faite", "facture.inconnue"),
)


def test_what_cannot_be_closed_is_refused(therapist: Practice) -> None:
    done(therapist, 1, REPORT)
    for numero, nature, verdict, code in REFUSED:
        with pytest.raises(UsageError) as caught:
            noter_obligation(therapist, numero, nature, verdict, auteur="claire", le=JOUR)  # type: ignore[arg-type]
        assert caught.value.code == code


def test_the_journal_proves_what_was_closed(therapist: Practice) -> None:
    done(therapist, 1, REPORT)
    assert verifier_journal(therapist).intact
    by_hand(therapist, "UPDATE obligation_faite SET auteur = 'personne'")
    told = [constat.message for one in verifier_journal(therapist).controles for constat in one.constats]
    assert any("obligation_faite" in message for message in told), told


def test_the_command_tells_and_closes(therapist: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = therapist.cabinet.journal_path.parent
    monkeypatch.setenv("FSE_CLE_JOURNAL", CLE)
    options = ["--cabinet", str(folder / "cabinet.toml"), "--le", "2026-10-05"]

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(root, [*arguments, *options], standalone_mode=False)
        assert result.exception is None, result.output
        return result.output

    told = run("suivi")
    assert "3 obligations à remplir" in told
    assert f"fse obligation faite NUMERO {REPORT}" in told
    assert "facture 000000002, praticien" in told
    assert "faite le 05/10/2026 par claire" in run("obligation", "faite", "1", REPORT, "--auteur", "claire")
    assert "000000001" not in run("obligation", "suivre")
    assert "000000001" in run("obligation", "suivre", "--toutes")
