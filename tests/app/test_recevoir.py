"""Receiving: booked once whatever the wrapping, set aside whole or not at all, and every invoice in its right state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import FichierRecu
from fse.app.operations.states import rebuild
from fse.base.errors import UnreadableError
from fse.infra.journal.facts import fichiers_recus
from fse.norm.codec.noemie.building import build
from tests.app.emitted import (
    STATES,
    derived,
    emitted_practice,
    noe,
    receive,
    renamed,
    reordered,
    retour,
    rows,
    with_line_ends,
)

PAYE = {
    (1, "AMO"): ("payee", 2100, 2100),
    (1, "AMC"): ("payee", 900, 900),
    (2, "AMO"): ("payee", 2100, 2100),
    (2, "AMC"): ("rejetee", 900, 0),
    (3, "AMO"): ("payee_moins", 2800, 2100),
    (3, "AMC"): ("payee", 1200, 1200),
    (4, "AMO"): ("rejetee", 2100, 0),
    (4, "AMC"): ("sans_objet", 0, 0),
    (5, "AMO"): ("payee_moins", 2100, 1800),
    (5, "AMC"): ("payee", 900, 900),
    (6, "AMO"): ("sans_objet", 0, 0),
    (6, "AMC"): ("sans_objet", 0, 0),
}
"""State, asked, paid of each part, computed by hand from the scenario."""


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with emitted_practice(tmp_path / "cabinet") as opened:
        yield opened


def states(practice: Practice) -> dict[tuple[int, str], tuple[str, int, int]]:
    found = rows(practice, STATES)
    return {(row["numero"], row["partie"]): (row["etat"], row["demande"], row["paye"]) for row in found}


def archived(practice: Practice, one: FichierRecu) -> bytes | None:
    """The archived bytes of a logical file."""
    with practice.journal.reading() as reading:
        row = fichiers_recus.find_digest(reading, one.empreinte)
        assert row is not None
        return None if row.contenu_archive is None else reading.load(row.contenu_archive)


def test_each_part_is_in_its_state(practice: Practice) -> None:
    (one,) = receive(practice, noe())
    assert (one.verdict, len({part.numero for part in one.parts})) == ("recu", 5)
    assert states(practice) == PAYE
    assert archived(practice, one) == noe()


@pytest.mark.parametrize(
    "wrapped",
    [
        pytest.param([noe(), noe()], id="twice"),
        pytest.param([with_line_ends(noe())], id="CR/LF"),
        pytest.param([with_line_ends(noe(), b"\n"), noe()], id="LF, then plain"),
        pytest.param([b"\r\n" + noe() + b"\x1a"], id="with bytes around"),
        pytest.param([noe() + noe()], id="twice in one container"),
    ],
)
def test_booked_once_however_it_comes(practice: Practice, wrapped: list[bytes]) -> None:
    verdicts = [one.verdict for one in receive(practice, *wrapped)]
    assert verdicts[0] == "recu"
    assert set(verdicts[1:]) <= {"deja_recu"}
    assert states(practice) == PAYE


def test_concatenated_with_another_return_both_are_booked(practice: Practice) -> None:
    verdicts = [one.verdict for one in receive(practice, noe() + renamed("AUTRE1"))]
    assert verdicts == ["recu", "recu"]
    assert states(practice)[1, "AMO"] == ("payee_plus", 2100, 4200)


def test_another_order_of_its_invoices_gives_the_same_states(practice: Practice, tmp_path: Path) -> None:
    receive(practice, noe())
    with emitted_practice(tmp_path / "autre") as other:
        receive(other, reordered())
        assert rows(other, STATES) == rows(practice, STATES)


def test_the_same_identity_with_other_bytes_is_set_aside(practice: Practice) -> None:
    receive(practice, noe())
    before = derived(practice)
    (one,) = receive(practice, reordered())
    assert (one.verdict, one.motif) == ("ecarte", "reception.identite_reprise")
    assert derived(practice) == before
    assert archived(practice, one) == reordered()


DAMAGED = {
    "truncated": (noe()[:-128], "cadrage.fin_absente"),
    "cut in a record": (noe()[:300], "cadrage.tronque"),
    "a record of 127 bytes": (noe()[:255] + noe()[256:], "cadrage."),
}


@pytest.mark.parametrize("name", ["truncated", "cut in a record", "a record of 127 bytes"])
def test_a_damaged_file_is_archived_and_nothing_is_booked(practice: Practice, name: str) -> None:
    content, code = DAMAGED[name]
    before = derived(practice)
    (one,) = receive(practice, content)
    assert one.verdict == "ecarte"
    assert (one.motif or "").startswith(code.split(".")[0])
    assert derived(practice) == before
    assert archived(practice, one) == content


def test_only_the_damaged_file_of_a_container_is_set_aside(practice: Practice) -> None:
    verdicts = [one.verdict for one in receive(practice, renamed("ABIME1")[:-128] + noe())]
    assert verdicts == ["ecarte", "recu"]
    assert states(practice) == PAYE


def test_a_damaged_file_received_again_is_still_set_aside(practice: Practice) -> None:
    first, again = receive(practice, noe()[:-128], noe()[:-128])
    assert (again.verdict, again.motif) == (first.verdict, first.motif) == ("ecarte", "cadrage.fin_absente")


def test_after_a_damaged_file_the_sound_one_of_the_same_identity_is_booked(practice: Practice) -> None:
    assert [one.verdict for one in receive(practice, noe()[:-128], noe())] == ["ecarte", "recu"]
    assert states(practice) == PAYE


@pytest.mark.parametrize(
    ("marque", "code"), [(b"R", "reception.flux_reel"), (b" ", "reception.flux_reel"), (b"D", "reception.autre_marque")]
)
def test_a_flow_of_another_marking_is_set_aside_and_not_kept(practice: Practice, marque: bytes, code: str) -> None:
    content = bytearray(noe())
    content[70:71] = content[len(content) - 128 + 63 : len(content) - 128 + 64] = marque
    before = derived(practice)
    (one,) = receive(practice, bytes(content))
    assert (one.verdict, one.motif) == ("ecarte", code)
    assert derived(practice) == before
    assert archived(practice, one) is None


def test_asked_amounts_are_compared_with_the_sealed_invoice(practice: Practice) -> None:
    groupe = retour().groupes[0]
    kind = groupe.retours[0]
    first = kind.factures[0]
    part = replace(first.parts[0], montant_demande=first.parts[0].montant_demande + 1)
    changed = replace(kind, factures=(replace(first, parts=(part, *first.parts[1:])), *kind.factures[1:]))
    (one,) = receive(practice, build(replace(retour(), groupes=(replace(groupe, retours=(changed,)),))))
    assert one.verdict == "recu"
    assert [found.code for found in one.constats if found.code.startswith("reception")] == ["reception.ecart_demande"]


def test_a_line_of_an_unknown_invoice_ends_in_a_residue(practice: Practice) -> None:
    groupe = retour().groupes[0]
    kind = groupe.retours[0]
    lost = replace(kind, factures=(replace(kind.factures[0], numero_facture=999), *kind.factures[1:]))
    (one,) = receive(practice, build(replace(retour(), groupes=(replace(groupe, retours=(lost,)),))))
    assert "reception.residu" in {found.code for found in one.constats}
    assert [(row["numero"], row["nature"]) for row in rows(practice, "SELECT * FROM residu")] == [
        (999, "facture_inconnue")
    ]


def test_a_second_answer_that_takes_back_is_noticed(practice: Practice) -> None:
    receive(practice, noe())
    groupe = retour().groupes[0]
    kind = groupe.retours[0]
    first = kind.factures[0]
    back = tuple(replace(part, montant_rembourse=-part.montant_rembourse) for part in first.parts)
    rappel = replace(kind, code_retour="04", factures=(replace(first, parts=back),))
    content = build(replace(retour(), identifiant_fichier="RAPPEL", groupes=(replace(groupe, retours=(rappel,)),)))
    (one,) = receive(practice, content)
    assert "reception.etat_degrade" in {found.code for found in one.constats}
    assert states(practice)[1, "AMO"][2] == 0


def test_incremental_is_what_a_full_rebuild_gives(practice: Practice) -> None:
    receive(practice, noe(), renamed("AUTRE1"), renamed("AUTRE2"), reordered())
    incremental = derived(practice)
    with practice.journal.transaction(now()) as transaction:
        for table in ("appariement", "residu", "etat_part", "etat_facture", "ecart_demande"):
            transaction.connection.exec_driver_sql(f"DELETE FROM {table}")
        rebuild(transaction)
    assert derived(practice) == incremental


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%\xe2\xe3", b"a" * 5000])
def test_what_is_not_ours_is_one_typed_error(practice: Practice, content: bytes) -> None:
    with pytest.raises(UnreadableError):
        receive(practice, content)


def test_a_sent_file_is_not_a_return(practice: Practice) -> None:
    (path,) = practice.cabinet.folder.joinpath("envoi").glob("*.b2")
    (one,) = receive(practice, path.read_bytes())
    assert one.verdict == "pas_un_retour"
    assert rows(practice, "SELECT * FROM fichier_recu") == []


def test_a_return_line_is_known_by_the_digest_of_its_logical_file(practice: Practice) -> None:
    (one,) = receive(practice, with_line_ends(noe()))
    assert one.empreinte == hashlib.sha256(noe()).hexdigest()
