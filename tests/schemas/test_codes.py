"""The code lists as data, proved without the engine: `schemas/codes` read with csv alone; nothing of `fse` is imported.

The cross-table of the overruns is compared with the one that `tests/oracles` retypes on its own.
"""

import csv
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.oracles.depassements import CONVENTION, ROWS

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
CODES = SCHEMAS / "codes"
CONFIDENCE = {"3src", "2src", "1src", "deduit", "memoire", "choix"}
CODE_HEADER = ["code", "libelle", "debut", "fin", "source", "confiance"]
REJECT_HEADER = [*("code", "precision", "libelle", "cause", "action", "famille", "debut", "fin", "source", "confiance")]
CAUSE_HEADER = [
    *("code", "libelle", "cause", "action", "famille", "suite", "debut", "fin", "source", "confiance"),
]
CROSS_HEADER = ["convention", "b2", "noemie", "libelle", "source", "confiance"]

LISTS = sorted(path for path in CODES.glob("*.csv") if path.stem not in ("rejets", "depassements", "causes_arl"))
each_list = pytest.mark.parametrize("path", LISTS, ids=[path.stem for path in LISTS])

EXPLAINING = {
    "famille_rejet": "the families of rejets.csv",
    "qualite_vitale": "the Vitale card's word for the beneficiary; the records carry qualite_beneficiaire",
    "rang_msa": "ranks of the agricultural scheme, whose meaning our sources do not give",
    "mode_securisation": "other software's words for what the records call certification",
}
"""Lists that no field is bound to, and why they are there."""


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def codes_of(name: str) -> list[str]:
    return [row["code"] for row in rows_of(CODES / f"{name}.csv")]


