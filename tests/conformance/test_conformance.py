"""Every case of `fixtures/`: what `lire`, `verifier` and `recevoir` make of its files is what its `cas.toml` expects.

What a case holds, and how to add one without Python, is in `fixtures/README.md`. What is expected is checked against
independent oracles in `test_inputs.py`.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fse.app.operations.lire import lire
from fse.app.operations.practice import Practice
from fse.base.errors import UnreadableError
from tests.app.emitted import STATES, emitted_practice, receive, rows
from tests.conformance.cases import FIXTURES, Case, load_cases
from tests.conformance.reading import Reading, read_file, verify_file
from tests.each import each

CASES = load_cases()
SCRIPT = FIXTURES.parent / "docs" / "reconstruire.py"
NOT_OURS = "pas_a_nous"


def expecting(command: str) -> dict[str, Case]:
    """The cases that expect something of a command, or of what a file holds."""
    return {case.name: case for case in CASES if getattr(case, command)}


# --- lire ------------------------------------------------------------------------------------------------------------


@each("case", expecting("lire"))
def test_lire_finds_what_is_expected(case: Case) -> None:
    for expected in case.lire:
        reading = read_file(case.folder / expected["fichier"])
        assert reading.status == expected["etat"]
        if "fichiers" in expected:
            assert [same_keys(one, found) for one, found in aligned(expected["fichiers"], reading.ends)] == [
                dict(one) for one in expected["fichiers"]
            ]
        if "enregistrements" in expected:
            assert Counter(row["type"] for row in reading.rows) == expected["enregistrements"]
        if "constats" in expected:
            assert [constat["code"] for constat in reading.constats] == [one["code"] for one in expected["constats"]]
            for one, found in aligned(expected["constats"], reading.constats):
                assert same_keys(one, found) == dict(one)
        for values in expected.get("valeurs", ()):
            assert values_of(reading, values) == {name: plain(value) for name, value in values.items()}


def aligned(expected: list[Any], found: list[Any]) -> list[tuple[Any, Any]]:
    assert len(found) == len(expected)
    return list(zip(expected, found, strict=True))


def same_keys(expected: Any, found: Any) -> dict[str, Any]:
    """What was found, under the keys that are expected."""
    return {key: found.get(key) for key in expected}


def values_of(reading: Reading, expected: Any) -> dict[str, Any]:
    """Rank, type, and the values that are expected, of the record of this rank in the first logical file."""
    row = next(row for row in reading.rows if row["rang"] == expected["rang"])
    values = {champ["nom"]: champ["valeur"] for champ in row["champs"]}
    return {name: row[name] if name in ("rang", "type") else values[name] for name in expected}


def plain(value: Any) -> Any:
    """A value of TOML as JSON writes it."""
    return value.isoformat() if isinstance(value, date) else value


@each("case", expecting("factures"))
def test_lire_finds_the_transfers_and_the_invoices(case: Case) -> None:
    """Cases of the simulator say them in short: transfers with their payee, invoices with their parts and rejects."""
    transfers: list[dict[str, Any]] = []
    factures: list[dict[str, Any]] = []
    for row in read_file(case.folder / "retour.noe").rows:
        values = {champ["nom"]: champ["valeur"] for champ in row["champs"]}
        if row["type"] == "040":
            transfers.append({"beneficiaire": values["beneficiaire_reglement"]})
        elif row["type"] == "071":
            transfers[-1]["libelle_1"] = values["libelle_virement_1"] or ""
        elif row["type"] == "990":
            transfers[-1]["montant"] = values["somme"]
        elif row["type"] == "102":
            factures.append({"numero": values["numero_facture"], "rejets": []})
        elif row["type"] in ("198", "199"):
            part = [values["etat"], values["montant_demande"], values["montant_rembourse"]]
            factures[-1]["amo" if row["type"] == "198" else "amc"] = part
        elif row["type"] == "294":
            reject = [values[name] for name in ("code_rejet", "niveau_rejet", "partie")]
            factures[-1]["rejets"].append([*reject, values["numero_ligne"] or 0])
    assert transfers == list(case.virements or ())
    assert factures == list(case.factures or ())


@pytest.mark.parametrize("size", [1, 7, 65536])
@each("case", {case.name: case for case in CASES})
def test_reading_in_pieces_gives_the_same(case: Case, size: int) -> None:
    for expected in case.lire:
        data = case.bytes_of(expected["fichier"])
        pieces = [data[start : start + size] for start in range(0, len(data), size)]
        assert read_all(pieces) == read_all([data])


def read_all(pieces: list[bytes]) -> Any:
    try:
        return list(lire(pieces))
    except UnreadableError as error:
        return error.code


FILES = {
    f"{path.parent.name}/{path.name}": path
    for path in sorted(FIXTURES.rglob("*"))
    if path.suffix in (".arl", ".b2", ".noe") and path.stat().st_size
}


@each("path", FILES)
def test_the_script_of_the_documentation_rebuilds_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = read_file(path)
    out = io.TextIOWrapper(io.BytesIO())
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(reading.lines))
        patch.setattr(sys, "stdout", out)
        exec(compile(SCRIPT.read_text(encoding="utf-8"), str(SCRIPT), "exec"), {})
    assert out.buffer.getvalue() == path.read_bytes()


# --- verifier --------------------------------------------------------------------------------------------------------


@each("case", expecting("verifier"))
def test_verifier_answers_what_is_expected(case: Case) -> None:
    """`constats`: what it adds to what `lire` finds."""
    for expected in case.verifier:
        status, codes = verify_file(case.folder / expected["fichier"])
        read = Counter(constat["code"] for constat in read_file(case.folder / expected["fichier"]).constats)
        assert status == expected["etat"]
        assert sorted((Counter(codes) - read).elements()) == sorted(expected["constats"])


# --- recevoir --------------------------------------------------------------------------------------------------------


BOOKED = {
    name: case for name, case in expecting("recevoir").items() if any(one["verdict"] == "recu" for one in case.recevoir)
}
CONTENTS = {
    name: b"".join(case.bytes_of(one["fichier"]) for one in case.recevoir).translate(None, b"\r\n")
    for name, case in expecting("recevoir").items()
}
"""What a case receives: two of one content, but for its line ends, are one file for a journal."""

TWINS = {name for name, content in CONTENTS.items() if list(CONTENTS.values()).count(content) > 1}
ALONE = {name: case for name, case in expecting("recevoir").items() if name in BOOKED or name in TWINS}
LEFT_ALONE = {name: case for name, case in expecting("recevoir").items() if name not in ALONE}


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """The practice of `fixtures/README.md`, whose six invoices have left, for the cases that change nothing in it."""
    with emitted_practice(tmp_path_factory.mktemp("recevoir") / "cabinet") as opened:
        yield opened


@pytest.mark.parametrize("case", ALONE.values(), ids=ALONE)
def test_recevoir_does_what_is_expected(case: Case, tmp_path: Path) -> None:
    with emitted_practice(tmp_path / "cabinet") as practice:
        assert_received(practice, case)


@each("case", LEFT_ALONE)
def test_recevoir_changes_nothing_where_that_is_expected(case: Case, practice: Practice) -> None:
    assert_received(practice, case)


def assert_received(practice: Practice, case: Case) -> None:
    """The files of a case received in the order of the expectations."""
    found: list[tuple[str, str, str | None, list[str]]] = []
    for fichier in dict.fromkeys(expected["fichier"] for expected in case.recevoir):
        try:
            for one in receive(practice, case.bytes_of(fichier)):
                codes = [constat.code for constat in one.constats if constat.code.startswith("reception.")]
                found.append((fichier, one.verdict, one.motif, codes))
        except UnreadableError as error:
            found.append((fichier, NOT_OURS, error.code, []))
    assert found == [
        (one["fichier"], one["verdict"], one.get("motif"), list(one.get("constats", ()))) for one in case.recevoir
    ]
    states = {(row["numero"], row["partie"]): row for row in rows(practice, STATES)}
    for expected in case.etats:
        row = states[expected["numero"], expected["partie"]]
        assert {key: row[key] for key in expected} == dict(expected)
