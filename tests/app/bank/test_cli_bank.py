"""The bank as a secretary meets it: statements, the worklist, the invoice, what she settles, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fse.app.cli import root
from tests.app.bank.practice import LATER, NEXT, bank_practice, credit, statement
from tests.app.bank.statements import OTHER_ACCOUNT, Movement, camt, cfonb
from tests.app.cabinet import CLE
from tests.app.emitted import noe

WHY = ("--motif", "vu sur le relevé", "--auteur", "marie")


class Desk:
    """Runs `fse` on a practice that has an account."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "cabinet"
        bank_practice(self.folder).close()
        self.put("retour.noe", noe())

    def put(self, name: str, data: bytes) -> str:
        (self.folder / name).write_bytes(data)
        return str(self.folder / name)

    def run(self, *arguments: str) -> Result:
        words = [arguments[0], "--cabinet", str(self.folder / "cabinet.toml"), "--le", str(LATER), *arguments[1:]]
        return CliRunner(env={"FSE_CLE_JOURNAL": CLE}).invoke(root, words, standalone_mode=False)

    def ok(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert (done.exception, done.return_value) == (None, 0), done.output
        return done.stdout.replace("\u202f", " ")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_from_the_return_to_the_money(desk: Desk) -> None:
    desk.ok("recevoir", str(desk.folder / "retour.noe"))
    assert "Virement que les relevés reçus n'atteignent pas" in desk.ok("suivi")
    cards = Movement(NEXT, 2500, ("REMISE CARTES", "M LEFEVRE"))
    told = desk.ok("recevoir", desk.put("releve.cfo", cfonb(statement(credit(), cards))))
    assert "Compte du cabinet (…0001), du 09/10/2026 au 09/10/2026 : 2 mouvements, dont 2 enregistrés" in told
    assert "reçu sur le compte le 09/10/2026, 111,00 € (même montant, et les deux libellés du virement)" in told
    worklist = desk.ok("suivi")
    assert "reçu sur le compte le 09/10/2026 (même montant" in worklist
    assert "prouvé sur le compte : 111,00 €" in worklist
    assert "LEFEVRE" not in told + worklist
    assert "30,00 € : reçu sur le compte le 09/10/2026 (virement du 08/10/2026" in desk.ok("facture", "1")
    said = json.loads(desk.ok("suivi", "--format", "json"))
    [transfer] = said["virements"]
    assert (transfer["preuve"]["prouve_le"], transfer["preuve"]["politique"]) == ("2026-10-09", "deux_libelles")
    assert said["banque"]["prouve"] == 11100


def test_what_is_suggested_is_settled_by_hand_and_taken_back(desk: Desk) -> None:
    data = cfonb(statement(credit(labels=("VIREMENT",)), apres=LATER))
    desk.ok("recevoir", str(desk.folder / "retour.noe"), desk.put("releve.cfo", data))
    told = desk.ok("suivi")
    assert "Virement annoncé qui n'est pas sur le compte : 1, montant annoncé 111,00 €" in told
    command = next(line for line in told.splitlines() if "--virement" in line).split("fse ")[1].split()
    line, transfer = command[1], command[3]
    assert f"ligne du compte {line} : c'est le virement {transfer}" in desk.ok(
        "rattacher", line, "--virement", transfer, *WHY
    )
    assert "reçu sur le compte le 09/10/2026 (à la main)" in desk.ok("suivi")
    undone = CliRunner(env={"FSE_CLE_JOURNAL": CLE}).invoke(
        root,
        ["annuler-acte", "1", "--cabinet", str(desk.folder / "cabinet.toml"), "--le", str(LATER), *WHY],
        standalone_mode=False,
    )
    assert undone.return_value == 0, undone.output
    assert "à la main" not in desk.ok("suivi")


def test_what_is_missing_is_said(desk: Desk) -> None:
    hole = statement(ouverture=1, avant=NEXT + timedelta(3), apres=NEXT + timedelta(4))
    desk.ok("recevoir", desk.put("a.cfo", cfonb(statement(credit()))), desk.put("b.xml", camt(hole)))
    told = desk.ok("suivi")
    assert "il manque un relevé entre le 09/10/2026" in told


def test_what_is_refused_is_said_in_one_place(desk: Desk) -> None:
    other = desk.put("autre.cfo", cfonb(replace(statement(credit()), compte=OTHER_ACCOUNT)))
    done = desk.run("recevoir", other)
    assert done.return_value == 3
    assert "laissé en place" in done.stdout
    assert "[banque.autre_compte]" in done.stdout
    assert "…0099" in done.stdout
    assert OTHER_ACCOUNT not in done.stdout
    bomb = desk.put("bombe.xml", camt(statement(credit()), before='<!DOCTYPE x [<!ENTITY a "b">]>'))
    done = desk.run("recevoir", bomb)
    assert done.return_value == 3
    assert "[lecture.releve_dtd]" in done.stderr
    wrong = desk.put("faux.cfo", cfonb(statement(credit())).replace(b"0000000001110{", b"0000000001111{"))
    done = desk.run("recevoir", wrong)
    assert done.return_value == 1
    assert "mis de côté, rien n'en est compté" in done.stdout
    assert "[banque.solde]" in done.stdout


@pytest.mark.parametrize("write", [cfonb, camt])
def test_reading_needs_no_practice_and_masks_labels(tmp_path: Path, write: object) -> None:
    data = write(statement(Movement(NEXT, 2500, ("M LEFEVRE ZOE",))))  # type: ignore[operator]
    path = tmp_path / "releve"
    path.write_bytes(data)

    def fse(*arguments: str) -> Result:
        return CliRunner().invoke(root, [*arguments, str(path)], standalone_mode=False)

    shown = fse("lire")
    assert shown.return_value == 0
    assert "LEFEVRE" not in shown.stdout
    assert "25,00" in shown.stdout
    assert "LEFEVRE" in fse("lire", "--en-clair").stdout
    lines = [json.loads(line) for line in fse("lire", "--format", "jsonl").stdout.splitlines()]
    assert {one["type"] for one in lines} == ({"releve"} if write is camt else {"01", "04", "07", "cadrage", "fichier"})
    assert "LEFEVRE" not in fse("lire", "--regle").stdout
    checked = fse("verifier")
    assert (checked.return_value, "soldes de 1 relevé" in checked.stdout) == (0, True)
