"""What the caisse does not answer, and why: real flows, files and lots that do not hold, invoices that are unsound."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fse.app.caisse.repondre import Reponse, repondre
from fse.app.caisse.scenario import Scenario, read_scenario
from fse.base.errors import FseError, UnreadableError, UsageError
from fse.domain.signature import verification
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.test_pki import create_test_key
from fse.norm.codec.b2.building import cut_records
from fse.norm.model import Facture
from tests.app.caisse.world import (
    ANNE,
    ANSWERDAY,
    PAUL,
    Pki,
    answers,
    ask,
    b2_file,
    codes,
    damage,
    facture,
    freeze,
    header,
    line,
    lot,
    sign,
)

NOBODY = Scenario()


def refused_for(reponse: Reponse) -> dict[int, set[str]]:
    return {one.ordinal: set(codes(one.motifs)) for one in reponse.refus}


# --- what is no flow of test or demo ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "marque", "code"),
    [
        (2, " ", "caisse.flux_reel"),
        (2, "R", "caisse.flux_reel"),
        (2, "X", "caisse.flux_reel"),
        (8, " ", "caisse.flux_reel"),
        (8, "R", "caisse.flux_reel"),
        (2, "D", "caisse.marques_melees"),
        (8, "D", "caisse.marques_melees"),
    ],
)
def test_one_record_that_is_not_marked_refuses_the_flow(pki: Pki, index: int, marque: str, code: str) -> None:
    content = lot(facture(1), facture(2))
    data = damage(b2_file(content), index, {"marque": marque})
    with pytest.raises(UsageError) as refused:
        repondre(data, sign(pki.signer, [content]), NOBODY, ANSWERDAY, [pki.anchor])
    assert refused.value.code == code


def test_a_file_without_any_marked_record_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        repondre(b2_file(), {}, NOBODY, ANSWERDAY)
    assert refused.value.code == "caisse.flux_reel"


def establishment(data: bytes) -> bytes:
    """The same bytes, said to be of the CP norm, which no edition of ours reads."""
    return data[:61] + b"CP  " + data[65:]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda data: b"", "lecture.pas_a_nous"),
        (lambda data: b"%PDF-1.7 " + b"x" * 500, "lecture.pas_a_nous"),
        (establishment, "caisse.pas_un_b2"),
    ],
    ids=["empty", "PDF", "CP norm"],
)
def test_what_is_no_b2_is_unreadable(make: Callable[[bytes], bytes], code: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        repondre(make(b2_file(lot(facture(1)))), {}, NOBODY, ANSWERDAY)
    assert refused.value.code == code


def test_a_return_is_not_answered(pki: Pki) -> None:
    (fichier,) = ask(pki, lot(facture(1))).fichiers
    with pytest.raises(UnreadableError) as refused:
        repondre(fichier.contenu, {}, NOBODY, ANSWERDAY)
    assert refused.value.code == "caisse.pas_un_b2"


def test_two_files_are_not_answered_at_once() -> None:
    data = b2_file(lot(facture(1)))
    with pytest.raises(UsageError) as refused:
        repondre(data + data, {}, NOBODY, ANSWERDAY)
    assert refused.value.code == "caisse.plusieurs_fichiers"


# --- lots that do not hold -------------------------------------------------------------------------------------------


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
    created = create_test_key(tmp_path_factory.mktemp("other"), "secret", "INCONNU", PAUL, _now())
    stranger = open_pkcs12(created.praticien, "secret")
    content = lot(facture(1))
    reponse = repondre(b2_file(content), sign(stranger, [content]), NOBODY, ANSWERDAY, [pki.anchor])
    assert (reponse.fichiers, refused_for(reponse)) == ((), {1: {"signature.non_prouvee"}})


def _now() -> "object":
    from datetime import UTC, datetime

    return datetime.now(UTC)


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
    return b"".join([*rows[:index], *rows[index + 1 :]])


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


FILES: Mapping[str, tuple[Callable[[bytes], bytes], str]] = {
    "a record is missing": (lambda data: damage(data, -1, {"nombre_enregistrements": "00000999"}), "b2.nombre_fichier"),
    "no end": (lambda data: data[:-128], "cadrage.fin_absente"),
    "cut": (lambda data: data[:-28], "cadrage.tronque"),
    "cut in a lot": (lambda data: data[: 128 * 3 + 5], "cadrage.tronque"),
    "no sender": (lambda data: damage(data, 0, {"numero_emetteur": " " * 14}), "caisse.entete_illisible"),
    "no file id": (lambda data: damage(data, 0, {"identifiant_fichier": " " * 6}), "caisse.entete_illisible"),
}


@pytest.mark.parametrize(("breaks", "code"), FILES.values(), ids=FILES)
def test_a_file_that_does_not_hold_has_no_answer_at_all(pki: Pki, breaks: Callable[[bytes], bytes], code: str) -> None:
    lots = [lot(facture(1)), lot(facture(2), entete=header(numero_lot=2))]
    reponse = repondre(breaks(b2_file(*lots)), sign(pki.signer, lots), NOBODY, ANSWERDAY, [pki.anchor])
    assert reponse.fichiers == ()
    assert [one.ordinal for one in reponse.refus] == [1, 2]
    assert all(code in motifs for motifs in refused_for(reponse).values())


def test_line_ends_added_on_the_way_are_harmless(pki: Pki) -> None:
    content = lot(facture(1))
    data = b"\r\n".join(cut_records(b2_file(content)))
    reponse = repondre(data, sign(pki.signer, [content]), NOBODY, ANSWERDAY, [pki.anchor])
    assert (list(answers(reponse)), reponse.refus) == ([1], ())


# --- invoices that are unsound in a lot that holds -------------------------------------------------------------------


def wrong(numero: int, index: int, **texts: str) -> bytes:
    """An invoice wrong from its birth: changed, then sealed."""
    return freeze(facture(numero), {index: texts})


UNSOUND: Mapping[str, tuple[bytes, str, tuple[str, int, int]]] = {
    "false total": (wrong(1, 2, total_amo="00009999"), "9910", ("R", 1855, 0)),
    "false number of lines": (wrong(1, 2, nombre_lignes="002"), "9910", ("R", 1855, 0)),
    "no care date": (wrong(1, 1, date_soins="250231"), "9912", ("R", 1855, 0)),
    "unknown place": (wrong(1, 1, lieu="7"), "9912", ("R", 1855, 0)),
    "quantity of zero": (wrong(1, 1, quantite="00"), "9912", ("R", 1855, 0)),
    "another insured in its line": (wrong(1, 1, nir="1840675101000"), "9912", ("R", 1855, 0)),
    "impossible invoice date": (wrong(1, 0, date_facture="259999"), "9912", ("R", 1855, 0)),
    "another prestataire": (freeze(facture(1, prestataire=PAUL)), "9913", ("R", 1855, 0)),
}


@pytest.mark.parametrize(("unsound", "code", "amo"), UNSOUND.values(), ids=UNSOUND)
def test_an_unsound_invoice_is_rejected_and_the_others_paid(
    pki: Pki, unsound: bytes, code: str, amo: tuple[str, int, int]
) -> None:
    reponse = ask(pki, _relotted(unsound, facture(2)))
    found = answers(reponse)
    assert found[1] == {"AMO": amo, "AMC": ("R", 795, 0), "rejets": [(code, "F", "O", 0)]}
    assert found[2]["rejets"] == []
    assert codes(reponse.constats) == ["caisse.facture_rejetee"]
    assert f"facture 1 du lot de rang 1 est rejetée d'office : {code} (fictif)" in reponse.constats[0].message


def _relotted(unsound: bytes, *factures: Facture) -> bytes:
    """A lot of this invoice and others; its own sums are those of the records 5, as our writer makes them."""
    return lot(unsound, *factures)


def test_the_same_number_twice_is_rejected_twice(pki: Pki) -> None:
    lots = [lot(facture(1), facture(2)), lot(facture(1, line(100, 0)), entete=header(numero_lot=2))]
    reponse = ask(pki, *lots)
    (retour,) = reponse.fichiers
    rejected = [
        one
        for groupe in retour.retour.groupes
        for kind in groupe.retours
        for one in kind.factures
        if one.numero_facture == 1
    ]
    assert [(one.numero_lot, one.rejets[0].code_rejet) for one in rejected] == [(1, "9911"), (2, "9911")]
    assert codes(reponse.constats) == ["caisse.facture_rejetee"] * 2
    assert noted(reponse) == {1, 2}


def noted(reponse: Reponse) -> set[int]:
    return set(answers(reponse))


def test_two_prestataires_may_give_the_same_number(pki: Pki) -> None:
    reponse = ask(pki, lot(facture(1)), lot(facture(1, prestataire=PAUL), entete=header(PAUL)))
    assert reponse.constats == ()


def test_a_double_in_a_lot_without_answer_does_not_count(pki: Pki) -> None:
    lots = [lot(facture(1)), lot(facture(1), entete=header(numero_lot=2))]
    signatures = sign(pki.signer, lots)
    del signatures[2]
    reponse = repondre(b2_file(*lots), signatures, NOBODY, ANSWERDAY, [pki.anchor])
    assert answers(reponse)[1]["rejets"] == []


def test_an_unsound_invoice_is_rejected_whatever_the_scenario_wants(pki: Pki) -> None:
    scenario = "[[reponse]]\nnumero = 1\namo = { montant = 5 }"
    reponse = ask(pki, lot(wrong(1, 1, quantite="00")), scenario=scenario)
    assert answers(reponse)[1]["AMO"] == ("R", 1855, 0)


def test_an_unsound_invoice_asks_nothing_it_did_not_ask(pki: Pki) -> None:
    paid_by_the_patient = freeze(facture(1, payee="00"), {1: {"quantite": "00"}})
    amo_only = freeze(facture(2, payee="05"), {1: {"quantite": "00"}})
    reponse = ask(pki, lot(paid_by_the_patient, amo_only))
    assert answers(reponse) == {2: {"AMO": ("R", 1855, 0), "rejets": [("9912", "F", "O", 0)]}}
    assert [one.numero for one in reponse.sans_reponse] == [1]


@pytest.mark.parametrize(
    "texts",
    [
        {"nature_assurance": "22"},
        {"destinataire_reglement": "99"},
        {"caisse": "   "},
    ],
    ids=lambda texts: next(iter(texts)),
)
def test_an_invoice_that_cannot_be_named_is_told_not_answered(pki: Pki, texts: Mapping[str, str]) -> None:
    reponse = ask(pki, lot(freeze(facture(1), {0: texts}), facture(2)))
    assert list(answers(reponse)) == [2]
    assert codes(reponse.constats) == ["caisse.facture_illisible"]


def test_an_invoice_whose_totals_do_not_read_is_told_not_answered(pki: Pki) -> None:
    """The sums of the lot are then false too, so no lot can hold with it: the lot gets no answer."""
    reponse = ask(pki, lot(freeze(facture(1), {1: {"lieu": "7"}, 2: {"total_amc": "ABCDEFGH"}}), facture(2)))
    assert list(answers(reponse)) == [2]
    assert codes(reponse.constats) == ["caisse.facture_illisible"]


# --- any byte --------------------------------------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=60)
def test_no_changed_byte_of_a_lot_is_answered(pki: Pki, data: st.DataObject) -> None:
    """Whatever byte of a signed lot changes, that lot is not answered; its neighbour is, or the whole file is not."""
    lots = [lot(facture(1), facture(2)), lot(facture(3), entete=header(numero_lot=2))]
    whole = b2_file(*lots)
    place = data.draw(st.integers(128, 128 + len(lots[0]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != whole[place]))
    changed = whole[:place] + bytes([byte]) + whole[place + 1 :]
    signatures = _signed_once(pki, lots)
    try:
        reponse = repondre(changed, signatures, read_scenario(b""), date(2025, 3, 20), [pki.anchor])
    except FseError:
        return
    assert not {1, 2} & {
        one.numero_facture
        for fichier in reponse.fichiers
        for groupe in fichier.retour.groupes
        for kind in groupe.retours
        for one in kind.factures
    }
    assert reponse.refus


_SIGNED: dict[bytes, bytes] = {}


def _signed_once(pki: Pki, lots: list[bytes]) -> dict[int, bytes]:
    for content in lots:
        if content not in _SIGNED:
            _SIGNED[content] = sign(pki.signer, [content])[1]
    return {rank: _SIGNED[content] for rank, content in enumerate(lots, start=1)}
