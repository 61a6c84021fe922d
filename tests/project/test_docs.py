"""The generated pages say what the data says today, every field of it, and no link of the documentation is dead."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from docs.generator import FOLDER, differences, tree
from docs.generator import pages as made
from docs.generator.sources import Documented, all_editions
from docs.generator.wording import KINDS
from fse.norm.layout import Field, Layout, load_edition
from fse.norm.layout.edition import Detail
from fse.norm.layout.kinds import KINDS as KNOWN_KINDS

ROOT = Path(__file__).resolve().parents[2]
LAYOUTS = ROOT / "schemas" / "layouts"
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("fixtures/*.md")])
EDITIONS = sorted(path.parent.relative_to(LAYOUTS).as_posix() for path in LAYOUTS.glob("*/*/famille.toml"))

pages = cache(made)

each_edition = pytest.mark.parametrize("edition", EDITIONS)


# --- fresh -----------------------------------------------------------------------------------------------------------


def test_the_pages_are_those_of_the_data() -> None:
    wanted = pages()
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / FOLDER).glob("*.md")} == {
        name for name in wanted if name.startswith(FOLDER)
    }, "run make docs"
    stale = [name for name, text in wanted.items() if (ROOT / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run make docs"


def test_there_is_a_page_for_each_edition() -> None:
    assert {f"{FOLDER}/{edition.replace('/', '-')}.md" for edition in EDITIONS} <= set(pages())


# --- complete: the data is read here with tomllib alone --------------------------------------------------------------


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def records_of(page: str) -> dict[str, list[list[str]]]:
    """The rows of the tables under `## Records`, by record."""
    found: dict[str, list[list[str]]] = {}
    for part in page.split("\n## Records\n")[1].split("\n### ")[1:]:
        found[part.split("\n")[0]] = [cells(line) for line in part.splitlines() if re.match(r"\| \d", line)]
    return found


@each_edition
def test_a_page_holds_every_field_that_the_edition_states(edition: str) -> None:
    tables = records_of(pages()[f"{FOLDER}/{edition.replace('/', '-')}.md"])
    for path in (LAYOUTS / edition).glob("*.toml"):
        if path.stem in ("famille", "blocs"):
            continue
        record = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = {row[0]: row for row in tables[record["type"]]}
        for field in record["champs"]:
            if "bloc" in field:
                continue
            last = f"-{field['fin']}" if field["longueur"] > 1 else ""
            row = rows[f"{field['debut']}{last}"]
            assert row[1] == str(field["longueur"])
            assert row[2].strip("`").removesuffix("_1" if "fois" in field else "") == field["nom"]
            assert row[5] == field["libelle"].replace("|", "\\|")
            assert row[7:] == [field.get("source", record["source"]), field.get("confiance", record["confiance"])]
            assert f"codes.md#{field['table']})" in row[6] if "table" in field else "codes.md" not in row[6]


@each_edition
def test_the_rows_of_a_record_touch_and_reach_its_length(edition: str) -> None:
    for type, rows in records_of(pages()[f"{FOLDER}/{edition.replace('/', '-')}.md"]).items():
        following = 1
        for row in rows:
            first, last = (int(one) for one in (row[0].split("-") * 2)[:2])
            assert (first, last - first + 1) == (following, int(row[1])), type
            following = last + 1
        assert len(rows) > 1


def test_coverage_counts_every_field_once() -> None:
    text = pages()["docs/couverture.md"]
    for one in all_editions():
        counts = Counter(field.confiance for layout in one.edition.layouts.values() for field in layout.champs)
        row = next(cells(line) for line in text.splitlines() if line.startswith(f"| [`{one.name}`]"))
        assert int(row[3]) == counts.total() == sum(int(cell or 0) for cell in row[4:])
        part = text.split(f"\n### Fields of {one.name}\n")[1].split("\n### ")[0]
        for type, layout in one.edition.layouts.items():
            if one.inherits(type):
                continue
            listed = part.split(f"\n- `{type}` ")[1].split("\n- ")[0]
            assert all(re.search(rf"\b{field.debut}(-{field.fin})? {field.nom}\b", listed) for field in layout.champs)


def test_every_kind_is_explained() -> None:
    assert set(KINDS) == set(KNOWN_KINDS)


def test_what_is_not_covered_says_why_and_from_whom() -> None:
    entries = tomllib.loads((LAYOUTS / "non_couvert.toml").read_text(encoding="utf-8"))["absent"]
    text = pages()["docs/couverture.md"]
    keys = {key.strip() for row in source_keys() for key in row.split(",")}
    for one in entries:
        assert set(one) == {"famille", "quoi", "pourquoi", "effet", "source"}
        assert all(value.strip() and "\n" not in value for value in one.values())
        assert one["famille"] in {"b2", "noemie", "codes", "arl", "securite", "transport", "droit"}
        assert one["quoi"] in text
        short = [key for key in re.split(", ", one["source"]) if key.isupper() or re.fullmatch(r"[A-Z]+\d+", key)]
        assert set(short) <= keys, one["quoi"]


def source_keys() -> Iterator[str]:
    """The first column of the table of keys in docs/sources.md."""
    lines = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8").split("| key |")[1].splitlines()[2:]
    yield from (cells(line)[0] for line in lines if line.startswith("|"))


# --- an edition that inherits, and a tree, made up -------------------------------------------------------------------

PARENT = load_edition("b2", "ps-2003")


def changed(layout: Layout, *champs: Field) -> Layout:
    """The layout with these fields instead of those that they overlap."""
    kept = [one for one in layout.champs if all(one.fin < new.debut or one.debut > new.fin for new in champs)]
    ordered = tuple(sorted([*kept, *champs], key=lambda field: field.debut))
    return Layout(type=layout.type, libelle=layout.libelle, longueur=layout.longueur, champs=ordered)


def test_a_page_opens_with_what_its_edition_changes() -> None:
    end = PARENT.layouts["5"]
    sesam, split = end.champ("reserve_sesam_42"), end.champ("eclatement_oct")
    new = changed(
        end,
        replace(sesam, nom="premier", fin=49, longueur=8),
        replace(sesam, nom="second", debut=50, longueur=8),
        replace(split, presence="O", source="another"),
    )
    layouts = {type: layout for type, layout in PARENT.layouts.items() if type != "6"} | {"5": new}
    parents = {type: above for type, above in PARENT.parents.items() if type != "6"}
    heir = replace(PARENT, nom="made-up", layouts=layouts, parents=parents, details={"4": Detail(maximum=26)})
    text = differences.described(Documented(heir, PARENT))
    assert "Records that it drops: `6`." in text
    assert "Tables of the manifest that it restates: `parents`, `details`." in text
    rows = [cells(line) for line in text.splitlines() if line.startswith("| [")]
    assert rows == [
        ["[`5`](#5)", "42-57", "42-57 `reserve_sesam_42`", "42-49 `premier`, 50-57 `second`"],
        ["[`5`](#5)", "90", "`eclatement_oct`: presence = F", "`eclatement_oct`: presence = O"],
    ]


def test_an_edition_that_inherits_nothing_changes_nothing() -> None:
    assert differences.described(Documented(PARENT, None)) == ""


def test_the_tree_draws_a_record_once_with_its_other_parents_and_its_limits() -> None:
    types = ("000", "1", "2", "4", "5", "6", "999")
    made_up = replace(
        PARENT,
        layouts={type: PARENT.layouts[type] for type in types},
        parents={"1": ("000",), "2": ("1",), "4": ("2", "1"), "5": ("2",), "6": ("1",), "999": ("000",)},
        details={"4": Detail(maximum=26, numero="sequence", croissant="date_soins")},
    )
    assert tree.drawn(made_up).splitlines() == [
        "000         En-tête de fichier",
        "├─ 1        En-tête de lot",
        "│  ├─ 2     En-tête de facture",
        "│  │  ├─ 4  Ligne de prestation  or in 1; at most 26, sequence counts from 1, date_soins never goes back",
        "│  │  └─ 5  Fin de facture",
        "│  └─ 6     Fin de lot",
        "└─ 999      Fin de fichier",
    ]


# --- links -----------------------------------------------------------------------------------------------------------


def prose(path: Path) -> str:
    """The text of a page without its code."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "code", text)


def anchors(path: Path) -> set[str]:
    """The anchors of the headings of a page, as the usual readers of Markdown make them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    seen: Counter[str] = Counter()
    found = set()
    for heading in re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def dead(path: Path) -> Iterator[str]:
    """The links of a page that lead to no file, or to no heading of it."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        outside = bool(name) and not file.is_relative_to(ROOT)
        if outside or not file.exists() or (anchor and anchor not in anchors(file)):
            yield target


@pytest.mark.parametrize("path", PAGES, ids=[path.relative_to(ROOT).as_posix() for path in PAGES])
def test_no_link_is_dead(path: Path) -> None:
    assert list(dead(path)) == []


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    lines = [
        "# A b, `c`",
        "# A b, `c`",
        "[x](#a-b-c-1) [y](#a-b) [z](nowhere.md) [w](https://w.org)",
        "```",
        "[n](n)",
        "```",
    ]
    page.write_text("\n".join(lines), encoding="utf-8")
    assert list(dead(page)) == ["#a-b", "nowhere.md"]
