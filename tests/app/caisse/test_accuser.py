"""What the simulated caisse acknowledges: each lot as it deserves, or as the scenario wants; the oracle reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fse.app.caisse.accuser import Accusation, Envoi, accuser
from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import read_scenario
from fse.app.cli.caisse import command
from fse.base.errors import UsageError
from tests.app.cabinet import signer as other_signer
from tests.app.caisse.world import (
    ANNE,
    ANSWERDAY,
    CABINET,
    LOTDAY,
    NOBODY,
    PAUL,
    Pki,
    answered_numbers,
    b2_file,
    change,
    damage,
    facture,
    header,
    lot,
    refused_for,
    sign,
)
from tests.oracles import arl_oracle

ONE = lot(facture(1))
TWO = lot(facture(2), entete=header(numero_lot=2))


def ask_accuse(
    pki: Pki,
    *lots: bytes,
    scenario: str = "",
    le: date = ANSWERDAY,
    signatures: Mapping[int, bytes] | None = None,
    data: bytes | None = None,
    recus: frozenset[tuple[str, int, date]] = frozenset(),
) -> Accusation:
    signed = sign(pki.signer, lots) if signatures is None else signatures
    envoi = Envoi(b2_file(*lots) if data is None else data, signed)
    (one,) = accuser([envoi], read_scenario(scenario.encode()), le, [pki.anchor], recus)
    return one


def said(one: Accusation) -> list[tuple[int, str, str]]:
    """Number, sense and cause of each lot of the ARL, by the oracle."""
    assert one.fichier is not None
    assert arl_oracle.wrong_counts(one.fichier.contenu) == []
    (rows,) = arl_oracle.logical_files(one.fichier.contenu)
    texts = [arl_oracle.cut(row) for row in rows[1:-1]]
    return [(int(each["numero_lot"]), each["sens"], each["cause"].strip()) for each in texts]


# --- what a lot deserves ---------------------------------------------------------------------------------------------


def test_a_sound_file_is_acknowledged_lot_by_lot(pki: Pki) -> None:
    one = ask_accuse(pki, ONE, TWO)
    assert said(one) == [(1, "P", ""), (2, "P", "")]
    assert one.fichier is not None
    ((head, first, *_),) = arl_oracle.logical_files(one.fichier.contenu)
    texts = arl_oracle.cut(head)
    assert (texts["type_emetteur"], texts["numero_emetteur"].strip()) == ("CT", "997")
    assert (texts["type_destinataire"], texts["numero_destinataire"]) == ("TP", CABINET)
    assert (texts["date_creation"], texts["marque"]) == ("250320", "T")
    lot_said = arl_oracle.cut(first)
    assert (lot_said["prestataire"], lot_said["date_lot"], lot_said["fichier_accuse"]) == (ANNE, "250311", "000012")
    assert (lot_said["organisme_destinataire"], lot_said["date_accuse"]) == ("997", "250320")
    assert one.fichier.nom == f"997-{texts['identifiant_fichier']}.arl"


def test_the_same_arguments_give_the_same_bytes_and_another_day_another_file(pki: Pki) -> None:
    signatures = sign(pki.signer, [ONE])
    first, again, later = (
        ask_accuse(pki, ONE, signatures=signatures, le=le) for le in (ANSWERDAY, ANSWERDAY, date(2025, 3, 21))
    )
    assert first.fichier == again.fichier
    assert first.fichier is not None
    assert later.fichier is not None
    assert first.fichier.nom != later.fichier.nom


CUT_INVOICE = ONE[:256] + ONE[384:]
WRONG_TOTALS = damage(ONE, -1, {"nombre_factures": "009"})
UNSEALED = damage(ONE, 2, {"taux": "071"})


def test_what_is_wrong_gives_its_cause(pki: Pki) -> None:
    """A lot altered behind its signature travelled badly; one that was signed as it stands was made badly."""
    late = lot(facture(1), entete=replace(header(), date_lot=date(2025, 4, 1)))
    stranger = {1: sign(other_signer(), [ONE])[1]}
    cases: dict[str, Accusation] = {
        "9950": ask_accuse(pki, signatures=sign(pki.signer, [ONE]), data=b2_file(UNSEALED)),
        "9960": ask_accuse(pki, ONE, signatures={}),
        "9961": ask_accuse(pki, ONE, signatures=stranger),
        "9970": ask_accuse(pki, UNSEALED),
        "9971": ask_accuse(pki, CUT_INVOICE),
        "9980": ask_accuse(pki, late),
        "9951": ask_accuse(pki, ONE, data=b2_file(ONE)[:-128]),
        "9985": ask_accuse(pki, ONE, recus=frozenset({(ANNE, 1, LOTDAY)})),
    }
    assert {cause: said(one) for cause, one in cases.items()} == {cause: [(1, "N", cause)] for cause in cases}


def test_wrong_counts_of_a_lot_are_told(pki: Pki) -> None:
    assert said(ask_accuse(pki, WRONG_TOTALS)) == [(1, "N", "9970")]


def test_a_late_lot_is_received_when_its_day_has_come(pki: Pki) -> None:
    on_its_day = lot(facture(1), entete=replace(header(), date_lot=ANSWERDAY))
    assert said(ask_accuse(pki, on_its_day)) == [(1, "P", "")]


def test_only_the_lot_at_fault_is_refused(pki: Pki) -> None:
    signatures = sign(pki.signer, [ONE, TWO])
    one = ask_accuse(pki, data=b2_file(ONE, damage(TWO, 2, {"taux": "071"})), signatures=signatures)
    assert said(one) == [(1, "P", ""), (2, "N", "9950")]


def test_a_degraded_lot_has_no_acknowledgement(pki: Pki) -> None:
    degraded = lot(facture(2), entete=header(numero_lot=2, certification="D"))
    assert said(ask_accuse(pki, ONE, degraded)) == [(1, "P", "")]
    alone = ask_accuse(pki, degraded)
    assert alone.fichier is None
    assert [one.muet for one in alone.lots] == ["un lot dégradé n'attend pas d'accusé"]


def test_a_lot_that_cannot_be_named_is_told_and_not_acknowledged(pki: Pki) -> None:
    unnamed = change(ONE[:128], {"numero_lot": "0?1"}) + ONE[128:]
    one = ask_accuse(pki, data=b2_file(unnamed), signatures={})
    assert one.fichier is None
    assert [(each.cle, each.sens) for each in one.lots] == [(None, "")]
    nobody = ask_accuse(pki, data=damage(b2_file(ONE), 0, {"numero_emetteur": " " * 14}), signatures={})
    assert nobody.fichier is None


def test_a_lot_that_stands_in_two_files_is_there_already(pki: Pki) -> None:
    envois = [Envoi(b2_file(ONE, identifiant=one), sign(pki.signer, [ONE])) for one in ("000012", "000013")]
    first, second = accuser(envois, NOBODY, ANSWERDAY, [pki.anchor])
    assert (said(first), said(second)) == ([(1, "P", "")], [(1, "N", "9985")])


def test_a_lot_refused_and_sent_again_is_judged_anew(pki: Pki) -> None:
    damaged = Envoi(b2_file(UNSEALED, identifiant="000012"), sign(pki.signer, [ONE]))
    again = Envoi(b2_file(ONE, identifiant="000013"), sign(pki.signer, [ONE]))
    assert [said(one) for one in accuser([damaged, again], NOBODY, ANSWERDAY, [pki.anchor])] == [
        [(1, "N", "9950")],
        [(1, "P", "")],
    ]


def test_a_real_flow_is_not_acknowledged(pki: Pki) -> None:
    real = b2_file(lot(change(ONE[128:256], {"marque": " "}) + ONE[256:-128]))
    with pytest.raises(UsageError):
        ask_accuse(pki, data=real, signatures={})


# --- what the scenario wants -----------------------------------------------------------------------------------------


def test_the_scenario_refuses_names_and_loses(pki: Pki) -> None:
    scenario = """
