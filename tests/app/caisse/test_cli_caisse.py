"""`fse caisse repondre` on a disk: what it reads beside the file, what it writes, says and refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fse.app.cli.caisse import command
from fse.base.errors import FseError, StorageError, UnreadableError, UsageError
from tests.app.caisse.world import Pki, b2_file, damage, facture, header, lot, sign
from tests.oracles import noemie_oracle

SCENARIO = """
[[reponse]]
numero = 2
amo = { etat = "R" }
rejets = [{ code = "0250", niveau = "F" }]

[[reponse]]
numero = 3
amo = { etat = "D" }

[[reponse]]
numero = 4
silence = true
"""


class Desk:
    """A folder with a signed B2 file of two lots, and what it takes to ask."""

    def __init__(self, folder: Path, pki: Pki) -> None:
        self.folder = folder
        self.out = folder / "retours"
        self.b2 = folder / "00000000999999-000012.b2"
        lots = [lot(*(facture(n) for n in range(1, 5))), lot(facture(5), entete=header(numero_lot=2))]
        self.b2.write_bytes(b2_file(*lots))
        for rank, cms in sign(pki.signer, lots).items():
            self.p7s(rank).write_bytes(cms)
        self.anchor = folder / "ancre.pem"
        self.anchor.write_bytes(pki.anchor)
        self.scenario = folder / "s.toml"
        self.scenario.write_text(SCENARIO, encoding="utf-8")

    def p7s(self, rank: int) -> Path:
        return self.folder / f"{self.b2.stem}-{rank:03d}.p7s"

    def ask(self, *more: str, files: list[Path] | None = None) -> Result:
        paths = [str(path) for path in files or [self.b2]]
        options = ["--scenario", str(self.scenario), "--sortie", str(self.out), "--ancre", str(self.anchor)]
        arguments = ["repondre", *paths, *options, "--le", "2025-03-20", *more]
        return CliRunner().invoke(command, arguments, standalone_mode=False)

    def written(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.out.iterdir()} if self.out.exists() else {}


@pytest.fixture
def desk(tmp_path: Path, pki: Pki) -> Desk:
    return Desk(tmp_path, pki)


def spoken(result: Result) -> str:
    """The output with ordinary spaces, so that amounts can be compared."""
    assert result.exception is None, result.exception
    return result.output.replace("\N{NARROW NO-BREAK SPACE}", " ")


def refusal(result: Result) -> FseError:
    assert isinstance(result.exception, FseError), result.output
    return result.exception


def test_the_return_is_written_and_told_in_french(desk: Desk) -> None:
    result = desk.ask()
    (name,) = desk.written()
    assert name.startswith("019970000-")
    assert name.endswith(".noe")
    text = spoken(result)
    assert result.return_value == 0
    assert "00000000999999-000012.b2 : 1 retour de la caisse simulée" in text
    assert "4 factures ; AMO : 2 payées (37,10 €), 1 rejetée, 1 différée" in text
    assert "AMC : 4 payées (31,80 €) ; 1 virement (68,90 €)" in text
    assert "Sans réponse : facture 000000004, praticien" in text
    assert "le scénario n'y répond pas" in text
    (transfer,) = noemie_oracle.transfer_amounts(desk.written()[name])
    assert transfer[3] == 6890


def test_the_same_request_writes_nothing_new(desk: Desk) -> None:
    desk.ask()
    before = desk.written()
    assert desk.ask().return_value == 0
    assert desk.written() == before


def test_another_answer_of_the_same_day_overwrites_nothing(desk: Desk) -> None:
    desk.ask()
    before = desk.written()
    desk.scenario.write_text("", encoding="utf-8")
    refused = refusal(desk.ask())
    assert isinstance(refused, StorageError)
    assert desk.written() == before


def test_a_lot_without_signature_is_told_and_the_status_is_1(desk: Desk) -> None:
    desk.p7s(2).unlink()
    result = desk.ask()
    assert result.return_value == 1
    text = spoken(result)
    assert "Sans réponse : lot 002 du praticien" in text
    assert "Aucun fichier .p7s n'accompagne le lot de rang 2" in text
    assert "3 factures" in text


def test_signatures_of_other_files_are_left_alone(desk: Desk, pki: Pki) -> None:
    (desk.folder / "autre-001.p7s").write_bytes(b"x")
    desk.p7s(1).rename(desk.folder / f"{desk.b2.stem}-1.p7s")
    assert desk.ask().return_value == 1


def test_a_real_flow_leaves_nothing_on_the_disk(desk: Desk) -> None:
    sound = desk.folder / "autre.b2"
    sound.write_bytes(desk.b2.read_bytes())
    desk.b2.write_bytes(damage(desk.b2.read_bytes(), 2, {"marque": " "}))
    refused = refusal(desk.ask(files=[sound, desk.b2]))
    assert isinstance(refused, UsageError)
    assert refused.code == "caisse.flux_reel"
    assert desk.written() == {}


def test_what_is_no_b2_is_unreadable(desk: Desk) -> None:
    refused = refusal(desk.ask(files=[desk.scenario]))
    assert isinstance(refused, UnreadableError)
    assert desk.written() == {}


def test_a_bad_scenario_says_where(desk: Desk) -> None:
    desk.scenario.write_text("[[reponse]]\nnumero = 1\namo = { etats = 1 }", encoding="utf-8")
    refused = refusal(desk.ask())
    assert refused.lieu == f"{desk.scenario}, reponse n° 1, amo"
    assert desk.written() == {}


def test_an_answer_that_no_file_needed_is_told(desk: Desk) -> None:
    desk.scenario.write_text("[[reponse]]\nnumero = 99\nsilence = true", encoding="utf-8")
    text = spoken(desk.ask())
    assert "caisse.scenario_inemploye" in text
    assert "facture 99" in text


def test_several_files_are_answered_each(desk: Desk, pki: Pki) -> None:
    second = lot(facture(6), entete=header(numero_lot=3))
    other = desk.folder / "00000000999999-000013.b2"
    other.write_bytes(b2_file(second, identifiant="000013"))
    (desk.folder / f"{other.stem}-001.p7s").write_bytes(sign(pki.signer, [second])[1])
    assert desk.ask(files=[desk.b2, other]).return_value == 0
    assert len(desk.written()) == 2


def test_json_says_the_same_without_personal_data(desk: Desk) -> None:
    desk.p7s(2).unlink()
    result = desk.ask("--format", "json")
    document: dict[str, Any] = json.loads(result.output)
    (fichier,) = document["fichiers"]
    (retour,) = fichier["retours"]
    (virement,) = retour["virements"]
    assert [one["numero"] for one in virement["factures"]] == [1, 2, 3]
    assert virement["factures"][1]["parts"][0] == {
        "partie": "AMO",
        "etat": "R",
        "montant_demande": 1855,
        "montant_rembourse": 0,
    }
    assert virement["montant"] == 1855 + 3 * 795
    assert fichier["refus"][0]["motifs"][0]["code"] == "signature.absente"
    assert fichier["sans_reponse"][0]["numero"] == 4
    assert "1234" not in result.output.replace("001234566", "")


MONTH = """
[[fichier]]
nom = "un"
reponse = [{ numero = 1 }]
[[fichier]]
repete = "un"
arrivee = 5
[[fichier]]
nom = "perdu"
perdu = true
forfait = [{ code = "ROSPM", montant = 500 }]
"""


def test_a_month_is_written_and_told(desk: Desk) -> None:
    desk.scenario.write_text(MONTH, encoding="utf-8")
    result = desk.ask()
    text = spoken(result)
    names = sorted(desk.written())
    assert [name[:15] for name in names] == ["019970000-" + names[0][10:15], "2025-03-20-001-", "2025-03-25-002-"]
    assert desk.written()[names[1]] == desk.written()[names[2]]
    assert "Fichiers du scénario : 3 fichiers" in text
    assert "(le même que « un »)" in text
    assert "perdu, non écrit : 2025-03-20-003-019970000-" in text
    assert "0 facture ; 1 forfait (5,00 €) ; 1 virement (5,00 €)" in text
    month = json.loads(desk.ask("--format", "json").output)["mois"]
    assert [(one["nom"], one["perdu"]) for one in month] == [("un", False), (None, False), ("perdu", True)]
    assert month[2]["virements"][0]["forfaits"] == [500]


def test_a_drawn_month_is_written_beside_and_played_again(desk: Desk) -> None:
    arguments = ["mois", str(desk.b2), "--graine", "4", "--sortie", str(desk.out), "--le", "2025-03-20"]
    rates = desk.folder / "taux.toml"
    rates.write_text("rejet = 0.5\n", encoding="utf-8")
    result = CliRunner().invoke(command, [*arguments, "--taux", str(rates)], standalone_mode=False)
    drawn = desk.folder / "retours-4.toml"
    assert f"Scénario tiré au sort : {drawn}" in spoken(result)
    before = desk.written()
    assert before
    desk.scenario = drawn
    assert desk.ask().return_value == 0
    assert desk.written() == before


def test_a_month_that_cannot_be_played_leaves_nothing(desk: Desk) -> None:
    """Its returns would arrive in 2080, which two digits do not tell."""
    arguments = ["mois", str(desk.b2), "--graine", "4", "--sortie", str(desk.out), "--le", "2079-12-31"]
    before = sorted(desk.folder.iterdir())
    assert refusal(CliRunner().invoke(command, arguments, standalone_mode=False)).code == "scenario.valeur"
    assert sorted(desk.folder.iterdir()) == before


@pytest.mark.parametrize("graine", ["-1", str(2**63)])
def test_a_seed_has_its_bounds(desk: Desk, graine: str) -> None:
    arguments = ["mois", str(desk.b2), "--graine", graine, "--sortie", str(desk.out)]
    assert CliRunner().invoke(command, arguments).exit_code == 2


def test_a_file_from_standard_input_has_no_signature_beside_it(desk: Desk) -> None:
    arguments = ["repondre", "-", "--sortie", str(desk.out), "--le", "2025-03-20"]
    result = CliRunner().invoke(command, arguments, input=desk.b2.read_bytes(), standalone_mode=False)
    assert result.return_value == 1
    assert desk.written() == {}


def test_without_a_scenario_all_is_paid(desk: Desk) -> None:
    arguments = ["repondre", str(desk.b2), "--sortie", str(desk.out), "--le", "2025-03-20"]
    result = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert "5 factures ; AMO : 5 payées (92,75 €)" in spoken(result)
