"""Flows that get no answer at all: not of test or demo, not B2, or broken as a whole; and any damage done to one."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.app.caisse.repondre import repondre
from fse.base.errors import FseError, UnreadableError, UsageError
from fse.norm.codec.b2.building import cut_records
from tests.app.caisse.world import (
    ANSWERDAY,
    NOBODY,
    Pki,
    answered_numbers,
    answers,
    ask,
    b2_file,
    damage,
    facture,
    header,
    lot,
    refused_for,
    sign,
    signed_once,
)


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


FILES: Mapping[str, tuple[Callable[[bytes], bytes], str]] = {
    "a record is missing": (lambda data: damage(data, -1, {"nombre_enregistrements": "00000999"}), "b2.nombre_fichier"),
    "no end": (lambda data: data[:-128], "cadrage.fin_absente"),
    "cut": (lambda data: data[:-28], "cadrage.tronque"),
    "cut in a lot": (lambda data: data[: 128 * 3 + 5], "cadrage.tronque"),
    "no sender": (lambda data: damage(data, 0, {"numero_emetteur": " " * 14}), "caisse.entete_illisible"),
    "a line end in its header": (lambda data: data[:85] + b"\r" + data[128:], "caisse.entete_illisible"),
    "no file id": (lambda data: damage(data, 0, {"identifiant_fichier": " " * 6}), "caisse.entete_illisible"),
}


@pytest.mark.parametrize(("breaks", "code"), FILES.values(), ids=FILES)
def test_a_file_that_does_not_hold_has_no_answer_at_all(pki: Pki, breaks: Callable[[bytes], bytes], code: str) -> None:
    lots = [lot(facture(1)), lot(facture(2), entete=header(numero_lot=2))]
    reponse = repondre(breaks(b2_file(*lots)), sign(pki.signer, lots), NOBODY, ANSWERDAY, [pki.anchor])
    assert reponse.fichiers == ()
    assert reponse.refus
    assert all(code in motifs for motifs in refused_for(reponse).values())


def test_line_ends_added_on_the_way_are_harmless(pki: Pki) -> None:
    content = lot(facture(1))
    data = b"\r\n".join(cut_records(b2_file(content)))
    reponse = repondre(data, sign(pki.signer, [content]), NOBODY, ANSWERDAY, [pki.anchor])
    assert (list(answers(reponse)), reponse.refus) == ([1], ())


@given(st.data())
def test_no_changed_byte_of_a_lot_is_answered(pki: Pki, data: st.DataObject) -> None:
    """Whatever byte changes, the lot that holds it is not answered, and nothing but our errors comes out."""
    lots = [lot(facture(1), facture(2)), lot(facture(3), entete=header(numero_lot=2))]
    whole = b2_file(*lots)
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != whole[place]))
    changed = whole[:place] + bytes([byte]) + whole[place + 1 :]
    try:
        reponse = repondre(changed, signed_once(pki, lots), NOBODY, ANSWERDAY, [pki.anchor])
    except FseError:
        return
    first = 128 <= place < 128 + len(lots[0])
    second = 128 + len(lots[0]) <= place < len(whole) - 128
    assert not answered_numbers(reponse) & ({1, 2} if first else {3} if second else set())
    assert reponse.refus or not (first or second)


@given(st.data())
def test_cut_or_stuffed_bytes_bring_out_our_errors_only(pki: Pki, data: st.DataObject) -> None:
    lots = [lot(facture(1), facture(2)), lot(facture(3), entete=header(numero_lot=2))]
    whole = b2_file(*lots)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    stuffed = data.draw(st.binary(max_size=200) | st.sampled_from([b"\r\n", b" " * 128, whole[:300]]))
    signatures = signed_once(pki, lots)
    try:
        reponse = repondre(whole[:start] + stuffed + whole[end:], signatures, NOBODY, ANSWERDAY, [pki.anchor])
    except FseError:
        return
    assert answered_numbers(reponse) <= {1, 2, 3}
