"""Lots that get no answer, and why: not whole, wrong seals, wrong or missing signatures; their neighbours get one."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from fse.app.caisse.repondre import repondre
from fse.base.errors import UsageError
from fse.domain.signature import verification
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.trial_pki import create_test_key
from fse.norm.codec.b2.building import cut_records
from tests.app.caisse.world import (
    ANNE,
    ANSWERDAY,
    NOBODY,
    PAUL,
    Pki,
    answers,
    ask,
    b2_file,
    codes,
    damage,
    facture,
    header,
    line,
    lot,
    refused_for,
    sign,
)


def test_a_lot_whose_signature_is_of_another_gets_no_answer(pki: Pki) -> None:
    lots = [lot(facture(1)), lot(facture(2), entete=header(numero_lot=2))]
    signatures = sign(pki.signer, lots)
    reponse = repondre(b2_file(*lots), signatures | {2: signatures[1]}, NOBODY, ANSWERDAY, [pki.anchor])
    assert list(answers(reponse)) == [1]
    (refus,) = reponse.refus
    assert (refus.ordinal, refus.prestataire, refus.numero_lot, refus.factures) == (2, ANNE, 2, 1)
    (motif,) = refus.motifs
    assert motif.code == "signature.invalide"
    assert "Le lot n'est pas celui qui a été signé" in motif.message


@pytest.mark.parametrize(
    ("cms", "code"), [(None, "signature.absente"), (b"", "signature.invalide"), (b"0\x80", "signature.invalide")]
)
def test_a_lot_without_a_sound_signature_gets_no_answer(cms: bytes | None, code: str) -> None:
    signatures = {} if cms is None else {1: cms}
    reponse = repondre(b2_file(lot(facture(1))), signatures, NOBODY, ANSWERDAY)
    assert (reponse.fichiers, refused_for(reponse)) == ((), {1: {code}})


def test_a_lot_signed_by_a_stranger_gets_no_answer(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> None:
    created = create_test_key(tmp_path_factory.mktemp("other"), "secret", "INCONNU", PAUL, datetime.now(UTC))
    stranger = open_pkcs12(created.praticien, "secret")
    content = lot(facture(1))
    reponse = repondre(b2_file(content), sign(stranger, [content]), NOBODY, ANSWERDAY, [pki.anchor])
    assert (reponse.fichiers, refused_for(reponse)) == ((), {1: {"signature.non_prouvee"}})


def test_without_an_anchor_an_intact_lot_is_answered_and_the_doubt_said(pki: Pki) -> None:
    content = lot(facture(1))
    reponse = repondre(b2_file(content), sign(pki.signer, [content]), NOBODY, ANSWERDAY)
    assert list(answers(reponse)) == [1]
    assert codes(reponse.constats) == ["signature.sans_ancre"]


def test_without_the_extra_the_lot_is_answered_and_the_gap_said(monkeypatch: pytest.MonkeyPatch, pki: Pki) -> None:
    def absent(module: str, *, extra: str) -> None:
        raise UsageError("installation.extra_absent", "Absent.", action="Installer.")

    content = lot(facture(1))
    signatures = sign(pki.signer, [content])
    monkeypatch.setattr(verification, "require", absent)
    reponse = repondre(b2_file(content), signatures, NOBODY, ANSWERDAY, [pki.anchor])
    assert list(answers(reponse)) == [1]
    assert codes(reponse.constats) == ["signature.non_verifiee"]


def test_a_change_after_the_seal_is_located_and_the_lot_gets_no_answer(pki: Pki) -> None:
    content = lot(facture(1), facture(2))
    damaged = damage(content, 5, {"montant_amo": "0009999"})  # the line of the invoice 2
    reponse = repondre(b2_file(damaged), sign(pki.signer, [content]), NOBODY, ANSWERDAY, [pki.anchor])
    assert refused_for(reponse) == {1: {"caisse.sceau_facture", "signature.invalide"}}
    (named,) = [one.message for one in reponse.refus[0].motifs if one.code == "caisse.sceau_facture"]
    assert "facture 2 " in named


def test_a_lot_changed_and_sealed_again_is_caught_by_its_signature_only(pki: Pki) -> None:
    content, forged = lot(facture(1)), lot(facture(1, line(9855, 795)))
    reponse = repondre(b2_file(forged), sign(pki.signer, [content]), NOBODY, ANSWERDAY, [pki.anchor])
    assert refused_for(reponse) == {1: {"signature.invalide"}}


def test_a_wrong_seal_of_the_lot_gets_no_answer_even_well_signed(pki: Pki) -> None:
    content = damage(lot(facture(1)), 0, {"nom_prestataire": "AUTRE".ljust(40)})
    assert refused_for(ask(pki, content)) == {1: {"caisse.sceau_lot"}}


@pytest.mark.parametrize(("certification", "answered"), [(" ", True), ("S", False)])
def test_only_a_plain_lot_may_be_without_seals(pki: Pki, certification: str, answered: bool) -> None:
    blank = {"certification": " " * 32}
    content = damage(damage(lot(facture(1)), 3, blank), 4, blank)
    content = damage(content, 0, {"certification": certification})
    reponse = ask(pki, content)
    assert bool(reponse.fichiers) is answered
    assert refused_for(reponse) == ({} if answered else {1: {"caisse.sceau_facture", "caisse.sceau_lot"}})


def dropped(content: bytes, index: int) -> bytes:
    rows = cut_records(content)
    del rows[index]
    return b"".join(rows)


BROKEN: Mapping[str, tuple[Callable[[bytes], bytes], str]] = {
    "counts of the lot": (lambda content: damage(content, -1, {"nombre_factures": "003"}), "b2.nombre_lot"),
    "sums of the lot": (lambda content: damage(content, -1, {"total_amo": "000000001"}), "b2.somme_lot"),
    "lot and its end": (lambda content: damage(content, -1, {"numero_lot": "002"}), "b2.lot_discordant"),
    "no lot number": (
        lambda content: damage(damage(content, -1, {"numero_lot": "000"}), 0, {"numero_lot": "000"}),
        "caisse.entete_illisible",
    ),
    "no record 5": (lambda content: dropped(content, 3), "caisse.lot_incomplet"),
    "no record 2": (lambda content: dropped(content, 1), "caisse.lot_incomplet"),
    "no record 4": (lambda content: dropped(content, 2), "caisse.lot_incomplet"),
    "a record that is nothing": (lambda content: content[:256] + b"Z" + content[257:], "caisse.lot_incomplet"),
}


@pytest.mark.parametrize(("breaks", "code"), BROKEN.values(), ids=BROKEN)
def test_a_lot_that_is_not_whole_gets_no_answer_even_well_signed(
    pki: Pki, breaks: Callable[[bytes], bytes], code: str
) -> None:
    other = lot(facture(3), entete=header(numero_lot=7))
    broken = breaks(lot(facture(1), facture(2)))
    whole = b2_file(other, broken)
    reponse = repondre(whole, sign(pki.signer, [other, broken]), NOBODY, ANSWERDAY, [pki.anchor])
    assert code in refused_for(reponse)[2]
    assert list(answers(reponse)) == [3]


@pytest.mark.parametrize("index", [0, -1], ids=["no header", "no trailer"])
def test_a_lot_without_an_edge_gets_no_answer(pki: Pki, index: int) -> None:
    """The file still says that it has this lot, and its records are those counted: only the lot does not hold."""
    content = dropped(lot(facture(1)), index)
    data = damage(b2_file(content), -1, {"nombre_lots": "000" if index == 0 else "001"})
    reponse = repondre(data, sign(pki.signer, [content]), NOBODY, ANSWERDAY, [pki.anchor])
    assert reponse.fichiers == ()
    assert [one.ordinal for one in reponse.refus] == [1]
