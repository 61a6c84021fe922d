"""What is dropped by hand: what is received moves aside, what is not ours stays, nothing is lost or counted twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fse.app.nightly.folders import receive_folders
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.practice import Practice, open_existing
from tests.app.accused import ACCUSE_LE, arl
from tests.app.bank.statements import IBAN, Movement, Statement, cfonb
from tests.app.cabinet import CLE, reopen
from tests.app.emitted import emitted_practice, noe
from tests.app.nightly.scene import DEPOTS, WAYS, counts, drop, dropping, night, night_practice, with_folders
from tests.app.transmission import scene
from tests.app.transmission.scene import answers, arrive, rows
from tests.findings.registry import changed


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    """Its sheets have left, and it has a folder to drop files in."""
    emitted_practice(tmp_path / "cabinet").close()
    scene.describe(tmp_path / "cabinet", ways=DEPOTS, encrypted=False, releve=False)
    with_folders(tmp_path / "cabinet")
    return reopen(tmp_path / "cabinet")


def sorts(practice: Practice) -> dict[str, str]:
    return {one.nom: one.sort for one in receive_folders(practice, ACCUSE_LE)}


def seen(practice: Practice) -> list[str]:
    folder = practice.cabinet.folder / "depots"
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


def test_each_file_goes_where_it_belongs(practice: Practice) -> None:
    with practice:
        drop(practice, "a-retour.noe", noe())
        drop(practice, "b-coupe.noe", noe()[:-128])
        drop(practice, "c-lettre.pdf", b"%PDF-1.7")
        drop(practice, "d-reel.noe", changed(noe(), 70, b" "))
        drop(practice, ".cache", b"x")
        drop(practice, "e.noe.part", noe()[:300])
        assert sorts(practice) == {
            "a-retour.noe": "recu",
            "b-coupe.noe": "ecarte",
            "c-lettre.pdf": "etranger",
            "d-reel.noe": "ecarte",
        }
        left = [
            ".cache",
            "c-lettre.pdf",
            "e.noe.part",
            "ecartes/b-coupe.noe",
            "ecartes/d-reel.noe",
            "recus/a-retour.noe",
        ]
        assert seen(practice) == left
        assert (practice.cabinet.folder / "depots" / "recus" / "a-retour.noe").read_bytes() == noe()
        assert sorts(practice) == {"c-lettre.pdf": "etranger"}, "told again, and nothing else"


def test_a_return_that_comes_again_is_put_away_and_counted_once(practice: Practice) -> None:
    with practice:
        drop(practice, "un.noe", noe())
        sorts(practice)
        drop(practice, "un.noe", noe())
        drop(practice, "deux.noe", noe())
        told = list(receive_folders(practice, ACCUSE_LE))
        assert [one.retours[0].verdict for one in told] == ["deja_recu", "deja_recu"]
        assert seen(practice) == ["recus/deux.noe", "recus/un.noe"]


def test_two_files_of_one_name_are_both_kept(practice: Practice) -> None:
    with practice:
        drop(practice, "jour.txt", noe())
        sorts(practice)
        drop(practice, "jour.txt", arl())
        sorts(practice)
        first, second = seen(practice)
        assert (second, first.startswith("recus/jour-")) == ("recus/jour.txt", True)
        assert (practice.cabinet.folder / "depots" / first).read_bytes() == arl()


def test_a_folder_that_is_missing_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    dropping(folder).close()
    scene.describe(folder, ways='\n[nuit]\ndossiers = ["absent", "depots"]\n', encrypted=False, releve=False)
    with reopen(folder) as practice:
        drop(practice, "accuse.arl", arl())
        told = list(receive_folders(practice, ACCUSE_LE))
        assert [(one.dossier, one.sort, one.statut) for one in told] == [("absent", "ferme", 5), ("depots", "recu", 0)]
        assert "il n'existe pas" in told[0].constats[0].message


def test_a_statement_of_the_account_proves_the_transfer_of_a_return(tmp_path: Path) -> None:
    """The return announces 60,00 € under two labels, which the account bears the next day."""
    jeudi, vendredi = date(2026, 10, 8), date(2026, 10, 9)
    account = f'\n[[comptes]]\nnom = "courant"\ncompte = "{IBAN}"\n'
    night_practice(tmp_path / "cabinet", account + WAYS).close()
    with open_existing(load_cabinet(tmp_path / "cabinet" / "cabinet.toml"), CLE) as practice:  # it declares its account
        arrive(practice, "retour.noe", answers(practice)[0])
        assert counts(night(practice, jeudi), "relever")["virements_montant"] == 6000
        (announced,) = rows(practice, "SELECT libelle_1, libelle_2 FROM virement")
        labels = ("VIR SEPA RECU", str(announced["libelle_1"]), str(announced["libelle_2"]))
        paid = Statement(jeudi, vendredi, 100000, (Movement(vendredi, 6000, labels),))
        drop(practice, "octobre.txt", cfonb(paid))
        wrong = cfonb(paid).replace(b"000600{", b"000700{")  # the balances do not add up any more
        assert wrong != cfonb(paid)
        drop(practice, "octobre-faux.txt", wrong)
        done = night(practice, vendredi)
        assert counts(done, "recevoir") == {
            "fichiers_recus": 1,
            "ecartes": 1,
            "releves_banque": 1,
            "virements_prouves": 1,
        }
        assert seen(practice) == ["ecartes/octobre-faux.txt", "recus/octobre.txt"]
