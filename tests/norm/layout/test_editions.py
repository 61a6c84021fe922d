"""An edition is data: a made-up one needs no Python, and what does not hold together is refused when it is loaded."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fse.base import resources
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, FileEnd, FileStart, editions, frame
from fse.norm.layout.loading import loader
from fse.norm.layout.loading.manifest import Family, make_edition
from tests.norm.layout.rebuilding import rebuild

MANIFEST = """
famille = "essai"
edition = "une"
libelle = "Famille inventée"
source = "notre choix"
confiance = "choix"
longueur = 128
cadrage = "flux"
tete = "000"
pied = "999"
structure = "etablie"
discriminants = [{ prefixe = [1, 3] }]
[flux]
drapeau = 1
suite = "0"
dernier = "1"
bourrage = " "
terminateur = "@"
[reconnaissance]
norme = { parmi = ["INVENTEE"] }
[parents]
101 = ["000"]
999 = ["000"]
[succession]
000 = ["101"]
101 = ["101", "999"]
999 = []
"""

HEAD = """
type = "000"
libelle = "Début"
longueur = 128
source = "notre choix"
confiance = "choix"
champs = [
  { nom = "type", debut = 1, fin = 3, longueur = 3, genre = "code", constante = "000" },
  { nom = "type_emetteur", debut = 4, fin = 5, longueur = 2, genre = "code" },
  { nom = "norme", debut = 6, fin = 13, longueur = 8, genre = "code", constante = "INVENTEE" },
  { nom = "blanc_14", debut = 14, fin = 82, longueur = 69, genre = "blanc" },
  { nom = "longueur_enregistrement", debut = 83, fin = 85, longueur = 3, genre = "chiffres", constante = "128" },
  { nom = "blanc_86", debut = 86, fin = 128, longueur = 43, genre = "blanc" },
]
"""

TAIL = """
type = "999"
libelle = "Fin"
longueur = 128
source = "notre choix"
confiance = "choix"
champs = [
  { nom = "type", debut = 1, fin = 3, longueur = 3, genre = "code", constante = "999" },
  { nom = "blanc_4", debut = 4, fin = 128, longueur = 125, genre = "blanc" },
]
"""

ENTITY = """
type = "101"
libelle = "Mesures"
longueur = 32
source = "notre choix"
confiance = "choix"
champs = [
  { nom = "type", debut = 1, fin = 3, longueur = 3, genre = "code", constante = "101" },
  { bloc = "mesure" },
  { nom = "terminateur", debut = 32, fin = 32, longueur = 1, genre = "code", constante = "@" },
]
"""

BLOCKS = """
[mesure]
champs = [
  { nom = "niveau", debut = 4, fin = 7, longueur = 4, genre = "chiffres" },
  { nom = "montant", debut = 8, fin = 12, longueur = 5, genre = "montant", fois = 4, pas = 6 },
  { nom = "signe", debut = 13, fin = 13, longueur = 1, genre = "signe", signe_de = "montant", fois = 4, pas = 6 },
]
"""

Documents = dict[str, Any]


@pytest.fixture
def schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of schemas that holds one made-up edition and the envelope of all families, and nothing else."""
    envelope = resources.read_text("layouts/enveloppe.toml")
    folder = tmp_path / "schemas" / "layouts" / "essai" / "une"
    folder.mkdir(parents=True)
    for name, text in {"famille": MANIFEST, "000": HEAD, "999": TAIL, "101": ENTITY, "blocs": BLOCKS}.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    (tmp_path / "schemas" / "layouts" / "enveloppe.toml").write_text(envelope, encoding="utf-8")
    monkeypatch.setattr(resources, "_root", lambda name: tmp_path / name)
    return folder


def documents() -> Documents:
    toml = loader.tomllib.loads
    records = {"000": toml(HEAD), "999": toml(TAIL), "101": toml(ENTITY)}
    blocs = {name: block["champs"] for name, block in toml(BLOCKS).items()}
    return {"manifest": toml(MANIFEST), "blocs": blocs, "records": records}


def test_a_made_up_edition_is_read_and_written_without_python(schemas: Path) -> None:
    edition = loader.read_edition("layouts/essai/une")
    one = {"niveau": "0001", "montant_1": 5, "montant_2": -7, "montant_3": 0, "montant_4": 99999}
    entities = [edition.build("101", one | {"montant_1": amount}) for amount in range(9)]
    data = frame(edition, [edition.build("000", {"type_emetteur": "ZZ"}), *entities, edition.build("999", {})])
    items = list(read([data], (edition,)))
    assert rebuild(items) == data
    rows = [item for item in items if isinstance(item, EntityRow)]
    assert [row.valeurs["montant_1"] for row in rows if row.type == "101"] == list(range(9))
    assert rows[1].valeurs["montant_2"] == -7
    assert {row.rang_parent for row in rows[1:]} == {1}
    assert [row.constats for row in rows] == [()] * 11
    assert [item.edition for item in items if isinstance(item, FileStart)] == [edition]
    assert [item.complet for item in items if isinstance(item, FileEnd)] == [True]


