"""The bank statements of `fixtures/`: what their `cas.toml` says is what is read."""

import tomllib
from pathlib import Path

import pytest

from fse.base.errors import UnreadableError
from fse.norm.codec.releves import read_releves
from tests.app.bank.make_fixtures import FILES, FIXTURES

CASES = sorted(path for family in ("cfonb", "camt") for path in (FIXTURES / family).iterdir())


def test_the_files_are_those_of_their_maker() -> None:
    assert {f"{case.parent.name}/{case.name}" for case in CASES} == {name.rpartition("/")[0] for name in FILES}
    for name, data in FILES.items():
        assert (FIXTURES / name).read_bytes() == data, "python -m tests.app.bank.make_fixtures"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_case_is_read_as_it_says(case: Path) -> None:
    expected = tomllib.loads((case / "cas.toml").read_text(encoding="utf-8"))["attendu"]
    [file] = case.glob("releve.*")
    if "erreur" in expected:
        with pytest.raises(UnreadableError) as refusal:
            list(read_releves([file.read_bytes()]))
        assert refusal.value.code == expected["erreur"]
        return
    read = list(read_releves([file.read_bytes()]))
    assert [constat.code for one in read for constat in one.constats] == expected["constats"]
    assert [
        {
            "ouverture": one.releve.ouverture.montant,
            "cloture": one.releve.cloture.montant,
            "mouvements": len(one.releve.mouvements),
        }
        for one in read
        if one.releve
    ] == expected["releves"]
