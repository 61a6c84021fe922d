"""What is dropped by hand: what is received moves aside, what is not ours stays, nothing is lost or counted twice."""

from __future__ import annotations

import errno
import os
import time
from datetime import date
from pathlib import Path

import pytest

from fse.app.nightly.folders import Depot, receive_folders
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.practice import Practice, open_existing
from fse.app.operations.suivi import suivi
from tests.app.accused import ACCUSE_LE, arl
from tests.app.bank.statements import IBAN, OTHER_ACCOUNT, Movement, Statement, cfonb
from tests.app.cabinet import CLE, MOT_DE_PASSE, reopen
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


def received(practice: Practice, mot_de_passe_cle: str = MOT_DE_PASSE) -> list[Depot]:
    return list(receive_folders(practice, ACCUSE_LE, lambda: mot_de_passe_cle))


def sorts(practice: Practice) -> dict[str, str]:
    return {one.nom: one.sort for one in received(practice)}


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
        told = received(practice)
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
        told = received(practice)
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


def test_what_was_just_written_waits_for_the_next_night(practice: Practice) -> None:
    """A copy in progress reads as a return that is cut."""
    with practice:
        path = drop(practice, "retour.noe", noe()[:-128])
        times = {"now": 0.0, "a minute ago": -60.0, "a clock that is ahead": 3600.0}
        for said, seconds in times.items():
            os.utime(path, (time.time() + seconds,) * 2)
            assert sorts(practice) == {"retour.noe": "recent"}, said
        path.write_bytes(noe())
        os.utime(path, (time.time() - 180,) * 2)
        assert sorts(practice) == {"retour.noe": "recu"}
        other = drop(practice, "accuse.arl", arl())
        os.utime(other, (time.time() + 3 * 86400,) * 2)
        assert sorts(practice) == {"accuse.arl": "recu"}, "simply misdated"


def test_a_file_that_cannot_be_read_stops_no_other(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of another account, without the right to read; the tests may run as one that reads all."""
    opened = os.open

    def refusing(path: str | Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).name == "a.noe":
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, flags, mode)

    with practice:
        drop(practice, "a.noe", b"x")
        drop(practice, "b.noe", noe())
        monkeypatch.setattr(os, "open", refusing)
        told = received(practice)
        assert [(one.nom, one.sort, one.statut) for one in told] == [("a.noe", "ferme", 5), ("b.noe", "recu", 0)]
        assert told[0].raison == "Il ne peut pas être lu : l'accès est refusé."


def test_an_envelope_is_opened_with_the_reception_key(tmp_path: Path) -> None:
    with night_practice(tmp_path / "cabinet") as practice:
        scene.send(practice)
        drop(practice, "a.p7m", scene.sealed(("998.noe", answers(practice)[0]), ("lettre.pdf", b"%PDF-1.7")))
        drop(practice, "b.p7m", scene.sealed(("lettre.pdf", b"%PDF-1.7")))
        (refused, *_) = received(practice, "faux")
        assert (refused.nom, refused.sort, refused.statut) == ("a.p7m", "ferme", 4)
        assert "mot de passe" in refused.raison
        assert sorts(practice) == {"a.p7m": "recu", "b.p7m": "etranger"}
        assert seen(practice) == ["b.p7m", "recus/a.p7m"]
        assert scene.states(practice) == ["soldee", "soldee"]


def test_without_a_reception_key_an_envelope_says_so(practice: Practice) -> None:
    with practice:
        drop(practice, "a.p7m", scene.sealed(("998.noe", noe())))
        (told,) = received(practice)
        assert (told.sort, told.statut) == ("ferme", 4)
        assert "ne nomme aucune clé de réception" in told.raison


def test_an_account_that_is_not_ours_does_not_set_the_other_aside(tmp_path: Path) -> None:
    """What lies in `ecartes/` is in the worklist: a statement that is booked is in neither."""
    account = f'\n[[comptes]]\nnom = "courant"\ncompte = "{IBAN}"\n'
    night_practice(tmp_path / "cabinet", account + WAYS).close()
    with open_existing(load_cabinet(tmp_path / "cabinet" / "cabinet.toml"), CLE) as practice:
        jeudi, vendredi = date(2026, 10, 8), date(2026, 10, 9)
        ours, other = Statement(jeudi, vendredi, 1000), Statement(jeudi, vendredi, 1000, (), OTHER_ACCOUNT)
        drop(practice, "deux.cfonb", cfonb(ours, other))
        drop(practice, "autre.cfonb", cfonb(other))
        told = {one.nom: one for one in received(practice)}
        assert {one.verdict for one in told["deux.cfonb"].retours} == {"recu", "pas_un_retour"}
        assert seen(practice) == ["autre.cfonb", "recus/deux.cfonb"]
        assert told["autre.cfonb"].raison, "why it stays"
        assert suivi(practice, le=vendredi).ecartes == ()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_what_is_put_away_is_private(practice: Practice) -> None:
    with practice:
        drop(practice, "a.noe", noe()).chmod(0o644)
        drop(practice, "reel.noe", changed(noe(), 70, b" ")).chmod(0o644)
        received(practice)
        folder = practice.cabinet.folder / "depots"
        for name in ("recus/a.noe", "ecartes/reel.noe"):
            path = folder / name
            assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
