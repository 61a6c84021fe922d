"""What a network pays: recorded with its document or not at all, once, told by month, naming nobody, audited."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fse.app.cli import run
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.coter import coter
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.app.operations.reseaux.annuler import annuler_derogatoire
from fse.app.operations.reseaux.etat import SommeEtat, etat_reseau
from fse.app.operations.securiser import Securisation, securiser
from fse.base.errors import UsageError
from fse.norm.codec import documents
from tests.app import cabinet as plain
from tests.app.cabinet import CLE, JOUR, PATIENTS, document
from tests.app.cotation.care import ami, facture, seance
from tests.app.reseaux.networks import NETWORK, member, network_practice, service, write_network

SEPTEMBER = date(2026, 9, 1)
NARROW = "\u202f"


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with network_practice(tmp_path) as practice:
        yield practice


def secured(practice: Practice, *many: str) -> Securisation:
    return securiser(practice, document(*many), le=JOUR)


def codes(result: Securisation) -> list[str]:
    return [one.code for one in result.constats if one.is_error]


def audit(practice: Practice) -> list[str]:
    """What the audit of the journal finds wrong."""
    return [constat.message for one in verifier_journal(practice).controles for constat in one.constats]


def test_a_month_is_told_to_the_centime_and_names_nobody(practice: Practice) -> None:
    """EDU 45,00 € twice, DOSS 15,00 €, DIET 30,00 € (the network's own prices): 135,00 €."""
    done = secured(
        practice,
        service("D-1", jour="2026-09-01"),
        service("D-2", jour="2026-09-30", patient=1),
        service("D-3", "DOSS", patient=1, present=False),
        service("D-4", "DIET", professionnel="dieteticienne-a"),
        service("D-5", jour="2026-08-31"),
        service("D-6", jour="2026-10-01"),
    )
    assert codes(done) == []
    assert [(one.reference, one.montant) for one in done.derogatoires][:4] == [
        ("D-1", 4500), ("D-2", 4500), ("D-3", 1500), ("D-4", 3000),
    ]  # fmt: skip
    etat = etat_reseau(practice, NETWORK, date(2026, 9, 17))
    assert (etat.nom, etat.mois, etat.montant) == ("Réseau fictif de gérontologie", SEPTEMBER, 13_500)
    assert [(one.reference, one.patient) for one in etat.lignes] == [("D-1", 1), ("D-3", 2), ("D-4", 1), ("D-2", 2)]
    assert etat.par_prestation == (
        SommeEtat(nom="DIET", nombre=1, montant=3000),
        SommeEtat(nom="DOSS", nombre=1, montant=1500),
        SommeEtat(nom="EDU", nombre=2, montant=9000),
    )
    assert sum(one.montant for one in etat.par_professionnel) == etat.montant
    mine = etat_reseau(practice, NETWORK, SEPTEMBER, praticiens=[plain.PRESTATAIRE])
    assert mine.montant == 10_500
    told = repr(etat)
    assert not any(nir in told for nir, _, _ in PATIENTS)
    assert audit(practice) == []


def test_the_same_service_again_is_the_same_even_when_the_network_has_changed_since(practice: Practice) -> None:
    first = secured(practice, service("D-1"))
    again = secured(practice, service("D-1"), service("D-2"))
    assert [(one.reference, one.deja_connue) for one in again.derogatoires] == [("D-1", True), ("D-2", False)]
    assert first.derogatoires[0].montant == again.derogatoires[0].montant
    place = write_network(practice.cabinet.folder)
    place.write_text(place.read_text(encoding="utf-8").replace("montant = 4500", "montant = 1"), encoding="utf-8")
    with plain.reopen(practice.cabinet.folder) as later:
        assert [one.montant for one in secured(later, service("D-1")).derogatoires] == [4500]
        assert [one.montant for one in secured(later, service("D-3")).derogatoires] == [1]
        place.unlink()
    with plain.reopen(practice.cabinet.folder) as later:
        assert [one.deja_connue for one in secured(later, service("D-1")).derogatoires] == [True]
        assert codes(secured(later, service("D-4"))) == ["reseau.inconnu"]
        etat = etat_reseau(later, NETWORK, SEPTEMBER)
        assert (etat.nom, etat.montant) == ("", 9001)


def test_another_content_under_a_reference_is_refused(practice: Practice) -> None:
    secured(practice, service("D-1"))
    assert codes(secured(practice, service("D-1", patient=1))) == ["reseau.reference_prise"]


INVOICE = facture("V-1", seance(ami("3")))


def test_a_document_is_taken_whole_or_refused_whole(practice: Practice) -> None:
    lines = _priced(practice, INVOICE)
    refused = secured(practice, lines, service("D-1"), service("D-2", adhesion=member(fin="2026-01-31")))
    assert codes(refused) == ["ngap.reseau-patient-membre"]
    assert (refused.factures, refused.derogatoires) == ((), ())
    assert "« D-2 »" in refused.constats[-1].message
    assert refused.constats[-1].place.champ == "derogatoire[2]"
    with pytest.raises(UsageError) as error:
        etat_reseau(practice, "99999999999999", SEPTEMBER)
    assert error.value.code == "reseau.etat_inconnu"
    assert etat_reseau(practice, NETWORK, SEPTEMBER).lignes == ()
    done = secured(practice, lines, service("D-1"))
    assert ([one.numero for one in done.factures], [one.reference for one in done.derogatoires]) == ([1], ["D-1"])
    assert audit(practice) == []


def _priced(practice: Practice, invoice: str) -> str:
    """The invoice with the lines that `coter` makes."""
    (result,) = coter(practice.cabinet, [document(invoice)], practice)
    text = result.xml().decode()
    return text[text.index("<facture ") : text.index("</factures>")]


def test_a_cancelled_service_is_asked_for_no_more(practice: Practice) -> None:
    secured(practice, service("D-1"), service("D-2"))
    done = annuler_derogatoire(practice, "D-1", motif="séance reportée", auteur="Camille", le=JOUR)
    assert (done.reference, done.jour, done.montant) == ("D-1", date(2026, 9, 15), 4500)
    assert [one.reference for one in etat_reseau(practice, NETWORK, SEPTEMBER).lignes] == ["D-2"]
    assert audit(practice) == []
    for reference, code in (("D-1", "reseau.deja_annulee"), ("D-9", "reseau.derogatoire_inconnue")):
        with pytest.raises(UsageError) as error:
            annuler_derogatoire(practice, reference, motif="encore", auteur="Camille")
        assert error.value.code == code
    with pytest.raises(UsageError):
        annuler_derogatoire(practice, "D-2", motif=" ", auteur="Camille")


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("derogatoire", "UPDATE derogatoire SET montant = 1"),
        ("derogatoire", "DELETE FROM derogatoire WHERE reference = 'D-2'"),
        ("derogatoire_annulee", "UPDATE derogatoire_annulee SET motif = 'autre'"),
        ("derogatoire_annulee", "DELETE FROM derogatoire_annulee"),
    ],
)
def test_what_someone_changes_in_the_ledger_is_seen(practice: Practice, table: str, statement: str) -> None:
    secured(practice, service("D-1"), service("D-2"))
    annuler_derogatoire(practice, "D-1", motif="séance reportée", auteur="Camille", le=JOUR)
    assert audit(practice) == []
    with practice.journal.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert any(table in message for message in audit(practice)), audit(practice)


