"""What the counts and sums of a return prove, byte by byte, and what is said not to be proved."""

from collections.abc import Iterator

import pytest

from fse.base.errors import UnreadableError
from fse.base.findings import Finding
from fse.norm.codec.reading import read, uncovered_fields
from fse.norm.layout import EntityRow, Field, FileEnd, frame
from tests.norm.layout.samples import (
    AMC,
    AMO,
    NOEMIE,
    foreign_noemie_file,
    noemie_entities,
    noemie_facture,
    noemie_file,
    noemie_group,
    noemie_part,
)
from tests.oracles import noemie_oracle

GOOD = noemie_file()
CONTROLLED = {
    "198": ("montant_rembourse", "signe_rembourse"),
    "199": ("montant_rembourse", "signe_rembourse"),
    "990": ("nombre", "somme", "signe_somme", "identification_niveau"),
    "999": ("nombre_enregistrements", "nombre_lots", "total", "signe_total"),
}


def entities_of(data: bytes) -> list[EntityRow]:
    return [item for item in read([data]) if isinstance(item, EntityRow)]


def findings_of(data: bytes) -> list[Finding]:
    found: list[Finding] = []
    for item in read([data]):
        if isinstance(item, EntityRow):
            found.extend(item.constats)
        elif isinstance(item, Finding):
            found.append(item)
    return found


def codes_of(data: bytes) -> list[str]:
    """The codes of the findings, in order, or the one of the error; what is said of every file left out."""
    try:
        findings = findings_of(data)
    except UnreadableError as error:
        return [error.code]
    return [finding.code for finding in findings if finding.code != "noemie.non_couvert"]


def rewritten(rank: int, changed: bytes, rows: list[EntityRow] | None = None) -> bytes:
    """The good file with the entity of this rank replaced by other bytes."""
    entities = [row.brut for row in rows or entities_of(GOOD)]
    entities[rank - 1] = changed
    return frame(NOEMIE, entities)


def other_texts(field: Field, text: str) -> Iterator[str]:
    """Other contents of a field: another digit at each place, the other sign, a blank, a letter."""
    if field.genre == "signe":
        yield from ({"P": "N", "N": "P"}[text], " ", "X")
        return
    for place, character in enumerate(text):
        for other in ({"9": "8"}.get(character, "9"), {"0": "1"}.get(character, "0"), " ", "A"):
            if other != character:
                yield text[:place] + other + text[place + 1 :]


def changes() -> Iterator[tuple[EntityRow, Field, bytes]]:
    for row in entities_of(GOOD):
        for nom in CONTROLLED.get(row.type, ()):
            assert row.layout is not None
            field = row.layout.champ(nom)
            for text in other_texts(field, row.layout.raw(row.brut, field)):
                changed = row.brut[: field.debut - 1] + text.encode() + row.brut[field.fin :]
                yield row, field, rewritten(row.rang, changed)


def test_every_amount_paid_sign_and_count_is_proved_and_its_level_named() -> None:
    tried = 0
    rows = entities_of(GOOD)
    groups = {
        row.rang: next(other.rang for other in rows[row.rang - 1 :] if other.type in ("990", "999")) for row in rows
    }
    for row, field, data in changes():
        tried += 1
        found = [finding for finding in findings_of(data) if finding.gravite != "information"]
        value = NOEMIE.layouts[row.type].parse(entities_of(data)[row.rang - 1].brut).get(field.signe_de or "")
        if field.genre == "signe" and value == 0:
            assert [finding.code for finding in found if finding.code == "champ.signe_sur_zero"], (row, field)
            continue
        assert any(finding.sets_aside for finding in found), (row, field)
        unreadable = [
            finding for finding in found if finding.code.startswith("champ.") and finding.place.champ == field.nom
        ]
        levels = {finding.place.rang for finding in found if finding.code.startswith("noemie.")}
        assert unreadable or groups[row.rang] in levels, (row, field, found)
        if row.type in ("990", "999"):
            assert row.rang in levels | {finding.place.rang for finding in unreadable}
    assert tried > 300


def test_on_a_file_of_another_program_the_same_is_a_warning_that_says_so() -> None:
    data = foreign_noemie_file()
    rows = entities_of(data)
    amounts = [row for row in rows if row.type in ("198", "990", "999")]
    for row in amounts:
        field = next(
            field for field in NOEMIE.layouts[row.type].champs if field.nom in ("montant_rembourse", "somme", "total")
        )
        changed = row.brut[: field.fin - 1] + b"7" + row.brut[field.fin :]
        found = [one for one in findings_of(rewritten(row.rang, changed, rows)) if one.gravite != "information"]
        assert {one.code for one in found} == {"noemie.somme_suppose"}
        assert not any(one.sets_aside or one.is_error for one in found)
        assert all("notre lecture" in one.message for one in found)


def test_what_nothing_covers_is_listed_and_everything_else_is_detected() -> None:
    rows = entities_of(GOOD)
    uncovered = uncovered_fields(NOEMIE)
    end = next(item for item in read([GOOD]) if isinstance(item, FileEnd))
    assert end.edition is NOEMIE
    listed = next(one.message for one in findings_of(GOOD) if one.code == "noemie.non_couvert")
    for row in rows:
        assert row.layout is not None
        for field in row.layout.champs:
            for place in range(field.debut - 1, field.fin):
                changed = row.brut[:place] + bytes([row.brut[place] ^ 1]) + row.brut[place + 1 :]
                if field.nom in uncovered[row.type]:
                    assert field.nom in listed.split(f"{row.type} (")[1].split(")")[0]
                else:
                    assert codes_of(rewritten(row.rang, changed)), (row.type, field.nom, place)