[[accuse]]
lot = 1
sens = "N"
cause = "9990"
facture = 1

[[accuse]]
lot = 2
perdu = true
"""
    one = ask_accuse(pki, ONE, TWO, scenario=scenario)
    assert said(one) == [(1, "N", "9990")]
    assert one.fichier is not None
    assert arl_oracle.cut(arl_oracle.logical_files(one.fichier.contenu)[0][1])["numero_facture"] == "000000001"
    assert [(each.sens, bool(each.muet)) for each in one.lots] == [("N", False), ("P", True)]


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ("", {1}),
        (f'prestataire = "{ANNE}"', {1}),
        (f'prestataire = "{PAUL}"', set()),
        ('fichier = "000012"', {1}),
        ('fichier = "000013"', set()),
    ],
)
def test_the_scenario_chooses_its_lot(pki: Pki, more: str, refused: set[int]) -> None:
    one = ask_accuse(pki, ONE, TWO, scenario=f'[[accuse]]\nlot = 1\nsens = "N"\n{more}')
    assert {number for number, sens, _ in said(one) if sens == "N"} == refused


def test_what_says_more_of_the_lot_counts_first(pki: Pki) -> None:
    """Refused once, in the first file only: the way a resend succeeds."""
    scenario = '[[accuse]]\nlot = 1\nsens = "P"\n[[accuse]]\nlot = 1\nfichier = "000012"\nsens = "N"\ncause = "9950"'
    assert said(ask_accuse(pki, ONE, scenario=scenario)) == [(1, "N", "9950")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lot = 1", "scenario.cle_absente"),
        ('sens = "N"', "scenario.cle_absente"),
        ("lot = 0\nperdu = true", "scenario.valeur"),
        ('lot = 1\nsens = "X"', "scenario.valeur"),
        ('lot = 1\nsens = "N"\ncause = "0042"', "scenario.valeur"),
        ('lot = 1\nsens = "P"\ncause = "9950"', "scenario.valeur"),
        ('lot = 1\nsens = "P"\nfacture = 1', "scenario.valeur"),
        ('lot = 1\nsens = "N"\nfichier = "12"', "scenario.valeur"),
        ('lot = 1\nsens = "N"\nnumero = 3', "scenario.cle_inconnue"),
        ('lot = 1\nperdu = true\n[[accuse]]\nlot = 1\nsens = "N"', "scenario.double"),
    ],
)
def test_a_scenario_that_means_nothing_is_refused(text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_scenario(f"[[accuse]]\n{text}".encode())
    assert caught.value.code == code
    assert "accuse n° " in caught.value.lieu


# --- with the returns ------------------------------------------------------------------------------------------------


def test_a_lot_that_is_refused_gets_no_return(pki: Pki) -> None:
    scenario = read_scenario(b'[[accuse]]\nlot = 1\nsens = "N"\n[[accuse]]\nlot = 2\nperdu = true')
    reponse = repondre(b2_file(ONE, TWO), sign(pki.signer, [ONE, TWO]), scenario, ANSWERDAY, [pki.anchor])
    assert refused_for(reponse) == {1: {"caisse.lot_refuse"}}
    assert answered_numbers(reponse) == {2}, "a lost acknowledgement changes nothing to the payment"


# --- on a disk -------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, pki: Pki) -> Path:
    (tmp_path / "a.b2").write_bytes(b2_file(ONE, TWO))
    for rank, cms in sign(pki.signer, [ONE, TWO]).items():
        (tmp_path / f"a-{rank:03d}.p7s").write_bytes(cms)
    (tmp_path / "ancre.pem").write_bytes(pki.anchor)
    return tmp_path


def run(desk: Path, *more: str) -> Any:
    options = ["--sortie", str(desk / "retours"), "--ancre", str(desk / "ancre.pem"), "--le", "2025-03-20"]
    return CliRunner().invoke(command, ["accuser", str(desk / "a.b2"), *options, *more], standalone_mode=False)


def test_the_command_writes_the_file_and_tells_it_in_french(desk: Path) -> None:
    result = run(desk)
    assert result.return_value == 0, result.output
    (written,) = (desk / "retours").iterdir()
    assert written.name.endswith(".arl")
    assert result.output.splitlines() == [
        "a.b2 : 2 lots à la caisse simulée",
        f"  {written}",
        f"  lot 001 du 11/03/2025, praticien {ANNE}, 1 facture : accusé positif",
        f"  lot 002 du 11/03/2025, praticien {ANNE}, 1 facture : accusé positif",
    ]
    before = written.read_bytes()
    assert run(desk).return_value == 0
    assert written.read_bytes() == before


def test_the_command_tells_what_is_refused_lost_or_mistyped(desk: Path) -> None:
    scenario = desk / "s.toml"
    lost = "".join(f"[[accuse]]\nlot = {number}\nperdu = true\n" for number in (2, 9))
    scenario.write_text(f'[[accuse]]\nlot = 1\nsens = "N"\n{lost}')
    result = run(desk, "--scenario", str(scenario))
    assert result.return_value == 1
    assert "accusé négatif, cause 9940 (fictif) Lot refusé à la demande du scénario" in result.output
    assert "accusé positif (accusé perdu, à la demande du scénario)" in result.output
    assert "caisse.accuse_inemploye" in result.output
    told = json.loads(run(desk, "--scenario", str(scenario), "--format", "json").output)
    assert [(one["numero_lot"], one["sens"], one["cause"]) for one in told["fichiers"][0]["lots"]] == [
        (1, "N", "9940"),
        (2, "P", ""),
    ]
    assert [one["code"] for one in told["scenario"]] == ["caisse.accuse_inemploye"]