def test_the_sheet_of_a_member_bears_the_network_on_each_line(practice: Practice) -> None:
    """9,45 € all of it by the caisse: AMI 3, and an exemption that the network justifies by the code 3."""
    text = facture("V-1", seance(ami("3"))).replace("<soins>", f"<soins>{member()}", 1)
    lines = _priced(practice, text)
    document_read, _ = documents.read(document(lines))
    assert document_read is not None
    ((line,),) = [one.facture.prestations for one in document_read.factures]
    assert (line.honoraires, line.montant_amo, line.reseau, line.exoneration) == (945, 945, NETWORK, "3")
    assert codes(secured(practice, lines)) == []
    unknown = facture("V-2", seance(ami("3"))).replace("<soins>", f"<soins>{member(reseau='1' * 14)}", 1)
    assert "reseau.inconnu" in [one.code for one in secured(practice, _priced(practice, unknown)).constats]


def test_the_commands(practice: Practice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = practice.cabinet.folder
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FSE_CLE_JOURNAL", CLE)
    practice.close()
    (folder / "jour.xml").write_bytes(document(service("D-1"), service("D-2", "COORD", patient=1)))
    assert run(["securiser", "jour.xml", "--le", str(JOUR)]) == 0
    told = capsys.readouterr().out.replace(NARROW, " ").splitlines()
    assert told == [
        "jour.xml : 2 prestations dérogatoires enregistrées, 0 déjà connue",
        f"  réseau {NETWORK}  D-1  EDU  45,00 €",
        f"  réseau {NETWORK}  D-2  COORD  50,00 €",
    ]
    assert run(["reseau", "annuler", "D-2", "--motif", "réunion reportée", "--auteur", "Camille"]) == 0
    assert "annulée : 15/09/2026, 50,00" in capsys.readouterr().out
    asked = ["reseau", "etat", "--reseau", NETWORK, "--mois", "2026-09"]
    assert run([*asked, "--sortie", "etat.csv"]) == 0
    told = capsys.readouterr().out.replace(NARROW, " ").splitlines()
    assert told == [
        f"Réseau {NETWORK}, Réseau fictif de gérontologie, 09/2026 : 1 prestation, 45,00 €",
        "  15/09/2026  D-1  EDU  Séance d'éducation thérapeutique, 001234566, patient 1 : 45,00 €",
    ]
    rows = list(csv.reader(io.StringIO((folder / "etat.csv").read_text(encoding="utf-8-sig")), delimiter=";"))
    assert rows[1:] == [
        [
            "D-1", "15/09/2026", "EDU", "Séance d'éducation thérapeutique", "hors-nomenclature", "001234566", "1",
            "45,00", "05/10/2026",
        ]
    ]  # fmt: skip
    assert run([*asked, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["montant"] == 4500
    assert run([*asked[:-1], "2026-9"]) == 2
    assert run([*asked[:-3], "12", "--mois", "2026-09"]) == 2
    assert NETWORK in capsys.readouterr().err


def test_a_practice_of_one_document_of_services_alone(practice: Practice) -> None:
    done = secured(practice, service("D-1"))
    assert (done.factures, len(done.derogatoires), done.constats) == ((), 1, ())
    assert load_cabinet(practice.cabinet.folder / "cabinet.toml").reseau(NETWORK) is not None


def test_pricing_a_document_says_what_securing_would_refuse(practice: Practice) -> None:
    (result,) = coter(practice.cabinet, [document(service("D-1"), service("D-2", "LIBRE"))], practice)
    assert [one.code for one in result.constats] == ["ngap.reseau-six-criteres"]
    assert codes(secured(practice, service("D-1"), service("D-2", "LIBRE"))) == ["ngap.reseau-six-criteres"]
    nir = PATIENTS[0][0]
    (result,) = coter(practice.cabinet, [document(service(nir, "LIBRE"))], practice)
    assert [one.code for one in result.constats] == ["reseau.reference_personnelle"]
    assert nir not in repr(result.constats)