def bound_lists() -> set[str]:
    found = set()
    for path in sorted((SCHEMAS / "layouts").rglob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        holders = [document, *(block for block in document.values() if isinstance(block, dict))]
        fields = [field for holder in holders for field in holder.get("champs", [])]
        found |= {field["table"] for field in fields if "table" in field}
    return found


def prove_provenance(row: dict[str, str]) -> None:
    assert row["libelle"].strip(), row
    assert row["source"].strip(), row
    assert row["confiance"] in CONFIDENCE, row
    assert (row["source"] == "notre choix") == (row["confiance"] == "choix"), row


@each_list
def test_a_code_list_is_well_formed(path: Path) -> None:
    rows = rows_of(path)
    assert {tuple(row) for row in rows} == {tuple(CODE_HEADER)}
    identities = [(row["code"], row["debut"]) for row in rows]
    assert len(set(identities)) == len(identities)
    for row in rows:
        assert row["code"] == row["code"].strip() != ""
        prove_provenance(row)
        days = [date.fromisoformat(row[bound]) for bound in ("debut", "fin") if row[bound]]
        assert days == sorted(days)


def test_rejects_are_four_digits_with_an_optional_precision_and_fictive_ones_say_so() -> None:
    rows = rows_of(CODES / "rejets.csv")
    assert {tuple(row) for row in rows} == {tuple(REJECT_HEADER)}
    assert len({(row["code"], row["precision"]) for row in rows}) == len(rows)
    families = set(codes_of("famille_rejet"))
    for row in rows:
        prove_provenance(row)
        assert re.fullmatch(r"[0-9]{4}", row["code"])
        assert re.fullmatch(r"([0-9]{3})?", row["precision"])
        assert all(row[key].strip() for key in ("cause", "action"))
        assert row["famille"] in families
        assert row["debut"] == row["fin"] == "", "the simulator quotes them at any date"
        fictive = row["code"].startswith("99")
        assert row["libelle"].startswith("(fictif)") == fictive == (row["confiance"] == "choix")
    assert {row["famille"] for row in rows} <= families


def test_causes_of_an_arl_are_all_ours_and_say_what_becomes_of_the_lot() -> None:
    """b2.md 10 and noemie.md 2.1: no list is public."""
    rows = rows_of(CODES / "causes_arl.csv")
    assert {tuple(row) for row in rows} == {tuple(CAUSE_HEADER)}
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        prove_provenance(row)
        assert re.fullmatch(r"99[0-9]{2}", row["code"])
        assert row["libelle"].startswith("(fictif) ")
        assert len(row["libelle"]) <= 60, "the record LOT has no more room"
        assert all(row[key].strip() and not row[key].endswith(".") for key in ("cause", "action", "famille"))
        assert row["suite"] in ("renvoi", "relot", "aucune")
        assert row["debut"] == row["fin"] == "", "the simulator quotes them at any date"
        assert row["confiance"] == "choix"
    assert {row["suite"] for row in rows} == {"renvoi", "relot", "aucune"}
    assert not {row["code"] for row in rows} & set(codes_of("rejets")), "no code means two things"


# noemie.md 2.2, retyped: code, precision, and what its meaning, cause or advice must speak of.
KNOWN_REJECTS = {
    ("0250", "050"): ("assuré", "caisse", "NIR"),
    ("0317", "051"): ("nature d'assurance",),
    ("0450", "072"): ("exonération", "carte", "NIR"),
    ("0460", "053"): ("prescripteur", "FINESS", "ordonnance"),
    ("0470", "049"): ("prescri", "date"),
    ("2900", "005"): ("déjà", "même bénéficiaire", "ne pas renvoyer", "réclamation"),
}


def test_the_six_rejects_that_are_public_keep_their_meaning_and_advice() -> None:
    rows = {(row["code"], row["precision"]): row for row in rows_of(CODES / "rejets.csv")}
    assert {key for key in rows if not key[0].startswith("99")} == set(KNOWN_REJECTS)
    for key, words in KNOWN_REJECTS.items():
        text = " ".join(rows[key][name] for name in ("libelle", "cause", "action"))
        for word in words:
            assert word.lower() in text.lower(), (key, word)


def test_every_list_serves_a_field_or_says_why_not() -> None:
    assert {path.stem for path in LISTS} - bound_lists() == set(EXPLAINING)


def test_the_letters_are_a_hundred_and_more_and_say_when_their_meaning_is_not_known() -> None:
    rows = rows_of(CODES / "lettre_cle.csv")
    assert len(rows) > 100
    assert all(re.fullmatch(r"[0-9A-Z]{1,4}", row["code"]) for row in rows)
    # b2.md 6, the letters that it prints
    printed = (
        "A AIS AMC AMI AMK AMO AMP AMS AMY B BDC C CA CNP CS CSC D DC DI FDA FDC FDO FDR FPE FTN FTR HN ID IF IFA IK "
        "IKM IKS K KA KB KC KCC KE KFA KFB KMO MD MDD MDE MDI MDN MM MPC ORT P PB PH1 PH4 PH7 PHN PMR PRA PRO SC SCM "
        "SES SF SFI SNG SPR STH TB TDR TO UPH V VA VNP VS Z ZM ZN G GS TCG RDV COB RQD MPH IMT CCP APC MHP CRN CRM"
    )
    assert set(printed.split()) <= {row["code"] for row in rows}
    unknown = {row["code"] for row in rows if "sens absent" in row["libelle"]}
    assert {"TCG", "RDV", "COB", "RQD", "IMT", "CCP", "APC"} <= unknown
    assert all(row["confiance"] != "memoire" for row in rows)


def test_the_cross_table_is_the_one_retyped() -> None:
    rows = rows_of(CODES / "depassements.csv")
    assert {tuple(row) for row in rows} == {tuple(CROSS_HEADER)}
    for row in rows:
        prove_provenance(row)
    assert sorted((row["convention"], row["b2"], row["noemie"]) for row in rows) == sorted(ROWS)


def test_every_code_of_the_three_vocabularies_stands_in_one_row() -> None:
    rows = rows_of(CODES / "depassements.csv")
    vocabularies = {
        "convention": list(CONVENTION),
        "b2": codes_of("qualificatif"),
        "noemie": codes_of("qualificatif_noemie"),
    }
    for vocabulary, codes in vocabularies.items():
        assert sorted(row[vocabulary] for row in rows if row[vocabulary]) == sorted(codes), vocabulary


def test_a_row_with_several_codes_is_deduced() -> None:
    for row in rows_of(CODES / "depassements.csv"):
        several = sum(bool(row[name]) for name in ("convention", "b2", "noemie")) > 1
        assert several == (row["confiance"] == "deduit"), row
