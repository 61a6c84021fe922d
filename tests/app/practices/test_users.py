"""Who sees what: a practitioner their own, a secretary all; and what a description may not say of users and payees."""

from __future__ import annotations

from pathlib import Path

import pytest

from fse.app.cli.options import current_user
from fse.app.operations.cabinet import Cabinet, Mandat, Utilisateur
from fse.app.operations.utilisateurs import visible_prestataires
from fse.base.errors import UsageError
from tests.app.cabinet import CABINET, write_cabinet
from tests.app.practices.group import INFIRMIERE, MEDECIN, ORTHOPHONISTE, OTHERS

USERS = f"""
[[utilisateurs]]
nom = "Martine"

[[utilisateurs]]
nom = "camille"
praticiens = ["{MEDECIN}"]

[[utilisateurs]]
nom = "associes"
praticiens = ["{INFIRMIERE}", "{ORTHOPHONISTE}"]
"""


@pytest.fixture
def cabinet(tmp_path: Path) -> Cabinet:
    return write_cabinet(tmp_path, CABINET + OTHERS + USERS)


@pytest.mark.parametrize(
    ("user", "asked", "seen"),
    [
        ("martine", None, None),
        ("MARTINE", INFIRMIERE, (INFIRMIERE,)),
        ("camille", None, (MEDECIN,)),
        ("camille", MEDECIN, (MEDECIN,)),
        ("associes", None, (INFIRMIERE, ORTHOPHONISTE)),
        ("associes", ORTHOPHONISTE, (ORTHOPHONISTE,)),
    ],
)
def test_each_sees_their_own(cabinet: Cabinet, user: str, asked: str | None, seen: tuple[str, ...] | None) -> None:
    assert visible_prestataires(cabinet, user, asked) == seen


@pytest.mark.parametrize(
    ("user", "asked", "code"),
    [
        ("camille", INFIRMIERE, "utilisateur.autre_praticien"),
        ("camile", None, "utilisateur.inconnu"),
        ("martine", "004567897", "praticien.inconnu"),
    ],
)
def test_what_is_not_theirs_is_refused(cabinet: Cabinet, user: str, asked: str | None, code: str) -> None:
    with pytest.raises(UsageError) as raised:
        visible_prestataires(cabinet, user, asked)
    assert raised.value.code == code


def test_everybody_sees_all_when_no_user_is_declared(tmp_path: Path) -> None:
    assert visible_prestataires(write_cabinet(tmp_path, CABINET + OTHERS), "anyone") is None


def test_the_environment_says_who_is_at_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "session")
    assert current_user() == "session"
    monkeypatch.setenv("FSE_UTILISATEUR", "camille")
    assert current_user() == "camille"


def mandat(beneficiaire: str, *prestataires: str) -> str:
    return f'\n[[mandats]]\nbeneficiaire = "{beneficiaire}"\nprestataires = {list(prestataires)}\n'.replace("'", '"')


def test_lists_are_read_as_tuples(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path, CABINET + OTHERS + USERS + mandat(MEDECIN, INFIRMIERE, ORTHOPHONISTE))
    assert cabinet.mandats == (Mandat(beneficiaire=MEDECIN, prestataires=(INFIRMIERE, ORTHOPHONISTE)),)
    assert cabinet.utilisateurs[:2] == (Utilisateur(nom="Martine"), Utilisateur(nom="camille", praticiens=(MEDECIN,)))


FORCLUSION = '\n[[forclusions]]\norganisme = "*"\npartie = "AMO"\nmois = 27\nsource = "essai"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (mandat("009876540", MEDECIN), "009876540 n'est pas bon : sa clé est fausse"),
        (mandat("009876541"), "Dans mandats n° 1 : au moins un prestataire"),
        (mandat("009876541", "004567897"), "Dans mandats n° 1 : 004567897 n'est pas un des [[prestataires]]"),
        (mandat("009876541", MEDECIN, MEDECIN), "Dans mandats n° 1 : Un prestataire figure deux fois"),
        (mandat(MEDECIN, MEDECIN), "n'a pas besoin d'être payé pour lui-même"),
        (mandat("009876541", MEDECIN) + mandat("009876541", MEDECIN), "Un mandat figure deux fois"),
        (mandat("009876541", MEDECIN).replace("prestataires = [", "prestataires = 1 #"), "du bon genre"),
        (mandat("009876541", MEDECIN).replace(f'"{MEDECIN}"]', "1]"), "« prestataires » dans mandats n° 1 n'a pas une"),
        (mandat("009876541", MEDECIN) + "depuis = 1\n", "La clé « depuis » dans mandats n° 1 n'est pas connue"),
        ("\n[[mandats]]\nprestataires = []\n", "La clé « beneficiaire » manque dans mandats n° 1"),
        (USERS + USERS, "Un utilisateur figure deux fois"),
        ('\n[[utilisateurs]]\nnom = " "\n', "Dans utilisateurs n° 1 : le nom est vide"),
        ('\n[[utilisateurs]]\nnom = "x"\npraticiens = ["1"]\n', "1 n'est pas un des [[prestataires]]"),
        (FORCLUSION.replace("AMO", "RO"), "partie vaut AMO ou AMC"),
        (FORCLUSION.replace("27", "0"), "mois est un nombre de mois"),
        (FORCLUSION.replace("essai", " "), "source ne sont pas vides"),
        (FORCLUSION + FORCLUSION, "Une forclusion figure deux fois"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        write_cabinet(tmp_path, CABINET + OTHERS + text)
    assert raised.value.code in ("cabinet.valeur", "cabinet.cle_inconnue", "cabinet.cle_absente")
    assert message in raised.value.message
