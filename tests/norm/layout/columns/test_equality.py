"""Whatever the content: the same rows, the same findings, in the same order, by column as by record.

`ENDURANCE=1` runs every generated file and every changed byte; without it, a few hundred of each.
"""

import os
from pathlib import Path
from random import Random

import pytest

from fse.norm.layout import editions
from fse.norm.layout.columns import Account
from fse.norm.layout.loading.loader import envelope_pattern
from tests.each import each
from tests.norm.layout.columns.comparing import prove_equal
from tests.norm.layout.columns.generating import complete_file, damaged, file_of, recognised_as
from tests.norm.layout.samples import b2_file, foreign_noemie_file, noemie_file

ENDURANCE = bool(os.environ.get("ENDURANCE"))
ROOT = Path(__file__).resolve().parents[4]
EDITIONS = {f"{edition.famille}/{edition.nom}": edition for edition in editions()}

FIXTURES = {
    f"{path.parent.name}/{path.name}": path
    for path in sorted((ROOT / "fixtures").rglob("*"))
    if path.suffix in (".b2", ".noe")
}
GROUPS = 20
FILES = [500] if ENDURANCE else [4, pytest.param(10, marks=pytest.mark.long)]
"""Files of each group: 10 000 in all; or 80, and 200 in the long lane."""
REGULAR = 0.6

REPLACEMENTS = b" 7@Z" if ENDURANCE else b"7"
STEPS = [1] if ENDURANCE else [197, pytest.param(97, marks=pytest.mark.long)]
"""Every so many positions are changed, or all of them."""


@each("path", dict(list(FIXTURES.items())[::4]))
def test_one_fixture_in_four(path: Path) -> None:
    prove_equal(path.read_bytes(), size=100, window=777)


@pytest.mark.long
@each("path", FIXTURES)
def test_every_fixture(path: Path) -> None:
    prove_equal(path.read_bytes(), size=100, window=777)


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) > 100


@pytest.mark.timeout(900)
@pytest.mark.parametrize("files", FILES)
@pytest.mark.parametrize("group", range(GROUPS))
def test_files_made_at_random(group: int, files: int) -> None:
    for number in range(files):
        seed = f"{group}-{number}"
        random = Random(seed)
        edition = random.choice(list(EDITIONS.values()))
        regular = random.random() < REGULAR
        data = file_of(edition, random) if regular else damaged(edition, random)
        account = prove_equal(data, random.choice([7, 1000, 1 << 16]), random.choice([2000, 1 << 16, 1 << 16]))
        if regular:
            assert recognised_as(data) is edition, seed
            assert account is not None, seed
            assert account.relues == 0, seed
            assert account.relais is None or holds_an_envelope(data), (seed, account.raison)


def holds_an_envelope(data: bytes) -> bool:
    """Random text may look like the head of another file: once in some ten thousand files."""
    return any(envelope_pattern().match(data, place) for place in range(1, len(data)))


@pytest.mark.parametrize("size", [1, 2, 127, 128, 129, 1 << 16])
@pytest.mark.parametrize("data", [b2_file(), noemie_file(), foreign_noemie_file()], ids=["b2", "noemie", "other"])
def test_any_size_of_chunks(data: bytes, size: int) -> None:
    for window in (600, 1500, 1 << 16):
        account = prove_equal(data, size, window)
        assert account is not None
        assert account.relais is None


@pytest.mark.timeout(900)
@pytest.mark.parametrize("byte", REPLACEMENTS)
@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("step", STEPS)
def test_one_byte_changed_in_a_file_of_every_record_type(name: str, byte: int, step: int) -> None:
    data = complete_file(EDITIONS[name], seed=1)
    good = prove_equal(data)
    assert good is not None
    assert (good.relais, len(good.lignes)) == (None, len(EDITIONS[name].layouts))
    random = Random(f"{name}-{byte}")
    accounts: list[Account] = []
    type_of_tail = len(data) - 128
    for place in [type_of_tail, *range(random.randrange(step), len(data), step)]:
        changed = bytearray(data)
        changed[place] = byte if changed[place] != byte else ord("0")
        account = prove_equal(bytes(changed))
        if account is not None:
            accounts.append(account)
    assert any(account.relais is None and account.relues for account in accounts), "no field was read again"
    assert any(account.relais is not None for account in accounts), "nothing was handed over"