def test_an_edition_inherits_and_states_its_differences(schemas: Path) -> None:
    child = schemas.parent / "deux"
    child.mkdir()
    difference = 'herite = "une"\nedition = "deux"\nlibelle = "La suivante"\nretire = []\n'
    (child / "famille.toml").write_text(difference, encoding="utf-8")
    longer = ENTITY.replace("32", "33").replace("champs = [", "champs = [\n" + FIELD_32)
    (child / "101.toml").write_text(longer, encoding="utf-8")
    first, second = loader.read_edition("layouts/essai/une"), loader.read_edition("layouts/essai/deux")
    assert (second.nom, second.famille, second.stream) == ("deux", "essai", first.stream)
    assert second.layouts["101"].longueur == 33
    assert second.layouts["000"].champs == first.layouts["000"].champs


FIELD_32 = '  { nom = "de_plus", debut = 32, fin = 32, longueur = 1, genre = "code" },\n'


def test_an_edition_drops_records_of_its_parent() -> None:
    parent = Family(**documents())
    child = loader.inherit(parent, {"retire": ["101"]}, {}, {})
    assert set(child.records) == {"000", "999"}
    with pytest.raises(ValueError, match="no layout"):
        make_edition(child, "essai")


def test_editions_do_not_inherit_in_a_circle(schemas: Path) -> None:
    (schemas / "famille.toml").write_text('herite = "une"\n' + MANIFEST, encoding="utf-8")
    with pytest.raises(ValueError, match="inherits itself"):
        loader.read_edition("layouts/essai/une")


def test_a_folder_holds_the_edition_that_it_names(schemas: Path) -> None:
    (schemas / "famille.toml").write_text(MANIFEST.replace('"une"', '"deux"'), encoding="utf-8")
    with pytest.raises(ValueError, match="is not the edition"):
        loader.read_edition("layouts/essai/une")
    (schemas / "famille.toml").unlink()
    with pytest.raises(ValueError, match=r"no famille\.toml"):
        loader.read_edition("layouts/essai/une")


def test_the_shipped_editions_hold_together() -> None:
    assert {(edition.famille, edition.nom) for edition in editions()} >= {("b2", "ps-2003"), ("noemie", "ps-2007")}


# --- what is refused -------------------------------------------------------------------------------------------------


def field(position: int, **changes: Any) -> Callable[[Documents], None]:
    """A change of one field of record 101's block: 0 niveau, 1 montant, 2 signe."""

    def change(data: Documents) -> None:
        entry = data["blocs"]["mesure"][position]
        for key, value in changes.items():
            entry.pop(key) if value is None else entry.update({key: value})

    return change


def record(**changes: Any) -> Callable[[Documents], None]:
    return lambda data: data["records"]["101"].update(changes)


def manifest(**changes: Any) -> Callable[[Documents], None]:
    def change(data: Documents) -> None:
        for key, value in changes.items():
            data["manifest"].pop(key) if value is None else data["manifest"].update({key: value})

    return change


def within(table: str, **changes: Any) -> Callable[[Documents], None]:
    return lambda data: data["manifest"][table].update(changes)


def added(table: str, **rows: Any) -> Callable[[Documents], None]:
    return lambda data: data["manifest"].update({table: rows})


def remove_field(data: Documents) -> None:
    del data["blocs"]["mesure"][0]


def double_record(data: Documents) -> None:
    data["records"]["102"] = data["records"]["101"]


def unsigned_entity(data: Documents) -> None:
    data["records"]["101"]["champs"][-1] = data["records"]["101"]["champs"][-1] | {"constante": "!"}


