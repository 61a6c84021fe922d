"""The older generation, lump sums and withholdings: written entity by entity, proved by the sums, never refused."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest

from fse.base.findings import Finding
from fse.norm.codec.noemie.building import EDITION
from fse.norm.codec.reading import read, uncovered_fields
from fse.norm.layout import EntityRow, Value, count_records, frame
from tests.norm.codec.noemie_samples import DAY, PRESTATAIRE
from tests.oracles import noemie_oracle
from tests.oracles.positions_noemie import NOEMIE, PERSONAL

Entity = tuple[str, Mapping[str, Value]]

PAYEE: Entity = ("040", {"beneficiaire_reglement": PRESTATAIRE})
OLDER: list[Entity] = [
    PAYEE,
    ("070", {"date_comptable": DAY}),
    ("080", {"date_lot": DAY, "numero_lot": 1}),
    ("100", {"numero_facture": 1}),
    ("110", {"nir": "2951099126000", "cle_nir": "10", "nature_nom": "U", "nom": "ESSAI", "prenom": "CAMILLE"}),
    ("120", {"date_naissance": "951301", "rang_naissance": 1, "nom": "ESSAI", "prenom": "CAMILLE"}),
    ("150", {"nature_assurance": "AS"}),
    ("160", {"numero_archivage": "A12"}),
    (
        "210",
        {
            "numero_ligne": 1,
            "date_soins": DAY,
            "prix_unitaire": 2300,
            "base": 2300,
            "taux": 70,
            "montant_rembourse": 1610,
            "code_acte": "C",
            "complement_acte": "F",
            "quantite": 1,
            "coefficient": Decimal("1.50"),
            "denombrement": 1,
            "honoraires": 2800,
            "qualificatif": "DE",
            "taux_alsace_moselle": 20,
            "montant_alsace_moselle": 460,
            "taux_complementaire": 10,
            "montant_complementaire": 230,
            "base_complementaire": 2300,
        },
    ),
    ("290", {"numero_ligne": 1, "codification": "0450 072", "libelle_rejet": "EXONERATION ABSENTE"}),
    ("210", {"numero_ligne": 2, "prix_unitaire": 0, "base": 0, "taux": 70, "montant_rembourse": -500}
     | {"code_acte": "MD", "quantite": 1, "coefficient": Decimal(1), "honoraires": 0}),
]  # fmt: skip
OLDER_PAID = 1610 + 460 + 230 - 500
MOVEMENTS: list[Entity] = [
    ("261", {"code_paiement": "ROSP1", "montant": 30000}),
    ("262", {"libelle_detail": "INDICATEURS", "periode": "A", "date_debut": DAY, "date_fin": DAY, "montant": 30000}),
    ("250", {"numero_ligne": 1, "reference_creance": "IND42", "operation": "RPR", "montant": 5000, "solde": 100}),
]
NEWER: list[Entity] = [
    PAYEE,
    ("071", {"date_comptable": DAY, "libelle_virement_1": "CPAM 999"}),
    ("081", {"code_retour": "01", "lieu_execution": PRESTATAIRE}),
    ("102", {"numero_facture": 1, "numero_lot": 1, "date_lot": DAY, "date_facture": DAY, "nature_assurance": "10"}),
    ("103", {"nir": "2951099126000", "cle_nir": "10", "nom_usage": "ESSAI", "nom_beneficiaire": "ESSAI"}),
    ("198", {"montant_demande": 1855, "etat": "P", "montant_rembourse": 1855}),
    ("294", {"code_rejet": "9901", "niveau_rejet": "L", "partie": "O", "rang_rejet": 1}),
    ("295", {"code_commentaire": "1", "texte_commentaire": "VOIR COURRIER @ 250 DU MOIS"}),
]
NEWER_PAID = 1855


def control(opener: str, nombre: int, somme: int, ordinal: int = 1) -> Entity:
    return "990", {"identification_niveau": f"{opener}{ordinal:014d}", "nombre": nombre, "somme": somme}


def file_of(entities: Sequence[Entity | bytes], total: int, lots: int = 1, programme: str = "FSE") -> bytes:
    """A file of these entities, each built from its values or given as bytes."""
    built = [one if isinstance(one, bytes) else EDITION.build(*one) for one in entities]
    envelope: dict[str, Value] = {
        "programme_emetteur": programme,
        "numero_emetteur": "00000019990000",
        "type_destinataire": "TP",
        "numero_destinataire": PRESTATAIRE,
        "identifiant_fichier": "A00001",
        "marque": "T",
    }
    counts: dict[str, Value] = {
        "nombre_enregistrements": count_records(EDITION, built),
        "nombre_lots": lots,
        "total": total,
    }
    head = EDITION.build("000", envelope | {"date_creation": DAY})
    return frame(EDITION, [head, *built, EDITION.build("999", envelope | counts)])


def rows(data: bytes) -> list[EntityRow]:
    return [item for item in read([data]) if isinstance(item, EntityRow)]


def findings(data: bytes) -> list[Finding]:
    found: list[Finding] = []
    for item in read([data]):
        found.extend(item.constats if isinstance(item, EntityRow) else [item] if isinstance(item, Finding) else [])
    return [one for one in found if one.code != "noemie.non_couvert"]


def codes(data: bytes) -> Counter[str]:
    return Counter(one.code for one in findings(data))


OLDER_FILE = file_of([*OLDER, *MOVEMENTS, control("070", 3, OLDER_PAID + 25000)], OLDER_PAID + 25000)
NEWER_FILE = file_of([*NEWER, *MOVEMENTS, control("071", 3, NEWER_PAID + 25000)], NEWER_PAID + 25000)


@pytest.mark.parametrize("data", [OLDER_FILE, NEWER_FILE], ids=["older", "newer"])
def test_a_sound_file_of_either_generation_is_proved(data: bytes) -> None:
    assert findings(data) == []
    assert noemie_oracle.wrong_controls(data) == []
    assert [row.brut for row in rows(data)] == noemie_oracle.unwrap(data)


def text_of(value: Value, width: int) -> str:
    """The text of a value by the plainest reading of the rules of both writers (noemie.md 1.2)."""
    if isinstance(value, date):
        return f"{value:%y%m%d}"
    if isinstance(value, Decimal):
        return f"{int(value * 100):0{width}d}"
    return f"{abs(value):0{width}d}" if isinstance(value, int) else str(value).ljust(width)


@pytest.mark.parametrize(("kind", "values"), [*OLDER, *MOVEMENTS, *NEWER])
def test_an_entity_is_written_where_the_norm_prints_it_and_read_as_it_was_given(
    kind: str, values: Mapping[str, Value]
) -> None:
    record = EDITION.build(kind, values)
    texts = noemie_oracle.cut(record)
    widths = {name: end - start + 1 for name, start, end in NOEMIE[kind]}
    assert {name: texts[name] for name in values} == {name: text_of(values[name], widths[name]) for name in values}
    assert texts["terminateur"] == "@"
    parsed = EDITION.layouts[kind].parse(record)
    assert {name: parsed[name] for name in values} == values


def test_every_entity_of_the_norm_stands_in_the_two_files() -> None:
    assert {row.type for data in (OLDER_FILE, NEWER_FILE) for row in rows(data)} | {"199", "020"} == set(NOEMIE)


def test_what_names_somebody_is_personal_everywhere() -> None:
    found = {
        kind: {field.nom for field in layout.champs if field.personnel} for kind, layout in EDITION.layouts.items()
    }
    assert {kind: names for kind, names in found.items() if names} == PERSONAL


def rewritten(data: bytes, row: EntityRow, changed: bytes) -> bytes:
    entities = noemie_oracle.unwrap(data)
    entities[row.rang - 1] = changed
    return noemie_oracle.wrap(entities[1:-1], entities[0], entities[-1])


PROVED = {
    "210": ("montant_rembourse", "signe_rembourse", "montant_alsace_moselle", "montant_complementaire"),
    "250": ("operation", "montant", "signe_montant"),
    "261": ("montant",),
    "990": ("identification_niveau", "nombre", "somme", "signe_somme"),
}


@pytest.mark.parametrize("data", [OLDER_FILE, NEWER_FILE], ids=["older", "newer"])
def test_every_digit_that_moves_money_is_proved(data: bytes) -> None:
    tried = 0
    for row in rows(data):
        assert row.layout is not None
        for nom in PROVED.get(row.type, ()):
            span = row.layout.span(nom)
            for place in range(span.start, span.stop):
                other = {ord("P"): b"N", ord("N"): b"P", ord("9"): b"8"}.get(row.brut[place], b"9")
                changed = row.brut[:place] + other + row.brut[place + 1 :]
                found = findings(rewritten(data, row, changed))
                assert any(one.sets_aside for one in found), (row.type, nom, place)
                tried += 1
    assert tried > 50


def test_what_the_sums_prove_is_not_listed_as_uncovered_and_the_rest_is() -> None:
    uncovered = uncovered_fields(EDITION)
    for kind, names in PROVED.items():
        assert not set(names) & set(uncovered[kind])
    assert set(uncovered["262"]) == {name for name, _, _ in NOEMIE["262"]} - {"type", "terminateur"}
    assert {"prix_unitaire", "base", "taux", "honoraires"} <= set(uncovered["210"])
    assert {"solde", "reference_creance"} <= set(uncovered["250"])


def listed(data: bytes) -> str:
    return next(one.message for one in read([data]) if isinstance(one, Finding) and one.code == "noemie.non_couvert")


def test_only_what_the_file_holds_is_listed_as_uncovered() -> None:
    assert "210 (" in listed(OLDER_FILE)
    assert "102 (" not in listed(OLDER_FILE)
    assert "250 hors retenue" not in listed(OLDER_FILE)
    recorded: Entity = ("250", dict(MOVEMENTS[-1][1]) | {"operation": "CIN"})
    data = file_of([*NEWER, recorded, control("071", 2, NEWER_PAID)], NEWER_PAID)
    assert findings(data) == []
    assert "250 hors retenue (operation, montant, signe_montant)" in listed(data)


# --- the tree --------------------------------------------------------------------------------------------------------


def parents(data: bytes) -> dict[str, str | None]:
    """Type of the parent of each type, in a file where each has one."""
    found = rows(data)
    by_rank = {row.rang: row.type for row in found}
    return {row.type: by_rank.get(row.rang_parent or 0) for row in found}


def test_each_entity_stands_under_its_parent() -> None:
    older, newer = parents(OLDER_FILE), parents(NEWER_FILE)
    both = {"000": None, "040": "000", "262": "261", "999": "000"}
    assert older == {
        **both,
        "070": "040",
        "080": "070",
        "990": "070",
        **dict.fromkeys(("100", "250", "261"), "080"),
        **dict.fromkeys(("110", "120", "150", "160", "210", "290"), "100"),
    }
    assert newer == {
        **both,
        "071": "040",
        "081": "071",
        "990": "071",
        **dict.fromkeys(("102", "250", "261"), "081"),
        **dict.fromkeys(("103", "198", "294", "295"), "102"),
    }


def test_a_mandataire_is_above_the_payees() -> None:
    group = [*NEWER, control("071", 1, NEWER_PAID)]
    data = file_of([("020", {"mandataire": "009876546"}), *group], NEWER_PAID)
    assert findings(data) == []
    assert parents(data) | {"020": "000", "040": "020"} == parents(data)


@pytest.mark.parametrize("kind", ["110", "120", "150", "160", "210", "290", "103", "198", "294", "295"])
def test_a_detail_without_its_invoice_is_set_aside(kind: str) -> None:
    source = OLDER if kind in {one for one, _ in OLDER} else NEWER
    detail = next(one for one in source if one[0] == kind)
    found = findings(file_of([*source[:3], detail, control(source[1][0], 0, 0)], 0, lots=0))
    orphans = [one for one in found if one.code == "structure.parent_absent"]
    assert [one.place.type for one in orphans] == [kind]
    assert all(one.sets_aside for one in orphans)


# --- two generations in one file -------------------------------------------------------------------------------------


def test_a_file_of_both_generations_is_noticed_once_and_not_refused() -> None:
    groups = [*OLDER, control("070", 1, OLDER_PAID), *NEWER, control("071", 1, NEWER_PAID, ordinal=2)]
    for programme in ("FSE", "AUTRE"):
        found = findings(file_of(groups, OLDER_PAID + NEWER_PAID, programme=programme))
        assert [(one.code, one.place.type) for one in found] == [("noemie.generations_melees", "071")]
        assert not found[0].sets_aside


def test_an_invoice_of_one_generation_in_a_transfer_of_the_other_is_read_where_it_stands() -> None:
    mixed = [*NEWER[:2], *OLDER[2:4], *NEWER[5:6], control("071", 1, NEWER_PAID)]
    data = file_of(mixed, NEWER_PAID)
    assert set(codes(data)) == {"noemie.generations_melees", "structure.succession_supposee"}
    assert parents(data)["198"] == "100"
    assert not any(one.sets_aside for one in findings(data))


# --- lots of the older generation ------------------------------------------------------------------------------------


def test_a_lot_of_the_older_generation_is_named_by_its_080() -> None:
    """Three 080: two lots of one day, then the first again; another payee makes a third lot of the first number."""
    invoice = [OLDER[3], OLDER[8]]
    acts = OLDER_PAID + 500
    first, second = OLDER[2], ("080", {"date_lot": DAY, "numero_lot": 2})
    group = [PAYEE, OLDER[1], first, *invoice, second, *invoice, first, *invoice, control("070", 3, 3 * acts)]
    assert findings(file_of(group, 3 * acts, lots=2)) == []
    other: list[Entity] = [("040", {"beneficiaire_reglement": "009876546"}), OLDER[1], first, *invoice]
    data = file_of([*group, *other, control("070", 1, acts, ordinal=2)], 4 * acts, lots=3)
    assert set(codes(data)) == {"noemie.prestataires_differents"}


# --- entities that no layout knows -----------------------------------------------------------------------------------

UNKNOWN = b"25503" + b"NOTE @ LIRE, 12@ET SUITE".ljust(54) + b"@"


@pytest.mark.parametrize("place", [0, 3, 5, 8, 9], ids=["first", "among", "in an invoice", "before 990", "last"])
def test_an_unknown_entity_is_kept_and_reported_and_reading_resumes(place: int) -> None:
    """60 bytes of a type of another norm; the terminator inside its text is followed by no start of an entity."""
    assert len(UNKNOWN) == 60
    entities: list[Entity | bytes] = [*NEWER, control("071", 1, NEWER_PAID)]
    data = file_of([*entities[:place], UNKNOWN, *entities[place:]], NEWER_PAID)
    unknown = rows(data)[place + 1]
    assert (unknown.type, unknown.brut, unknown.layout, unknown.rang_parent) == ("255", UNKNOWN, None, None)
    assert [(one.code, one.place.rang) for one in findings(data)] == [("structure.type_inconnu", place + 2)]
    assert [row.type for row in rows(data) if row.layout] == ["000", *(kind for kind, _ in NEWER), "990", "999"]