def test_the_writer_of_the_tests_agrees_with_the_oracle() -> None:
    entities = noemie_oracle.unwrap(GOOD)
    assert [row.brut for row in entities_of(GOOD)] == entities
    for group in noemie_oracle.groups(entities):
        assert group.written() == group.control()


# --- structure -------------------------------------------------------------------------------------------------------


def one_group(entities: list[bytes], somme: int, nombre: int) -> bytes:
    return frame(NOEMIE, noemie_entities(noemie_group(1, entities, somme, nombre), total=somme))


def test_a_group_that_nothing_closes() -> None:
    group = noemie_group(1, noemie_facture(1), somme=AMO + AMC, nombre=1)[:-1]
    following = noemie_group(2, noemie_facture(2), somme=AMO + AMC, nombre=1)
    ours = frame(NOEMIE, noemie_entities(group, following, total=AMO + AMC))
    assert "noemie.cloture_absente" in codes_of(ours)
    last = frame(NOEMIE, noemie_entities(following, group, total=AMO + AMC, programme_emetteur="X"))
    assert "noemie.cloture_absente_suppose" in codes_of(last)


def test_two_same_parts_under_one_invoice_are_set_aside_whoever_made_the_file() -> None:
    """The 102 of the second invoice is lost: its money must not go to the first."""
    entities = [*noemie_facture(1), *noemie_facture(2)[1:]]
    for program in ("FSE", "AUTRE"):
        group = noemie_group(1, entities, somme=2 * (AMO + AMC), nombre=1)
        data = frame(NOEMIE, noemie_entities(group, total=2 * (AMO + AMC), programme_emetteur=program))
        found = [one for one in findings_of(data) if one.code == "noemie.part_double"]
        assert [one.place.type for one in found] == ["198", "199"]
        assert all(one.sets_aside for one in found)


def test_the_money_of_an_invoice_that_does_not_read_is_not_given_to_the_one_before() -> None:
    second = noemie_facture(2, amc=None)
    entities = [*noemie_facture(1, amc=None), second[0][:-1] + b" @", second[1]]
    data = one_group(entities, somme=2 * AMO, nombre=2)
    assert codes_of(data) == ["structure.type_inconnu", "structure.succession_supposee", "noemie.part_double"]


def test_an_invoice_paid_by_two_transfers_is_no_double_part() -> None:
    groups = [
        noemie_group(1, [*noemie_facture(1, amc=None, traitement_amc="V")], somme=AMO, nombre=1),
        noemie_group(2, [noemie_facture(1)[0], noemie_part("199", AMC)], somme=AMC, nombre=1),
    ]
    assert codes_of(frame(NOEMIE, noemie_entities(*groups, total=AMO + AMC))) == []


def test_a_provider_named_in_two_ways_is_a_finding() -> None:
    group = noemie_group(1, noemie_facture(1), somme=AMO + AMC, nombre=1)
    group[2] = NOEMIE.build("081", {"code_retour": "01", "lieu_execution": "009876546"})
    assert codes_of(frame(NOEMIE, noemie_entities(group, total=AMO + AMC))) == ["noemie.prestataires_differents"]


def test_a_return_to_a_concentrator_names_the_providers_of_others() -> None:
    one, other = (noemie_group(ordinal, noemie_facture(ordinal), somme=AMO + AMC, nombre=1) for ordinal in (1, 2))
    other[0] = NOEMIE.build("040", {"beneficiaire_reglement": "009876546"})
    other[2] = NOEMIE.build("081", {"code_retour": "01", "lieu_execution": "009876546"})
    to_whom = {"numero_destinataire": "99000000012345"}
    entities = noemie_entities(one, other, total=2 * (AMO + AMC), lots=2, **to_whom)
    assert codes_of(frame(NOEMIE, entities)) == []


@pytest.mark.parametrize("marque", [" ", "R", "D"])
def test_the_two_envelopes_must_agree(marque: str) -> None:
    entities = entities_of(GOOD)
    tail = entities[-1].brut
    changed = tail[:63] + marque.encode() + tail[64:]
    assert codes_of(rewritten(len(entities), changed)) == ["noemie.enveloppe"]


# --- codes -----------------------------------------------------------------------------------------------------------


def test_a_code_is_asked_at_the_date_of_the_file() -> None:
    unknown = one_group([noemie_facture(1)[0], noemie_part("198", AMO, etat="Z"), noemie_part("199", 0)], AMO, 1)
    found = [one for one in findings_of(unknown) if one.code == "champ.code_inconnu"]
    assert [(one.place.champ, one.place.brut) for one in found] == [("etat", "Z")]


def test_a_blank_sign_is_no_code_of_its_list() -> None:
    part = noemie_part("198", 0)
    data = one_group([noemie_facture(1)[0], part[:22] + b" " + part[23:]], 0, 1)
    assert codes_of(data) == ["champ.signe_sur_zero", "champ.code_inconnu"]


def test_codes_are_not_asked_without_a_date() -> None:
    entities = entities_of(GOOD)
    head = entities[0].brut
    data = rewritten(1, head[:55] + b"999999" + head[61:])
    assert codes_of(data) == ["champ.date_impossible"]
