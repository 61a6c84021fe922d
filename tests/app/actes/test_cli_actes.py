"""The manual acts as a secretary and a script call them: French on the screen, JSON with the same information."""

from __future__ import annotations

import getpass
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest

from fse.app.cli import run
from tests.app.actes.world import REFERENCE, answer_to, answering, line_of, misnumbered, received, withheld
from tests.app.cabinet import CABINET, CLE, PATIENTS, PRESTATAIRE
from tests.app.emitted import emitted_practice, noe
from tests.each import each

WHY = ("--motif", "vu avec la caisse", "--auteur", "marie")
OTHER = "002345676"
PAPER = b"numero;partie;etat;montant\n5;AMC;payee;9,00\n"


class Desk:
    """Runs `fse` in the folder of a practice where a line is lost and a debt is withheld."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with emitted_practice(folder) as practice:
            self.line = line_of(received(practice, misnumbered(), withheld()), "facture_inconnue")

    def run(self, *arguments: str, entree: bytes = b"") -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.folder)
            patch.setenv("FSE_CLE_JOURNAL", CLE)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(entree)))
            status = run([*arguments])
        return status, out.getvalue(), err.getvalue()

    def ok(self, *arguments: str, entree: bytes = b"") -> str:
        status, out, err = self.run(*arguments, "--le", "2026-10-12", entree=entree)
        assert status == 0, err
        return out


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "cabinet")


def test_from_the_worklist_to_the_history_and_back(desk: Desk) -> None:
    assert desk.line in desk.ok("suivi")
    told = desk.ok("rattacher", desk.line, "--facture", "1", *WHY)
    assert f"Acte n° 1, de marie, le 12/10/2026 : ligne {desk.line} rattachée à la facture 000000001" in told
    assert "facture 000000001, part AMO : En attente de réponse → Payée, payé 0,00" in told
    assert "fse annuler-acte 1" in told
    assert "Rien n'a été fait" not in desk.run("actes")[1]
    assert "rapprochée à la main par marie le 12/10/2026 (acte n° 1 : vu avec la caisse)" in desk.ok("facture", "1")
    undone = desk.ok("annuler-acte", "1", "--motif", "mauvaise facture", "--auteur", "paul")
    assert "annule l'acte n° 1" in undone
    assert "Payée → En attente de réponse" in undone
    listed = desk.run("actes")[1]
    assert "annulé par paul le 12/10/2026 (acte n° 2) : mauvaise facture" in listed
    assert desk.line in desk.ok("suivi")


def test_a_debt_shows_its_two_months(desk: Desk) -> None:
    told = desk.ok("rattacher", "--creance", REFERENCE, "--facture", "4", "--notifiee-le", "2026-10-01", *WHY)
    assert f"créance {REFERENCE}, rattachée à la facture 000000004, notifiée le 01/10/2026" in told
    assert "à payer ou à contester jusqu'au 01/12/2026, deux mois après la notification" in told
    assert "ce délai est passé" not in told


def test_a_window_that_is_over_is_said(desk: Desk) -> None:
    told = desk.ok("rattacher", "--creance", REFERENCE, "--notifiee-le", "2026-08-01", *WHY)
    assert "jusqu'au 01/10/2026" in told
    assert "ce délai est passé" in told


def test_a_debt_without_its_notification_asks_for_it(desk: Desk) -> None:
    told = desk.ok("rattacher", "--creance", REFERENCE, "--facture", "4", *WHY)
    assert "date de notification inconnue" in told


def test_a_statement_from_a_file_or_the_standard_input(desk: Desk) -> None:
    (desk.folder / "releve.csv").write_bytes(PAPER)
    paper = ("--piece", "relevé du 12", "--jour", "2026-10-12", *WHY)
    assert "1 ligne saisie, 9,00" in desk.ok("saisir", "releve.csv", "--total", "9,00", *paper)
    status, out, _ = desk.run("saisir", "-", *paper, "--le", "2026-10-12", entree=PAPER)
    assert (status, "refusé, rien n'en est compté" in out, "[releve.deja_saisi]" in out) == (1, True, True)
    assert "une réponse" not in out
    assert "dont 9,00" in desk.ok("facture", "5")


def test_a_forced_state(desk: Desk) -> None:
    told = desk.ok("forcer", "5", "--partie", "AMO", "--etat", "abandonnee", *WHY)
    assert "facture 000000005, part AMO : En attente de réponse → Abandonnée" in told
    (desk.folder / "retour.noe").write_bytes(noe())
    assert "reception.etat_force_caduc" in desk.run("recevoir", "retour.noe", "--le", "2026-10-13")[1]
    assert "caduc : les réponses des payeurs ont changé depuis" in desk.run("actes")[1]


def test_a_reject_after_the_payment_is_said_to_be_settled(desk: Desk) -> None:
    reject = replace(answer_to(1).parts[0], etat="R", montant_rembourse=0)
    for name, content in (("a.noe", noe()), ("b.noe", answering("REJET1", answer_to(1, reject)))):
        (desk.folder / name).write_bytes(content)
        desk.run("recevoir", name, "--le", "2026-10-12")
    assert "rejet reçu en dernier est lu et réglé" in desk.ok("forcer", "1", "--partie", "AMO", "--etat", "payee", *WHY)


def test_the_acts_of_one_practitioner(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.ok("forcer", "5", "--partie", "AMO", "--etat", "payee", *WHY)
    desk.ok("annuler-acte", "1", *WHY)
    assert desk.run("actes", "--praticien", PRESTATAIRE)[1] == desk.run("actes")[1]
    assert "praticien.inconnu" in desk.run("actes", "--praticien", OTHER)[2]
    others = f'''
[[prestataires]]
numero = "{OTHER}"
nom = "SACHA ESSAI"
specialite = "24"
cle = "infirmiere.p12"

[[utilisateurs]]
nom = "sacha"
praticiens = ["{OTHER}"]
'''
    (desk.folder / "cabinet.toml").write_text(CABINET + others, encoding="utf-8")
    assert desk.run("actes", "--praticien", OTHER)[2].count("utilisateur.inconnu") == 1
    monkeypatch.setenv("FSE_UTILISATEUR", "sacha")
    assert desk.run("actes")[1] == "Rien n'a été fait à la main.\n"


def test_an_amount_out_of_all_proportion_is_told(desk: Desk) -> None:
    paper = ("--piece", "relevé du 12", "--jour", "2026-10-12", *WHY)
    told = desk.ok("saisir", "-", *paper, entree=PAPER.replace(b"9,00", b"900,00"))
    assert "avertissement [releve.montant_eleve]" in told
    assert "1 ligne saisie" in told


def test_a_line_put_away(desk: Desk) -> None:
    told = desk.ok("classer", desk.line, *WHY)
    assert f"Acte n° 1, de marie, le 12/10/2026 : {desk.line} : classé, rien à faire" in told
    assert "fse annuler-acte 1 --motif" in told
    assert f"{desk.line} : classé, rien à faire" in desk.run("actes")[1]
    status, _, err = desk.run("classer", desk.line, *WHY)
    assert (status, "acte.deja_pose" in err) == (2, True)
    desk.ok("annuler-acte", "1", *WHY)
    (acte,) = json.loads(desk.ok("classer", desk.line, *WHY, "--format", "json"))["actes"]
    assert (acte["acte"], acte["genre"], acte["ligne"]) == (3, "classement", desk.line)


def test_the_author_is_the_user_of_the_session_unless_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "camille")
    assert "de camille" in desk.ok("forcer", "5", "--partie", "AMO", "--etat", "payee", "--motif", "chèque")


def test_json_is_one_document_with_the_same_information(desk: Desk) -> None:
    calls = (
        ("rattacher", desk.line, "--facture", "1"),
        ("rattacher", "--creance", REFERENCE, "--notifiee-le", "2026-10-01"),
        ("forcer", "5", "--partie", "AMO", "--etat", "payee"),
        ("saisir", "-", "--piece", "relevé", "--jour", "2026-10-12"),
        ("annuler-acte", "1", "3"),
    )
    told = [json.loads(desk.ok(*call, *WHY, "--format", "json", entree=PAPER)) for call in calls]
    assert told[0]["changements"][0]["libelle_apres"] == "Payée"
    assert told[1]["dette"]["contestable_jusqu_au"] == "2026-12-01"
    assert (told[2]["actes"][0]["etat"], told[3]["total"]) == ("payee", 900)
    assert [act["vise"] for act in told[4]["actes"]] == [1, 3]
    listed = json.loads(desk.run("actes", "--format", "json")[1])
    assert [(act["acte"], act["statut"]) for act in listed] == [
        (1, "annule"),
        (2, "en_vigueur"),
        (3, "annule"),
        (4, "en_vigueur"),
        (5, "en_vigueur"),
        (6, "en_vigueur"),
    ]
    history = json.loads(desk.ok("facture", "5", "--format", "json"))
    assert [step["acte"]["acte"] for step in history["etapes"] if step["acte"]] == [4, 3]
    assert all(nir not in json.dumps([told, listed, history]) for nir, _, _ in PATIENTS)


REFUSED = [
    (("rattacher", "--facture", "1"), "Donner une ligne de retour, ou une créance"),
    (("rattacher", "3f9a1c2e:7", "--creance", "X", "--facture", "1"), "Donner une ligne de retour, ou une créance"),
    (("rattacher", "3f9a1c2e:7"), "se rattache par --facture"),
    (("rattacher", "3f9a1c2e:7", "--facture", "1", "--notifiee-le", "2026-10-01"), "se rattache par --facture"),
    (("rattacher", "3f9a1c2e:7", "--facture", "1"), "acte.ligne_inconnue"),
    (("forcer", "5", "--partie", "AMO", "--etat", "differee"), "n'est pas l'un de"),
    (("forcer", "6", "--partie", "AMO", "--etat", "payee"), "acte.sans_effet"),
    (("saisir", "absent.csv", "--piece", "x", "--jour", "2026-10-12"), "entree.absente"),
    (("saisir", "-", "--piece", "x", "--jour", "2026-10-12", "--total", "dix"), "n'est pas un montant en euros"),
    (("saisir", "-", "--piece", "x", "--jour", "2026-10-12"), "releve.colonnes"),
    (("classer", "3f9a1c2e:7"), "acte.ligne_inconnue"),
    (("classer",), "Il manque l'argument"),
    (("annuler-acte", "9"), "acte.inconnu"),
    (("annuler-acte",), "Il manque l'argument"),
    (("annuler-acte", str(2**63)), "est hors de l'intervalle"),
    (("saisir", "-", "--piece", "x", "--jour", "0001-01-01"), "n'est pas une date de 2000 à 2079"),
    (("saisir", "-", "--piece", "x", "--jour", "9999-12-31"), "n'est pas une date de 2000 à 2079"),
    (("saisir", "-", "--piece", "x\0", "--jour", "2026-10-12"), "acte.illisible"),
]


@each("arguments, code", {" ".join(arguments): (arguments, code) for arguments, code in REFUSED})
def test_what_is_refused_is_said_in_french(desk: Desk, arguments: tuple[str, ...], code: str) -> None:
    status, out, err = desk.run(*arguments, *WHY, "--le", "2026-10-12")
    assert (status, out) == (2, "")
    assert code in err
    assert "Traceback" not in err
    assert desk.run("actes")[1] == "Rien n'a été fait à la main.\n"


@pytest.mark.parametrize("arguments", [("forcer", "5", "--partie", "AMO", "--etat", "payee"), ("annuler-acte", "1")])
def test_no_act_without_a_reason(desk: Desk, arguments: tuple[str, ...]) -> None:
    status, _, err = desk.run(*arguments)
    assert (status, "--motif" in err) == (2, True)
