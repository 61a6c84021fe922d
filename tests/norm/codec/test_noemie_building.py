"""The writer of NOEMIE returns against the hand oracle (entities, control sums, physical layer), read by our reader."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fse.base.errors import BuildError
from fse.base.findings import Finding
from fse.norm.codec.noemie.building import EDITION, build, montant
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, FileEnd, Value, count_records, frame
from fse.norm.model import (
    FactureRetour,
    GroupeVirement,
    PartRetour,
    RejetRetour,
    RetourNoemie,
    TypeRetour,
)
from tests.oracles import noemie_oracle
from tests.oracles.keys import number_with_key
from tests.strategies import numeros_prestataire, strategy_for

PRESTATAIRE = number_with_key("00123456")
OTHER = number_with_key("00765432")
DAY = date(2025, 3, 14)


def part(partie: str = "AMO", asked: int = 1855, etat: str | None = "P", paid: int = 1855) -> PartRetour:
    return PartRetour(partie=partie, montant_demande=asked, etat=etat, montant_rembourse=paid)


def facture(numero: int = 1, *parts: PartRetour, lot: int | None = 1) -> FactureRetour:
    return FactureRetour(
        numero_facture=numero,
        numero_lot=lot,
        date_lot=DAY,
        type_facture="F",
        date_facture=DAY,
        nature_assurance="10",
        parts=parts or (part(),),
    )


def groupe(*factures: FactureRetour, prestataire: str = PRESTATAIRE, code: str = "01") -> GroupeVirement:
    return GroupeVirement(
        beneficiaire_reglement=prestataire,
        date_comptable=DAY,
        libelle_virement_1="CPAM 999",
        libelle_virement_2="VIR 000001-1",
        organisme_payeur="CPAM 999",
        retours=(TypeRetour(code_retour=code, lieu_execution=prestataire, factures=factures),),
    )


def retour(*groupes: GroupeVirement) -> RetourNoemie:
    return RetourNoemie(
        type_emetteur="CP",
        numero_emetteur="00000019990000",
        type_destinataire="TP",
        numero_destinataire=PRESTATAIRE.zfill(14),
        identifiant_fichier="A00001",
        date_creation=DAY,
        marque="T",
        groupes=groupes,
    )


# --- what each entity must hold, redone from the model by hand -------------------------------------------------------


def day(value: date | None) -> str:
    return value.strftime("%y%m%d") if value else "000000"


def money(name: str, sign: str, amount: int, width: int) -> dict[str, str]:
    return {name: f"{abs(amount):0{width}d}", sign: "N" if amount < 0 else "P"}


def envelope(file: RetourNoemie) -> dict[str, str]:
    return {
        "type_emetteur": file.type_emetteur,
        "numero_emetteur": file.numero_emetteur,
        "programme_emetteur": "FSE   ",
        "type_destinataire": file.type_destinataire,
        "numero_destinataire": file.numero_destinataire.ljust(14),
        "identifiant_fichier": file.identifiant_fichier,
        "marque": file.marque,
    }


def header(file: RetourNoemie) -> bytes:
    constants = {"reference": "0580", "version_reference": "01", "compaction": "N", "chiffrement": "N", "monnaie": "U"}
    own = {"date_creation": day(file.date_creation), "longueur_enregistrement": "128"}
    return noemie_oracle.assemble("000", envelope(file) | constants | own)


def expected_entities(file: RetourNoemie) -> Iterator[bytes]:
    for ordinal, group in enumerate(file.groupes, start=1):
        payee = {"niveau": "02", "beneficiaire_reglement": group.beneficiaire_reglement.ljust(15)}
        yield noemie_oracle.assemble("040", payee)
        transfer = {
            "niveau": "02",
            "date_comptable": day(group.date_comptable),
            "libelle_virement_1": (group.libelle_virement_1 or "").ljust(32),
            "libelle_virement_2": (group.libelle_virement_2 or "").ljust(32),
            "organisme_payeur": (group.organisme_payeur or "").ljust(10),
        }
        yield noemie_oracle.assemble("071", transfer)
        count = total = 0
        for kind in group.retours:
            place = {"niveau": "02", "code_retour": kind.code_retour, "lieu_execution": kind.lieu_execution.ljust(14)}
            yield noemie_oracle.assemble("081", place)
            for one in kind.factures:
                count += 1
                total += sum(each.montant_rembourse for each in one.parts)
                yield from expected_facture(one)
        closing = {"niveau": "99", "identification_niveau": f"071{ordinal:014d}", "nombre": f"{count:08d}"}
        yield noemie_oracle.assemble("990", closing | money("somme", "signe_somme", total, 11))


def expected_facture(one: FactureRetour) -> Iterator[bytes]:
    texts = {
        "niveau": "03",
        "numero_facture": f"{one.numero_facture:09d}",
        "numero_lot": f"{one.numero_lot or 0:03d}",
        "date_lot": day(one.date_lot),
        "type_facture": one.type_facture,
        "date_facture": day(one.date_facture),
        "nature_assurance": one.nature_assurance,
    }
    yield noemie_oracle.assemble("102", texts)
    for each in one.parts:
        texts = {"niveau": "04", "montant_demande": f"{each.montant_demande:08d}", "etat": each.etat or " "}
        texts |= money("montant_rembourse", "signe_rembourse", each.montant_rembourse, 8)
        if each.partie == "AMC":
            texts |= {
                "numero_amc": (each.numero_amc or "").ljust(10),
                "numero_adherent": (each.numero_adherent or "").ljust(15),
            }
        yield noemie_oracle.assemble("198" if each.partie == "AMO" else "199", texts)
    for reject in one.rejets:
        texts = {
            "niveau": "04",
            "code_rejet": reject.code_rejet,
            "libelle_rejet": reject.libelle_rejet.ljust(86),
            "niveau_rejet": reject.niveau,
            "partie": reject.partie,
            "code_acte": (reject.code_acte or "").ljust(5),
            "date_soins": day(reject.date_soins),
            "executant": reject.executant or "000000000",
            "numero_ligne": f"{reject.numero_ligne or 0:03d}",
            "rang_rejet": f"{reject.rang_rejet:02d}",
        }
        yield noemie_oracle.assemble("294", texts)


# --- returns whose codes are of the norm: what the model alone cannot refuse -----------------------------------------


def with_distinct_parts(one: FactureRetour) -> FactureRetour:
    """At least one part, and never the same part twice: what the tree allows and one attribute alone cannot say."""
    parts = {each.partie: each for each in one.parts} or {"AMO": part()}
    return replace(one, parts=tuple(parts.values()))


@st.composite
def retours(draw: st.DrawFn, *, prestataires: int) -> RetourNoemie:
    """Returns that name at most so many prestataires, few items a level (many are drawn, of every kind)."""
    factures = st.lists(strategy_for(FactureRetour).map(with_distinct_parts), min_size=1, max_size=2).map(tuple)
    numbers = draw(st.lists(numeros_prestataire(), min_size=1, max_size=prestataires, unique=True))
    groupes = []
    for _ in range(draw(st.integers(1, 2))):
        payee = draw(st.sampled_from(numbers))
        kinds = [
            TypeRetour(code_retour=code, lieu_execution=payee, factures=draw(factures))
            for code in draw(st.lists(st.sampled_from(["01", "04"]), min_size=1, max_size=2))
        ]
        labels = st.none() | st.sampled_from(["CPAM 999", "VIR A00001-1", "X" * 32])
        groupes.append(
            GroupeVirement(
                beneficiaire_reglement=payee,
                date_comptable=draw(st.dates(date(1980, 1, 1), date(2079, 12, 31))),
                libelle_virement_1=draw(labels),
                libelle_virement_2=draw(labels),
                organisme_payeur=draw(st.none() | st.sampled_from(["CPAM 999", "X" * 10])),
                retours=tuple(kinds),
            )
        )
    known = st.sampled_from(["CP", "MA", "TP", "SI"])
    sender = draw(st.text("0123456789", min_size=14, max_size=14))
    file = replace(retour(*groupes), type_emetteur=draw(known), type_destinataire=draw(known), numero_emetteur=sender)
    return replace(file, numero_destinataire=numbers[0], marque=draw(st.sampled_from("TD")))


def codes(data: bytes) -> Counter[str]:
    found: Counter[str] = Counter()
    for item in read([data]):
        if isinstance(item, Finding):
            found[item.code] += 1
        elif isinstance(item, EntityRow):
            found.update(one.code for one in item.constats)
    return found


def rows(data: bytes) -> list[EntityRow]:
    return [item for item in read([data]) if isinstance(item, EntityRow)]


# --- properties ------------------------------------------------------------------------------------------------------


@given(retours(prestataires=3))
@settings(max_examples=40)
def test_entities_and_controls_are_those_of_the_oracle(file: RetourNoemie) -> None:
    data = build(file)
    entities = noemie_oracle.unwrap(data)
    assert entities[0] == header(file)
    assert entities[1:-1] == list(expected_entities(file))
    assert noemie_oracle.wrong_controls(data) == []
    trailer = noemie_oracle.cut(entities[-1])
    assert {name: trailer[name] for name in envelope(file)} == envelope(file)
    assert trailer["total_autre_monnaie"] == "0" * 11
    assert noemie_oracle.wrap(entities[1:-1], entities[0], entities[-1]) == data


@given(retours(prestataires=1))
@settings(max_examples=40)
def test_our_reader_finds_nothing_to_say(file: RetourNoemie) -> None:
    data = build(file)
    assert codes(data) == {"noemie.non_couvert": 1}
    assert b"".join(row.brut for row in rows(data)) == b"".join(noemie_oracle.unwrap(data))


@given(retours(prestataires=3))
@settings(max_examples=20)
def test_several_prestataires_only_say_that_they_differ(file: RetourNoemie) -> None:
    assert set(codes(build(file))) <= {"noemie.non_couvert", "noemie.prestataires_differents"}


@given(strategy_for(RetourNoemie))
@settings(max_examples=30)
def test_controls_hold_for_any_value_of_the_model(file: RetourNoemie) -> None:
    wrong = {"noemie.nombre", "noemie.somme", "noemie.niveau", "champ.montant_illisible", "champ.illisible"}
    assert not set(codes(build(file))) & wrong


@given(retours(prestataires=1), st.data())
@settings(max_examples=25)
def test_a_changed_paid_amount_is_seen(file: RetourNoemie, data: st.DataObject) -> None:
    content = build(file)
    parts = [row for row in rows(content) if row.type in ("198", "199")]
    row = data.draw(st.sampled_from(parts))
    assert row.layout is not None
    zone = row.layout.span("montant_rembourse")
    place = data.draw(st.integers(zone.start, zone.stop - 1))
    digit = data.draw(st.sampled_from([d for d in b"0123456789" if d != row.brut[place]]))
    entities = noemie_oracle.unwrap(content)
    entities[row.rang - 1] = row.brut[:place] + bytes([digit]) + row.brut[place + 1 :]
    assert codes(noemie_oracle.wrap(entities[1:-1], entities[0], entities[-1]))["noemie.somme"] == 1


# --- cases -----------------------------------------------------------------------------------------------------------


def test_a_withdrawn_amount_is_signed_everywhere() -> None:
    paid, recovered = facture(1), facture(2, part(paid=-2500))
    data = build(retour(groupe(paid, code="01"), groupe(recovered, code="04")))
    amounts = [row.valeurs["somme"] for row in rows(data) if row.type == "990"]
    assert amounts == [1855, -2500]
    assert rows(data)[-1].valeurs["total"] == -645
    assert noemie_oracle.wrong_controls(data) == []
    assert codes(data) == {"noemie.non_couvert": 1}


def test_a_transfer_of_nothing_closes_on_a_positive_zero() -> None:
    rejected = facture(1, part(etat="R", paid=0))
    data = build(retour(replace(groupe(rejected), libelle_virement_1=None, libelle_virement_2=None)))
    assert noemie_oracle.transfer_amounts(data) == [("", "", "CPAM 999", 0)]
    closing = next(row for row in rows(data) if row.type == "990")
    assert (closing.valeurs["somme"], closing.valeurs["signe_somme"]) == (0, "P")


@pytest.mark.parametrize("number", range(1, 14))
def test_entities_straddle_the_payloads(number: int) -> None:
    """From 1 to 13 invoices of 102, 198 and 294: the borders of 127 bytes fall in every kind of entity."""
    reject = RejetRetour(code_rejet="9901", libelle_rejet="LIBELLE " * 10 + "FIN", niveau="F", partie="O")
    one = replace(facture(1, part(etat="R", paid=0)), rejets=(reject,))
    data = build(retour(groupe(*(replace(one, numero_facture=rank) for rank in range(1, number + 1)))))
    assert [row.valeurs["numero_facture"] for row in rows(data) if row.type == "102"] == list(range(1, number + 1))
    assert noemie_oracle.wrong_controls(data) == []
    assert codes(data) == {"noemie.non_couvert": 1}


def test_a_stream_that_fills_its_last_payload_has_no_padding() -> None:
    around, each = 21 + 86 + 22 + 43, 40 + 24
    number = next(n for n in range(1, 128) if (around + each * n) % 127 == 0)
    data = build(retour(groupe(*(facture(rank) for rank in range(1, number + 1)))))
    assert data[-129:-128] == b"@"
    assert codes(data) == {"noemie.non_couvert": 1}


def test_an_at_sign_in_a_label_is_text() -> None:
    """The model refuses it in what we write; other writers do put it in labels, and it looks like an end of entity."""
    label = "MOTIF @ 102 @19804 A REVOIR@"
    values: dict[str, dict[str, Value]] = {
        "040": {"beneficiaire_reglement": PRESTATAIRE},
        "071": {"date_comptable": DAY, "libelle_virement_1": "CPAM@999", "libelle_virement_2": "@04002"},
        "081": {"code_retour": "01", "lieu_execution": PRESTATAIRE},
        "102": {"numero_facture": 1, "numero_lot": 1, "date_lot": DAY, "date_facture": DAY, "nature_assurance": "10"},
        "198": {"montant_demande": 1855, "etat": "R", "montant_rembourse": 0},
        "294": {
            "code_rejet": "9901",
            "libelle_rejet": label,
            "niveau_rejet": "F",
            "partie": "O",
            "rang_rejet": 1,
        },
        "990": {"identification_niveau": "07100000000000001", "nombre": 1, "somme": 0},
    }
    entities = [EDITION.build(kind, texts) for kind, texts in values.items()]
    sender: dict[str, Value] = {
        "numero_emetteur": "00000019990000",
        "type_destinataire": "TP",
        "numero_destinataire": PRESTATAIRE.zfill(14),
        "identifiant_fichier": "A00001",
        "marque": "T",
    }
    counts: dict[str, Value] = {
        "nombre_enregistrements": count_records(EDITION, entities),
        "nombre_lots": 1,
        "total": 0,
    }
    head = EDITION.build("000", sender | {"date_creation": DAY})
    data = frame(EDITION, [head, *entities, EDITION.build("999", sender | counts)])
    assert codes(data) == {"noemie.non_couvert": 1}
    assert noemie_oracle.wrong_controls(data) == []
    found = {row.type: row for row in rows(data)}
    assert found["294"].valeurs["libelle_rejet"] == label
    assert found["071"].valeurs["libelle_virement_2"] == "@04002"


def test_one_lot_named_by_two_prestataires_is_two_lots() -> None:
    data = build(retour(groupe(facture(1), facture(2)), groupe(facture(3), prestataire=OTHER)))
    assert rows(data)[-1].valeurs["nombre_lots"] == 2
    assert noemie_oracle.wrong_controls(data) == []


def test_records_are_counted_as_they_stand() -> None:
    data = build(retour(groupe(facture(1))))
    end = next(item for item in read([data]) if isinstance(item, FileEnd))
    assert rows(data)[-1].valeurs["nombre_enregistrements"] == len(data) // 128 == end.enregistrements


def test_the_amount_of_a_transfer_is_the_signed_sum_of_its_parts() -> None:
    assert montant(groupe(facture(1, part(), part("AMC", 795, "P", 795)), facture(2, part(paid=-100)))) == 2550


def test_a_sum_that_does_not_fit_is_refused() -> None:
    """Eight digits a part, eleven a transfer: 1 001 full parts are too much. Nothing is cut."""
    largest = facture(1, part(paid=99_999_999))
    many = tuple(replace(largest, numero_facture=rank) for rank in range(1, 1002))
    with pytest.raises(BuildError) as refused:
        build(retour(groupe(*many)))
    assert refused.value.code == "champ.refuse"
    assert "990" in refused.value.lieu
