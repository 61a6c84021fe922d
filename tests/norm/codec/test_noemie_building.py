"""The writer of NOEMIE returns against the hand oracle (entities, control sums, physical layer), read by our reader."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fse.base.errors import BuildError
from fse.base.findings import Finding
from fse.norm.codec.noemie.building import EDITION, build, montant
from fse.norm.codec.noemie.reading import read_retour
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, FileEnd, Value, count_records, frame
from fse.norm.layout.loading.loader import envelope_pattern, load_edition
from fse.norm.model import (
    FactureRetour,
    ForfaitRetour,
    GroupeVirement,
    MouvementRetour,
    RejetRetour,
    RetourNoemie,
    TypeRetour,
)
from tests.norm.codec.noemie_samples import (
    DAY,
    OTHER,
    PRESTATAIRE,
    envelope,
    expected_entities,
    facture,
    forfait,
    groupe,
    header,
    model_values,
    part,
    retenue,
    retour,
)
from tests.oracles import noemie_oracle
from tests.oracles.keys import nir_key
from tests.strategies import numeros_prestataire, strategy_for

T = TypeVar("T")

# --- returns whose codes are of the norm: what the model alone cannot refuse -----------------------------------------


def as_a_payer_writes(one: FactureRetour) -> FactureRetour:
    """With right keys, at least one part, never the same part twice, and no complementary insurer in that of the
    compulsory one: what one attribute alone cannot say.
    """
    parts = {each.partie: each for each in one.parts} or {"AMO": part()}
    if "AMO" in parts:
        parts["AMO"] = replace(parts["AMO"], numero_amc=None, numero_adherent=None)
    rejets = tuple(replace(each, executant=each.executant and PRESTATAIRE) for each in one.rejets)
    assure = one.assure and replace(
        one.assure,
        cle_nir=nir_key(one.assure.nir),
        cle_nir_individuel=one.assure.nir_individuel and nir_key(one.assure.nir_individuel),
    )
    return replace(one, parts=tuple(parts.values()), rejets=rejets, assure=assure)


def with_right_keys(one: ForfaitRetour) -> ForfaitRetour:
    return replace(one, details=tuple(replace(each, cle_nir=each.nir and nir_key(each.nir)) for each in one.details))


@st.composite
def mouvements(draw: st.DrawFn) -> MouvementRetour:
    """Withholdings one time in two, else what only tells the life of a debt."""
    drawn: MouvementRetour = draw(strategy_for(MouvementRetour))
    operation = draw(st.just("RPR") | st.sampled_from(["CIN", "PAI", "RDT", "RMO"]))
    return replace(drawn, operation=operation, nature_creance=draw(st.none() | st.sampled_from(["IND", "API", "VMI"])))


def few(items: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(items, min_size=1, max_size=2).map(tuple)


def kinds(payee: str) -> st.SearchStrategy[TypeRetour]:
    """What one 081 holds: invoices, lump sums or withholdings, and sometimes all of them."""
    factures = few(strategy_for(FactureRetour).map(as_a_payer_writes))
    forfaits, retenues = few(strategy_for(ForfaitRetour).map(with_right_keys)), few(mouvements())
    return (
        st.builds(
            TypeRetour, code_retour=st.sampled_from(["01", "04"]), lieu_execution=st.just(payee), factures=factures
        )
        | st.builds(TypeRetour, code_retour=st.just("03"), lieu_execution=st.just(payee), forfaits=forfaits)
        | st.builds(TypeRetour, code_retour=st.just("05"), lieu_execution=st.just(payee), mouvements=retenues)
        | st.builds(
            TypeRetour,
            code_retour=st.just("01"),
            lieu_execution=st.just(payee),
            factures=factures,
            forfaits=forfaits,
            mouvements=retenues,
        )
    )


@st.composite
def retours(draw: st.DrawFn, *, prestataires: int) -> RetourNoemie:
    """Returns that name at most so many prestataires, few items a level (many are drawn, of every kind)."""
    numbers = draw(st.lists(numeros_prestataire(), min_size=1, max_size=prestataires, unique=True))
    groupes = []
    for _ in range(draw(st.integers(1, 2))):
        payee = draw(st.sampled_from(numbers))
        labels = st.none() | st.sampled_from(["CPAM 999", "VIR A00001-1", "X" * 32])
        groupes.append(
            GroupeVirement(
                beneficiaire_reglement=payee,
                date_comptable=draw(st.dates(date(1980, 1, 1), date(2079, 12, 31))),
                libelle_virement_1=draw(labels),
                libelle_virement_2=draw(labels),
                organisme_payeur=draw(st.none() | st.sampled_from(["CPAM 999", "X" * 10])),
                retours=draw(few(kinds(payee))),
            )
        )
    known = st.sampled_from(["CP", "MA", "TP", "SI"])
    sender = draw(st.text("0123456789", min_size=14, max_size=14))
    file = replace(retour(*groupes), type_emetteur=draw(known), type_destinataire=draw(known), numero_emetteur=sender)
    mandataire = draw(st.none() | numeros_prestataire())
    return replace(file, numero_destinataire=numbers[0], marque=draw(st.sampled_from("TD")), mandataire=mandataire)


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


@given(retours(prestataires=2))
def test_what_is_read_is_what_was_written(file: RetourNoemie) -> None:
    """Each entity in its order, with the values of the model object that it comes from; and the model object itself."""
    found_rows = rows(build(file))
    read_back = [(row.type, row.valeurs) for row in found_rows[1:-1] if row.type != "990"]
    written = list(model_values(file))
    assert [kind for kind, _ in read_back] == [kind for kind, _ in written]
    for (_, found), (_, values) in zip(read_back, written, strict=True):
        assert {name: found[name] for name in values} == values
    assert read_retour(found_rows) == file


@given(retours(prestataires=1))
def test_our_reader_finds_nothing_to_say(file: RetourNoemie) -> None:
    data = build(file)
    assert codes(data) == {"noemie.non_couvert": 1}
    assert b"".join(row.brut for row in rows(data)) == b"".join(noemie_oracle.unwrap(data))


@given(retours(prestataires=3))
@settings(max_examples=settings().max_examples // 2)
def test_several_prestataires_only_say_that_they_differ(file: RetourNoemie) -> None:
    assert set(codes(build(file))) <= {"noemie.non_couvert", "noemie.prestataires_differents"}


def test_data_that_looks_like_a_head_opens_no_file() -> None:
    """A debt without a date before a prestataire in 128: `000`, two capitals, and `128` where a head has its length."""
    owed = MouvementRetour(reference_creance="0", nature_creance="IND", operation="RPR", montant=0, solde=0)
    place = {"prestataire": "003568128"}
    paid = groupe(facture(), **place)
    sold = TypeRetour(code_retour="05", lieu_execution="003568128", mouvements=(owed,))
    data = build(retour(replace(paid, retours=(*paid.retours, sold)), paid))
    looks = envelope_pattern().search(data, 1)
    assert looks is not None
    assert load_edition("noemie", "ps-2007").recognises(data[looks.start() :])
    assert set(codes(data)) <= {"noemie.non_couvert", "noemie.prestataires_differents"}


@given(strategy_for(RetourNoemie))
def test_controls_hold_for_any_value_of_the_model(file: RetourNoemie) -> None:
    wrong = {"noemie.nombre", "noemie.somme", "noemie.niveau", "champ.montant_illisible", "champ.illisible"}
    assert not set(codes(build(file))) & wrong


@given(retours(prestataires=1), st.data())
def test_a_changed_paid_amount_is_seen(file: RetourNoemie, data: st.DataObject) -> None:
    content = build(file)
    zones = {"198": "montant_rembourse", "199": "montant_rembourse", "261": "montant", "250": "montant"}
    paid = [row for row in rows(content) if row.type in zones and row.valeurs.get("operation", "RPR") == "RPR"]
    assume(paid)
    row = data.draw(st.sampled_from(paid))
    assert row.layout is not None
    zone = row.layout.span(zones[row.type])
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


def test_lump_sums_add_to_a_transfer_and_only_withholdings_take_from_it() -> None:
    """18,55 + 300,00 - 50,00; the recording of a debt and its payment by cheque change nothing."""
    movements = (retenue(5000), retenue(7000, "CIN"), retenue(2000, "PAI"))
    one = groupe(facture(1), forfaits=(forfait(30000),), mouvements=movements)
    assert montant(one) == 26855
    data = build(retour(one))
    closing = next(row for row in rows(data) if row.type == "990")
    assert (closing.valeurs["nombre"], closing.valeurs["somme"]) == (5, 26855)
    assert noemie_oracle.wrong_controls(data) == []


def test_withholdings_alone_make_a_negative_transfer() -> None:
    data = build(retour(groupe(code="05", mouvements=(retenue(5000, solde=12000), retenue(250)))))
    closing, trailer = rows(data)[-2:]
    assert (closing.valeurs["somme"], closing.valeurs["signe_somme"]) == (-5250, "N")
    assert trailer.valeurs["total"] == -5250
    assert trailer.valeurs["nombre_lots"] == 0
    assert noemie_oracle.wrong_controls(data) == []
    assert codes(data) == {"noemie.non_couvert": 1}


def test_a_withholding_given_back_is_signed() -> None:
    data = build(retour(groupe(mouvements=(retenue(-5000),))))
    (movement,) = [row for row in rows(data) if row.type == "250"]
    assert (movement.valeurs["montant"], movement.valeurs["signe_montant"]) == (-5000, "N")
    assert rows(data)[-1].valeurs["total"] == 5000


def test_an_invoice_paid_by_two_transfers_stands_under_both_and_names_its_lot_once() -> None:
    split = replace(facture(1), traitement_amc="V")
    amc = part("AMC", 795, "P", 795)
    data = build(retour(groupe(split), groupe(replace(split, parts=(amc,)))))
    assert [row.valeurs["somme"] for row in rows(data) if row.type == "990"] == [1855, 795]
    trailer = rows(data)[-1].valeurs
    assert (trailer["total"], trailer["nombre_lots"]) == (2650, 1)
    assert codes(data) == {"noemie.non_couvert": 1}


def test_a_sum_that_does_not_fit_is_refused() -> None:
    """Eight digits a part, eleven a transfer: 1 001 full parts are too much. Nothing is cut."""
    largest = facture(1, part(paid=99_999_999))
    many = tuple(replace(largest, numero_facture=rank) for rank in range(1, 1002))
    with pytest.raises(BuildError) as refused:
        build(retour(groupe(*many)))
    assert refused.value.code == "champ.refuse"
    assert "990" in refused.value.lieu
