"""Receiving what answers no invoice: lump sums and withholdings are booked and told; so is the older generation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fse.app.cli.recevoir import print_received
from fse.app.cli.suivi import print_suivi
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import FichierRecu
from fse.app.operations.states import answer, ask_files
from fse.app.operations.suivi import suivi
from fse.base.money import format_euros
from fse.norm.codec.noemie.building import build
from fse.norm.model import DetailForfait, ForfaitRetour, MouvementRetour, TypeRetour
from tests.app.emitted import emitted_practice, noe, receive, reordered, retour, rows
from tests.findings.cas_reception import older_generation

WITHHELD = MouvementRetour(
    reference_creance="IND0000042",
    date_creance=date(2026, 9, 1),
    nature_creance="IND",
    operation="RPR",
    montant=5000,
    solde=12000,
)
ROSP = ForfaitRetour(
    code_paiement="ROSP1", montant=30000, details=(DetailForfait(libelle="INDICATEURS", montant=30000),)
)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with emitted_practice(tmp_path / "cabinet") as opened:
        yield opened


def with_movements(*kinds: TypeRetour) -> bytes:
    """The answer of the caisse, with other kinds of return under the same transfer."""
    (groupe,) = retour().groupes
    return build(replace(retour(), groupes=(replace(groupe, retours=(*groupe.retours, *kinds)),)))


def kind(code: str, *forfaits: ForfaitRetour, mouvements: tuple[MouvementRetour, ...] = ()) -> TypeRetour:
    place = retour().groupes[0].beneficiaire_reglement
    return TypeRetour(code_retour=code, lieu_execution=place, forfaits=forfaits, mouvements=mouvements)


def controls(practice: Practice, one: FichierRecu) -> list[dict[str, object]]:
    with practice.journal.reading() as reading:
        ask_files(reading, [one.empreinte])
        return answer(reading, "controle_virement")


PAID = sum(part.montant_rembourse for facture in retour().groupes[0].retours[0].factures for part in facture.parts)


def test_a_withholding_and_a_lump_sum_are_booked_with_their_transfer(practice: Practice) -> None:
    (one,) = receive(practice, with_movements(kind("03", ROSP), kind("05", mouvements=(WITHHELD,))))
    assert one.verdict == "recu"
    (control,) = controls(practice, one)
    expected = {"montant": PAID + 25000, "parts": PAID, "forfaits": 30000, "retenues": 5000, "ecart": 0, "reste": 0}
    assert {name: control[name] for name in expected} == expected
    (stored,) = rows(practice, "SELECT reference_creance, operation, montant, solde FROM noemie_250")
    assert stored == {"reference_creance": "IND0000042", "operation": "RPR", "montant": 5000, "solde": 12000}


def test_no_state_of_an_invoice_depends_on_what_is_withheld(practice: Practice, tmp_path: Path) -> None:
    receive(practice, with_movements(kind("05", mouvements=(WITHHELD,))))
    with emitted_practice(tmp_path / "autre") as other:
        receive(other, noe())
        states = "SELECT numero, partie, etat, paye FROM etat_part ORDER BY numero, partie"
        assert rows(practice, states) == rows(other, states)


def test_withholdings_alone_make_a_negative_transfer_that_is_booked(practice: Practice) -> None:
    (groupe,) = retour().groupes
    alone = replace(groupe, retours=(kind("05", mouvements=(WITHHELD,)),))
    (one,) = receive(practice, build(replace(retour(), identifiant_fichier="RETENU", groupes=(alone,))))
    assert (one.verdict, one.parts) == ("recu", ())
    (transfer,) = one.virements
    assert transfer.montant == -5000
    (control,) = controls(practice, one)
    assert (control["montant"], control["parts"], control["retenues"], control["ecart"]) == (-5000, 0, 5000, 0)


def test_each_movement_is_one_plain_french_line(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    given_back = replace(WITHHELD, montant=-1000, solde=13000, nature_creance="ZZZ")
    recorded = replace(WITHHELD, operation="CIN", montant=9000, solde=9000, nature_creance=None)
    movements = (WITHHELD, given_back, recorded)
    (one,) = receive(practice, with_movements(kind("03", ROSP), kind("05", mouvements=movements)))
    print_received(one)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    total = format_euros(PAID + 30000 - 5000 + 1000)
    start = next(place for place, line in enumerate(lines) if line.startswith("virement"))
    due = [f"reste dû {format_euros(amount)})" for amount in (12000, 13000, 9000)]
    assert lines[start : start + 5] == [
        f"virement du 08/10/2026, {one.virements[0].libelles[0]} / {one.virements[0].libelles[1]} : {total}",
        f"dont {format_euros(30000)} de forfait ou de paiement ponctuel (code ROSP1, 1 détail)",
        f"dont {format_euros(5000)} retenus (créance IND0000042, Indu sur prestations ; {due[0]}",
        f"dont {format_euros(1000)} rendus après une retenue (créance IND0000042, ZZZ ; {due[1]}",
        f"pour information, {format_euros(9000)} : Premier enregistrement de la créance (créance IND0000042 ; {due[2]}",
    ]


def test_a_transfer_of_invoices_only_prints_no_more_than_its_invoices(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    (one,) = receive(practice, noe())
    print_received(one)
    assert "virement" not in capsys.readouterr().out
    assert [transfer.montant for transfer in one.virements] == [PAID]


def test_the_older_generation_is_matched_too(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = receive(practice, older_generation())
    assert (one.verdict, one.motif) == ("recu", None)
    (part,) = one.parts
    assert (part.numero, part.partie, part.etat, part.demande, part.paye) == (1, "AMO", "R", None, 0)
    assert rows(practice, "SELECT etat FROM etat_part WHERE numero = 1 AND partie = 'AMO'") == [{"etat": "rejetee"}]
    print_received(one)
    assert f"facture 000000001 : AMO rejetée ({format_euros(0)})" in capsys.readouterr().out


def test_the_worklist_shows_what_makes_a_transfer(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    receive(practice, with_movements(kind("03", ROSP), kind("05", mouvements=(WITHHELD,))))
    followed = suivi(practice, le=date(2026, 10, 9))
    (virement,) = followed.virements
    shares = virement.rapproche + virement.residu + virement.forfaits - virement.retenues
    assert virement.montant == shares == PAID + 25000
    print_suivi(followed)
    assert f"forfaits : {format_euros(30000)}, retenu : {format_euros(5000)}" in capsys.readouterr().out


def test_a_return_set_aside_stays_in_the_worklist(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    receive(practice, noe(), reordered())
    (one,) = suivi(practice, le=date(2026, 10, 9)).ecartes
    assert (one.motif, one.action != "") == ("reception.identite_reprise", True)
    print_suivi(suivi(practice, le=date(2026, 10, 9)))
    assert "retour mis de côté, rien n'en est compté" in capsys.readouterr().out


def test_what_is_paid_twice_never_hides_what_is_due(practice: Practice) -> None:
    receive(practice, noe())
    before = suivi(practice, le=date(2026, 10, 9)).bilan
    again = replace(retour(), identifiant_fichier="AUTRE1")
    receive(practice, build(again))
    after = suivi(practice, le=date(2026, 10, 9)).bilan
    assert after.paye == 2 * before.paye > 0
    assert after.demande == before.demande
    assert after.reste - after.trop_paye == after.demande - after.paye
    assert after.trop_paye > 0
    assert after.reste > after.demande - after.paye
