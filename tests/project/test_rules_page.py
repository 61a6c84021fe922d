"""`docs/regles.md` names every rule with its two kinds of cases, and all that a profile alone enables."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "regles.md").read_text(encoding="utf-8")
UNVERIFIED = {"tiers", "memoire"}


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(text: str) -> Iterator[list[str]]:
    """The cells of the rows of its tables, headers left out."""
    for line in text.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def stated(folder: str) -> dict[str, dict[str, object]]:
    """What the TOML files of a folder state, by name, their heads left out."""
    found: dict[str, dict[str, object]] = {}
    for path in sorted((ROOT / "schemas" / folder).glob("*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    found.pop("fichier")
    return found


RULES = {cells[0].strip("`"): cells for cells in rows(section("Rules"))}


def test_every_rule_is_there_and_no_other() -> None:
    assert set(RULES) == set(stated("ngap/regles"))


@pytest.mark.parametrize("nom", RULES)
def test_a_rule_has_a_case_in_which_it_shows_and_one_in_which_it_must_not(nom: str) -> None:
    *_, source, confidence, shows, not_in = RULES[nom]
    assert source
    assert confidence
    for column, key in ((shows, "positif"), (not_in, "negatif")):
        cases = re.findall(r"\]\(\.\./(fixtures/cotation/[^)]+\.toml)\)", column)
        assert cases, f"no case {key} for {nom}"
        for case in cases:
            assert nom in tomllib.loads((ROOT / case).read_text(encoding="utf-8"))[key]


def test_what_is_unusable_by_default_is_listed() -> None:
    told = {
        line.split("`")[1] for line in section("Unusable by default").splitlines() if re.match(r"\| \w+ \| `", line)
    }
    rules = {nom for nom, one in stated("ngap/regles").items() if one["confiance"] in UNVERIFIED}
    dated = [*stated("ngap/actes").items(), *stated("parametres").items()]
    others = {
        nom
        for nom, one in dated
        for row in one.get("cotations", one.get("valeurs"))  # type: ignore[attr-defined]
        if row["confiance"] in UNVERIFIED
    }
    empty = {nom for nom, one in stated("parametres").items() if not one["valeurs"]}
    assert told == rules | others | empty


def test_what_a_draft_says_is_never_told_as_the_law() -> None:
    drafts = {
        nom
        for nom, one in stated("parametres").items()
        for row in one["valeurs"]  # type: ignore[attr-defined]
        if row["regime"] != "droit"
    }
    assert drafts
    told = {
        cells[0].strip("`")
        for cells in rows(section("Parameters"))
        if "projet du 07/07/2011, non en vigueur" in cells[2]
    }
    assert told == drafts