BAD: dict[str, tuple[Callable[[Documents], None], str]] = {
    "a gap": (remove_field, "does not start at 4"),
    "an overlap": (field(0, fin=8, longueur=5), "does not start at 9"),
    "a length that lies": (field(0, longueur=5), "its length lies"),
    "a wrong sum": (record(longueur=33), "fields end at 32, not 33"),
    "a name twice": (field(0, nom="type"), "a field name stands twice"),
    "a name missing": (field(0, nom=None), "missing keys"),
    "an unknown key of a field": (field(0, taille=4), "unknown key taille"),
    "a key of another type": (field(0, debut="4"), "debut is not of the type int"),
    "a truth for a number": (field(0, debut=True), "debut is not of the type int"),
    "an unknown kind": (field(0, genre="numero"), "unknown kind numero"),
    "an unknown presence": (field(0, presence="X"), "unknown presence"),
    "an unknown meaning of zeros": (field(0, zeros="rien"), "what zeros mean"),
    "zeros in a text": (field(0, genre="code", zeros="absent"), "what zeros mean"),
    "an unknown alignment": (field(0, genre="texte", cadrage="milieu"), "alignment"),
    "digits aligned": (field(0, cadrage="droite"), "alignment"),
    "decimals of an integer": (field(0, decimales=2), "is no decimal"),
    "a decimal without decimals": (field(0, genre="decimal"), "is no decimal"),
    "a constant of a wrong length": (field(0, constante="00"), "wrong length"),
    "a default of a wrong length": (field(0, defaut="00"), "wrong length"),
    "a default that does not read": (field(0, defaut="00X0"), "cannot read"),
    "a constant and a default": (field(0, constante="0001", defaut="0001"), "both"),
    "a sign of nothing": (field(2, signe_de=None), "sign without an amount"),
    "a sign of an absent field": (field(2, signe_de="somme"), "no amount"),
    "a sign of a code": (field(1, genre="entier"), "no amount"),
    "an amount that signs": (field(1, signe_de="signe"), "sign without an amount, or the reverse"),
    "a repeat without a step": (field(0, fois=2), "without a step"),
    "a step that leaves gaps": (field(1, pas=7), "does not start at"),
    "an unknown block": (record(champs=[{"bloc": "autre"}]), "no block autre"),
    "an unknown key of a record": (record(couleur="bleu"), "unknown key couleur"),
    "a record type twice": (double_record, "two records have the type 101"),
    "an entity without terminator": (unsigned_entity, "does not end with the terminator"),
    "an unknown key of the manifest": (manifest(couleur="bleu"), "unknown key couleur"),
    "a key of the manifest missing": (manifest(pied=None), "missing keys"),
    "an unknown framing": (manifest(cadrage="lignes"), "the framing is fixe"),
    "fixed with a stream": (manifest(cadrage="fixe"), "the framing is fixe"),
    "a stream without its table": (manifest(flux=None), "the framing is fixe"),
    "a flag of two bytes": (within("flux", drapeau=2), "one byte each"),
    "a terminator of two bytes": (within("flux", terminateur="@@"), "one byte each"),
    "an unknown key of the stream": (within("flux", couleur="bleu"), "unknown key couleur"),
    "an unknown structure": (manifest(structure="connue"), "the structure is"),
    "an unknown type in the tree": (within("parents", **{"101": ["100"]}), r"no layout: \['100'\]"),
    "an unknown type in the succession": (within("succession", **{"101": ["100"]}), r"no layout: \['100'\]"),
    "an unknown head": (manifest(tete="001"), "no layout"),
    "a record out of the tree": (lambda data: data["manifest"]["parents"].pop("101"), "without a place in the tree"),
    "a record that nothing follows": (lambda data: data["manifest"]["succession"].pop("101"), "says nothing"),
    "an envelope of another length": (manifest(longueur=127), "not as long as a physical record"),
    "a type that nothing tells": (manifest(discriminants=[{"prefixe": [1, 2]}]), "do not tell"),
    "an unknown key of a discriminant": (manifest(discriminants=[{"prefixe": [1, 3], "si": 1}]), "unknown key si"),
    "a condition on an absent field": (within("reconnaissance", couleur={"motif": "."}), "does not have"),
    "a condition that says nothing": (within("reconnaissance", norme={}), "is one of parmi"),
    "a condition that is no regular expression": (within("reconnaissance", norme={"motif": "("}), "regular expression"),
    "an open list that is none": (field(0, ouverte=True), "opens a code list"),
    "details of an unknown record": (added("details", **{"102": {"maximum": 1}}), "no layout"),
    "an unknown key of a detail": (added("details", **{"101": {"minimum": 1}}), "unknown key minimum"),
    "a detail counted by an amount": (
        added("details", **{"101": {"numero": "montant_1"}}),
        "101.montant_1 is no field",
    ),
    "a detail ordered by a number": (added("details", **{"101": {"croissant": "niveau"}}), "101.niveau is no field"),
    "a control without opener": (added("controles", **{"999": {"nombres": {}}}), "missing keys"),
    "a control of an unknown record": (added("controles", **{"999": {"ouvre": "100"}}), "no layout"),
    "a count in a filler": (
        added("controles", **{"999": {"ouvre": "000", "nombres": {"blanc_4": ["101"]}}}),
        "is no field",
    ),
    "a sum of nothing": (
        added("controles", **{"101": {"ouvre": "000", "sommes": {"montant_1": ["101.somme"]}}}),
        "101.somme is no field",
    ),
    "a condition that says twice": (within("reconnaissance", norme={"motif": ".", "sauf": []}), "is one of parmi"),
}


def test_the_made_up_documents_are_good() -> None:
    assert make_edition(Family(**documents()), "essai").nom == "une"


@pytest.mark.parametrize(("change", "reason"), BAD.values(), ids=BAD)
def test_bad_data_is_refused(change: Callable[[Documents], None], reason: str) -> None:
    data = copy.deepcopy(documents())
    change(data)
    with pytest.raises(ValueError, match=reason):
        make_edition(Family(**data), "essai")
