"""Two workstations, each with its journal and its ranges: no number serves twice, and each says what is the other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.emettre import Emission, emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.errors import UsageError
from tests.app.cabinet import CABINET, JOUR, document, facture, write_cabinet
from tests.app.emitted import rows
from tests.app.practices.group import MEDECIN, answers, card, opened, receive

pytestmark = pytest.mark.long

NUMBERS = ('cle = "praticien.p12"\n', 'cle = "praticien.p12"\npremier_numero = {}\ndernier_numero = {}\n')


def workstation(
    nom: str = "accueil",
    numeros: tuple[int, int] = (1, 499),
    lots: tuple[int, int] = (1, 499),
    fichiers: tuple[int, int] = (1, 499_999),
    others: str = "",
) -> str:
    """The same practice on a workstation with these ranges."""
    poste = (
        f'\n[poste]\nnom = "{nom}"\npremier_lot = {lots[0]}\ndernier_lot = {lots[1]}\n'
        f"premier_fichier = {fichiers[0]}\ndernier_fichier = {fichiers[1]}\n"
    )
    return CABINET.replace(NUMBERS[0], NUMBERS[1].format(*numeros)) + poste + others


ACCUEIL = workstation()
SALLE = workstation("salle 2", (500, 999), (500, 999), (500_000, 999_999))
OTHER = """
[[autres_postes]]
nom = "salle 2"
premier_lot = 500
dernier_lot = 999
premier_fichier = 500000
dernier_fichier = 999999
premier_numero = 500
dernier_numero = 999
"""


def secure_and_emit(practice: Practice, *references: str) -> Emission:
    entree = document(*(facture(reference, patient=rank % 4) for rank, reference in enumerate(references)))
    return emettre(practice, practice.cabinet.folder / "envoi", card, entrees=[entree], le=JOUR)


def test_two_workstations_never_give_one_number_twice(tmp_path: Path) -> None:
    emissions = []
    for folder, text in (("un", ACCUEIL), ("deux", SALLE)):
        with opened(tmp_path / folder, text) as practice:
            emissions.append([secure_and_emit(practice, f"V-{day}", f"W-{day}") for day in (1, 2)])
    for given in (
        [[one.numero for run in runs for done in run.securisations for one in done.factures] for runs in emissions],
        [[lot.numero_lot for run in runs for file in run.fichiers for lot in file.lots] for runs in emissions],
        [[file.chemin.name for run in runs for file in run.fichiers] for runs in emissions],
    ):
        mine, theirs = given
        assert len(mine) == len(theirs) > 1
        assert len({*mine, *theirs}) == len(mine) + len(theirs)
    first, second = ([one.numero for one in runs[0].securisations[0].factures] for runs in emissions)
    assert (first, second) == ([1, 2], [500, 501])


def test_a_return_of_the_other_workstation_is_named(tmp_path: Path) -> None:
    with opened(tmp_path / "deux", SALLE) as practice:
        (fichier,) = secure_and_emit(practice, "V-1").fichiers
    contents = answers(fichier)
    with opened(tmp_path / "un", ACCUEIL) as practice:
        secure_and_emit(practice, "V-1")
        (received,) = receive(practice, contents)
        assert [row["nature"] for row in rows(practice, "SELECT * FROM residu")] == ["autre_poste"]
        assert "reception.residu" in {constat.code for constat in received.constats}
    with opened(tmp_path / "deux", SALLE) as practice:
        receive(practice, contents)
        assert rows(practice, "SELECT * FROM residu") == []


def test_the_end_of_a_range_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    with opened(tmp_path, workstation(numeros=(10, 11))) as practice:
        secure_and_emit(practice, "V-1")
        with pytest.raises(UsageError) as raised:
            secure_and_emit(practice, "V-2", "V-3")
        assert raised.value.code == "facture.numeros_epuises"
        assert "10 à 11" in raised.value.message
        assert [row["numero"] for row in rows(practice, "SELECT numero FROM facture")] == [10]
    with opened(tmp_path, workstation(numeros=(300, 399))) as practice:
        (file,) = secure_and_emit(practice, "V-2").fichiers
        assert file.lots[0].factures == (300,)


def test_when_the_lots_or_the_files_of_a_workstation_end_what_waits_stays(tmp_path: Path) -> None:
    with opened(tmp_path, workstation(lots=(7, 7), fichiers=(3, 3))) as practice:
        secure_and_emit(practice, "V-1")
        with pytest.raises(UsageError) as lots:
            secure_and_emit(practice, "V-2")
    assert lots.value.code == "lot.numeros_epuises"
    with opened(tmp_path, workstation(lots=(8, 9), fichiers=(3, 3))) as practice, pytest.raises(UsageError) as files:
        emettre(practice, tmp_path / "envoi", card, le=JOUR)
    assert files.value.code == "fichier.identifiants_epuises"
    with opened(tmp_path, workstation(lots=(8, 9), fichiers=(4, 9))) as practice:
        (file,) = emettre(practice, tmp_path / "envoi", card, le=JOUR).fichiers
    assert [(lot.numero_lot, lot.factures) for lot in file.lots] == [(8, (2,))]


def test_a_number_that_the_software_supplies_is_of_the_range(tmp_path: Path) -> None:
    text = workstation(numeros=(100, 199)).replace("premier_numero", 'numeros = "fournis"\npremier_numero')
    with opened(tmp_path, text) as practice:
        for numero, codes in ((99, ["numero_hors_plage"]), (100, []), (199, []), (200, ["numero_hors_plage"])):
            numbered = facture(f"V-{numero}").replace("<date_facture>", f"<numero>{numero}</numero><date_facture>", 1)
            found = [one.code for one in securiser(practice, document(numbered), le=JOUR).constats if one.is_error]
            assert [code.removeprefix("securisation.") for code in found] == codes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (workstation(numeros=(0, 10)), f"Numéros du prestataire {MEDECIN} : une plage va de 1 à 999999999"),
        (workstation(numeros=(5, 0)), "le premier numéro (5) passe le dernier (0)"),
        (workstation(numeros=(9, 8)), "le premier numéro (9) passe le dernier (8)"),
        (workstation(numeros=(-5, 8)), "une plage va de 1 à 999999999 au plus, pas de -5 à 8"),
        (workstation(numeros=(1, 999_999_999)), "cette plage prend tout"),
        (workstation(lots=(0, 10)), "Lots du poste accueil : une plage va de 1 à 999"),
        (workstation(lots=(1, 1000)), "Lots du poste accueil : une plage va de 1 à 999"),
        (workstation(lots=(1, 999)), "Lots du poste accueil : cette plage prend tout"),
        (workstation(lots=(20, 10)), "Lots du poste accueil : le premier"),
        (workstation(fichiers=(1, 1_000_000)), "Fichiers du poste accueil : une plage va de 1 à 999999"),
        (workstation(fichiers=(1, 999_999)), "Fichiers du poste accueil : cette plage prend tout"),
        (workstation(" "), "[poste] a un nom"),
        (ACCUEIL.replace("premier_numero = 1\ndernier_numero = 499\n", ""), "premier_numero et dernier_numero les"),
        (ACCUEIL.partition("\n[poste]")[0], "[poste] ne lui réserve ni lots ni fichiers"),
        (ACCUEIL.replace("premier_lot = 1\n", ""), "La clé « premier_lot » manque dans poste"),
        (
            ACCUEIL.replace("premier_lot = 1", 'premier_lot = "1"'),
            "La clé « premier_lot » dans poste n'a pas une valeur",
        ),
        (workstation("Salle 2", others=OTHER), "Deux postes portent le même nom"),
        (workstation(lots=(1, 500), others=OTHER), "Les lots des postes accueil (1 à 500) et salle 2 (500 à 999)"),
        (workstation(fichiers=(1, 500_000), others=OTHER), "Les fichiers des postes accueil"),
        (workstation(numeros=(1, 500), others=OTHER), "1 à 500 croise ceux du poste salle 2 (500 à 999)"),
        (ACCUEIL + OTHER + OTHER.replace("salle 2", "salle 3"), "Les lots des postes salle 2"),
        (
            ACCUEIL + OTHER.replace("dernier_numero = 999", "dernier_numero = 0"),
            "Numéros du poste salle 2 : le premier",
        ),
    ],
)
def test_ranges_that_cannot_be_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        write_cabinet(tmp_path, text)
    assert raised.value.code in ("cabinet.valeur", "cabinet.cle_absente")
    assert message in raised.value.message


def test_ranges_that_do_not_meet_are_taken(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path, ACCUEIL + OTHER)
    assert cabinet == load_cabinet(tmp_path / "cabinet.toml")
    assert (str(cabinet.prestataires[0].plage), str(cabinet.plage_lots)) == ("1 à 499", "1 à 499")


def test_a_practice_of_one_workstation_has_all_the_numbers(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path)
    plages = (cabinet.prestataires[0].plage, cabinet.plage_lots, cabinet.plage_fichiers)
    assert [str(one) for one in plages] == ["1 à 999999999", "1 à 999", "1 à 999999"]
