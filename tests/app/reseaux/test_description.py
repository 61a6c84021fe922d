"""The description of a network: the example is right, and what cannot be right is refused as the practice is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.reseaux.description import load_reseaux
from fse.base.errors import UsageError
from tests.app.cabinet import write_cabinet
from tests.app.reseaux.networks import NETWORK, WITH_NETWORKS, write_network
from tests.domain.cotation.network_cases import DESCRIPTION

EXAMPLE = DESCRIPTION.read_text(encoding="utf-8")


def test_the_example_is_read_with_the_practice(tmp_path: Path) -> None:
    write_network(tmp_path)
    cabinet = write_cabinet(tmp_path, WITH_NETWORKS)
    reseau = cabinet.reseau(NETWORK)
    assert reseau is not None
    assert (len(reseau.prestations), len(reseau.professionnels)) == (10, 4)
    assert cabinet.reseau("99999999999999") is None


def test_without_a_folder_nothing_is_said_of_networks(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        write_cabinet(tmp_path, WITH_NETWORKS)
    assert error.value.code == "reseau.dossier"


@pytest.mark.parametrize(
    ("old", "new", "code", "told"),
    [
        ('numero = "00000000000997"', 'numero = "997"', "valeur", "14 chiffres"),
        ('numero = "00000000000997"', 'numero = "00000000000000"', "valeur", "14 chiffres"),
        ("fin = 2027-12-31                #", "#", "cle_absente", "fin"),
        ("fin = 2027-12-31                #", "fin = 2025-12-31 #", "valeur", "avant le début"),
        ("fin = 2026-12-31\n", "", "cle_absente", "prestations n° 1"),
        ("fin = 2026-12-31\n", "fin = 2027-01-01\n", "valeur", "EDU figure deux fois"),
        ('critere = "interdisciplinarite"', 'critere = "utilite"', "valeur", "critere"),
        ("montant = 5000", "montant = 0", "valeur", "centimes"),
        ("montant = 5000", "montant = true", "valeur", "nombre entier"),
        ("montant = 5000", 'montant = "50"', "valeur", "nombre entier"),
        ('code = "COORD"', 'code = "coordination"', "valeur", "capitales"),
        ('acte_ngap = "AMI 1.5"', 'acte_ngap = "AMI 1,5"', "valeur", "n'est pas dans nos tables"),
        ("acte_ngap_depuis = 2026-07-01", "", "valeur", "n'est pas dans nos tables"),
        ('acte_ngap = "AMI 1.5"', 'acte_ngap = "AMI 1.5"\nacte_ngap_depuis = 2026-07-01', "valeur", "de trop"),
        ('code_exoneration = "3"', 'code_exoneration = "33"', "valeur", "code_exoneration"),
        ("exoneration_ticket_moderateur = true", "exoneration_ticket_moderateur = false", "valeur", "code_exoneration"),
        ("dispense_avance = true", "dispense_avance = 1", "valeur", "true ou false"),
        ('exercice = "salarie"', 'exercice = "benevole"', "valeur", "liberal, salarie"),
        ('numero = "002345676"', 'numero = "002345677"', "valeur", "n'est pas bon"),
        ('nom = "psychologue-b"', 'nom = "psychologue-b"\nnumero = "002345676"', "valeur", "jamais les deux"),
        ('nom = "psychologue-b"', 'nom = "Mme Durand"', "valeur", "ne peut pas nommer"),
        ('nom = "psychologue-b"', 'nom = "dieteticienne-a"', "valeur", "figure deux fois"),
        ("dispense_avance = true", "dispense_avance = true\nremise = 3", "cle_inconnue", "remise"),
        ("debut = 2026-03-01", "debut = 2026-03-01T00:00:00", "valeur", "une date"),
        ("dispense_avance = true", "dispense_avance = ", "illisible", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused(tmp_path: Path, old: str, new: str, code: str, told: str) -> None:
    assert old in EXAMPLE
    place = write_network(tmp_path, EXAMPLE.replace(old, new, 1))
    with pytest.raises(UsageError) as error:
        load_reseaux(place.parent)
    assert error.value.code == f"reseau.{code}"
    assert told in error.value.message
    assert error.value.lieu == str(place)


def test_a_network_is_described_once(tmp_path: Path) -> None:
    place = write_network(tmp_path)
    (place.parent / "encore.toml").write_text(EXAMPLE, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        load_reseaux(place.parent)
    assert "déjà décrit" in error.value.message


def test_the_practice_says_what_is_wrong_with_its_network(tmp_path: Path) -> None:
    write_cabinet(tmp_path)
    (tmp_path / "cabinet.toml").write_text(WITH_NETWORKS, encoding="utf-8")
    write_network(tmp_path, "numero = 3")
    with pytest.raises(UsageError) as error:
        load_cabinet(tmp_path / "cabinet.toml")
    assert error.value.code == "reseau.valeur"
