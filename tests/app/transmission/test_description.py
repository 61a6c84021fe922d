"""`[envoi]`, `[releve]` and the addresses: what cannot be right is refused when `cabinet.toml` is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fse.base.errors import UsageError
from tests.app.cabinet import CABINET, write_cabinet

DESTINATION = 'adresse = "fse@caisse.example"\ncertificats = ["caisse.pem"]\n'
ENVOI = '[envoi]\ngenre = "courriel"\nserveur = "smtp.example"\nexpediteur = "cabinet@example.fr"\ncompte = "cabinet"\n'
RELEVE = '[releve]\ngenre = "courriel"\nserveur = "pop.example"\ncompte = "cabinet"\ncle = "reception.p12"\n'
DOSSIERS = '[envoi]\ngenre = "repertoire"\ndossier = "oct"\n[releve]\ngenre = "repertoire"\ndossier = "arrivees"\n'
SECOND = """
[[destinations]]
regime = "01"
caisse = "997"
centre = "0000"
organisme_destinataire = "997"
centre_informatique = "998"
type_destinataire = "CT"
"""


@pytest.mark.parametrize("ways", ["", ENVOI, RELEVE, ENVOI + RELEVE, DOSSIERS])
def test_what_is_right_is_read(tmp_path: Path, ways: str) -> None:
    cabinet = write_cabinet(tmp_path, CABINET + DESTINATION + ways)
    assert cabinet.canal == ("" if not ways or ways == RELEVE else "repertoire" if ways == DOSSIERS else "courriel")


def test_the_lines_of_one_centre_share_its_certificates(tmp_path: Path) -> None:
    write_cabinet(tmp_path, CABINET + DESTINATION + SECOND + 'adresse = "fse@caisse.example"\n' + ENVOI)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('genre = "courriel"\nserveur = "smtp', 'genre = "fax"\nserveur = "smtp', "Dans [envoi], genre vaut"),
        ('genre = "courriel"\nserveur = "pop', 'genre = "imap"\nserveur = "pop', "Dans [releve], genre vaut"),
        ('serveur = "smtp.example"', 'serveur = " "', "Dans [envoi], serveur est attendu"),
        ('serveur = "smtp.example"', 'serveur = "smtp example"', "sans espace"),
        ('expediteur = "cabinet@example.fr"\n', "", "Dans [envoi], expediteur est attendu"),
        ('"cabinet@example.fr"', '"cabinet"', "expediteur n'est pas une adresse"),
        ('"cabinet@example.fr"', '"a@b.fr\\nBcc: c@d.fr"', "expediteur n'est pas une adresse"),
        ('serveur = "pop.example"\ncompte = "cabinet"', 'serveur = "pop.example"', "Dans [releve], compte est attendu"),
        ('compte = "cabinet"\n[releve]', 'compte = "le cabinet"\n[releve]', "compte n'a ni espace"),
        ('compte = "cabinet"\n[releve]', "port = 0\n[releve]", "Dans [envoi], port va de"),
        ('cle = "reception.p12"', "port = 65536", "Dans [releve], port va de"),
        ('cle = "reception.p12"', 'cle = "a\\u0000b"', "cle est un chemin"),
        ('cle = "reception.p12"', 'autorites = "a\\u0000b"', "caractère nul"),
        ('cle = "reception.p12"', 'dossier = "x"', "dossier ne va pas avec le genre courriel"),
        ('"fse@caisse.example"', '"fse"', "Dans destinations n° 1, adresse n'est pas"),
        ('adresse = "fse@caisse.example"\n', "", "Dans destinations n° 1, adresse est attendue"),
        ('["caisse.pem"]', "[]", "Dans destinations n° 1, certificats est attendu"),
    ],
)
def test_mail_that_cannot_be_right_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = CABINET + DESTINATION + ENVOI + RELEVE
    assert old in text
    refused(tmp_path, text.replace(old, new), message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('dossier = "oct"\n', "", "Dans [envoi], dossier est attendu"),
        ('dossier = "arrivees"\n', 'dossier = ""\n', "Dans [releve], dossier est attendu"),
        ('dossier = "oct"\n', 'dossier = "oct"\nserveur = "x"\n', "serveur ne va pas avec le genre repertoire"),
        ('dossier = "arrivees"\n', 'dossier = "arrivees"\ncompte = "x"\n', "compte ne va pas avec le genre repertoire"),
        ('dossier = "arrivees"\n', 'dossier = "./oct"\n', "ont le même dossier"),
    ],
)
def test_folders_that_cannot_be_right_are_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in DOSSIERS
    refused(tmp_path, CABINET + DOSSIERS.replace(old, new), message)


def test_one_centre_has_one_address(tmp_path: Path) -> None:
    text = CABINET + DESTINATION + SECOND + 'adresse = "autre@caisse.example"\n'
    refused(tmp_path, text, "le centre 998 a déjà une autre adresse")


def refused(folder: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        write_cabinet(folder, text)
    assert raised.value.code == "cabinet.valeur"
    assert message in raised.value.message
