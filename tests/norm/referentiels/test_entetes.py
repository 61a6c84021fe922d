"""Each file of the rules says when it was verified, and when it has to be again."""

from pathlib import Path

from fse.norm.referentiels.entetes import entetes

SCHEMAS = Path(__file__).parents[3] / "schemas"


def test_every_file_of_the_rules_has_its_head() -> None:
    files = [
        path
        for folder in ("parametres", "ngap", "ngap/actes", "ngap/regles")
        for path in (SCHEMAS / folder).glob("*.toml")
    ]
    assert len(files) > 5
    assert set(entetes()) == {path.relative_to(SCHEMAS).as_posix() for path in files}
    for path, one in entetes().items():
        assert one.verifie_le < one.a_revoir_le, path
