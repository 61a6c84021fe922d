"""The code lists of a practice, from its folder to the screen; codes that no list holds are shown and listed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fse.app.cli import root
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.facture import facture
from fse.app.operations.motifs import RejetInconnu, merge
from fse.app.operations.suivi import suivi
from fse.base.errors import UsageError
from fse.norm.codec.noemie.building import build
from tests.app.cabinet import CABINET, CLE, reopen, write_cabinet
from tests.app.emitted import RETOUR, emitted_practice, receive, retour

LISTED = f"{CABINET}\n[codes]\ndossier = 'codes'\n"
REJETS = "code,precision,libelle,cause,action,famille,debut,fin,source,confiance\n"
PRECISE = "8888 777 MOTIF TRES PRECIS"


def unlisted(code: str, libelle: str) -> bytes:
    """The answer of the caisse, with one of its rejects under a code that no list holds."""
    (groupe,) = retour().groupes
    (kind,) = groupe.retours
    factures = tuple(
        replace(one, rejets=tuple(replace(it, code_rejet=code, libelle_rejet=libelle) for it in one.rejets))
        if one.numero_facture in (3, 4)
        else one
        for one in kind.factures
    )
    return build(replace(retour(), groupes=(replace(groupe, retours=(replace(kind, factures=factures),)),)))


def folder_with(folder: Path, **lists: str) -> None:
    (folder / "codes").mkdir(parents=True)
    for name, text in lists.items():
        (folder / "codes" / f"{name}.csv").write_text(text, encoding="utf-8")


def test_a_practice_without_folder_has_our_lists(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path)
    assert (cabinet.codes, cabinet.dossier_codes) == (None, None)
    assert cabinet.listes.rejet("0250", "050", RETOUR) is not None


def test_the_folder_is_read_once_beside_the_description(tmp_path: Path) -> None:
    folder_with(tmp_path, rejets=f"{REJETS}8888,777,Le nôtre,,,droits,,,,\n")
    (tmp_path / "codes" / "notes.txt").write_text("pas une liste", encoding="utf-8")
    cabinet = write_cabinet(tmp_path, LISTED)
    assert cabinet.dossier_codes == tmp_path.resolve() / "codes"
    (tmp_path / "codes" / "rejets.csv").unlink()
    known = cabinet.listes.rejet("8888", "777", RETOUR)
    assert known is not None
    assert known.libelle == "Le nôtre"


@pytest.mark.parametrize(
    ("name", "content", "code", "message"),
    [
        ("rejets.csv", f"{REJETS}1234,,x,,,ailleurs,,,,\n".encode(), "codes.ligne", "Ligne 2 : la famille est l'une"),
        ("lettres.csv", b"", "codes.ligne", "Ligne 1 : ce n'est pas une de nos listes"),
        ("lieu.csv", "code,libelle\n2,École\n".encode("cp1252"), "codes.illisible", "il n'est pas en UTF-8"),
    ],
)
def test_a_list_that_cannot_be_used_names_the_file_the_line_and_the_reason(
    tmp_path: Path, name: str, content: bytes, code: str, message: str
) -> None:
    folder_with(tmp_path)
    (tmp_path / "codes" / name).write_bytes(content)
    with pytest.raises(UsageError) as raised:
        write_cabinet(tmp_path, LISTED)
    assert raised.value.code == code
    assert raised.value.lieu == str(tmp_path / "codes" / name)
    assert message in raised.value.message


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        write_cabinet(tmp_path, LISTED)
    assert (raised.value.code, raised.value.lieu) == ("codes.dossier", str(tmp_path / "codes"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("listes = 1\n" + CABINET, "cabinet.cle_inconnue"),
        ("folder = 'x'\n" + CABINET, "cabinet.cle_inconnue"),
        ("codes = 'codes'\n" + CABINET, "cabinet.valeur"),
        (CABINET + "\n[codes]\n", "cabinet.cle_absente"),
        (CABINET + "\n[codes]\ndossier = 1\n", "cabinet.valeur"),
        (LISTED + "autre = 1\n", "cabinet.cle_inconnue"),
    ],
)
def test_the_description_says_the_folder_and_nothing_else(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(UsageError) as raised:
        write_cabinet(tmp_path, text)
    assert raised.value.code == code


def test_a_code_that_no_list_holds_is_shown_as_it_is_and_listed(tmp_path: Path) -> None:
    with emitted_practice(tmp_path / "cabinet") as practice:
        (received,) = receive(practice, unlisted("8888", PRECISE))
        follow = suivi(practice, le=RETOUR)
    (unknown,) = received.rejets_inconnus
    assert (unknown.code, unknown.precision, unknown.libelle, unknown.factures) == ("8888", "777", PRECISE, (3, 4))
    assert "[codes]" in unknown.action
    assert follow.rejets_inconnus == (unknown,)
    motifs = {motif.code: motif for tache in follow.taches for motif in tache.motifs}
    assert (motifs["8888"].precision, motifs["8888"].libelle, motifs["8888"].cause) == ("777", PRECISE, "")
    assert motifs["9921"].famille == "Complémentaire : autre organisme, contrat fermé"


def test_once_explained_it_is_listed_no_more_and_said_everywhere(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    with emitted_practice(folder) as practice:
        receive(practice, unlisted("8888", PRECISE))
    folder_with(folder, rejets=f"{REJETS}8888,777,Le nôtre,Notre cause,Notre conseil,maison,2026-10-01,,,\n")
    (folder / "codes" / "famille_rejet.csv").write_text(
        "code,libelle,debut,fin,source,confiance\nmaison,Chez nous,,,,\n", encoding="utf-8"
    )
    (folder / "cabinet.toml").write_text(LISTED, encoding="utf-8")
    with reopen(folder) as practice:
        follow = suivi(practice, le=RETOUR)
        history = facture(practice, 4)
    assert follow.rejets_inconnus == ()
    motif = next(one.motif for one in history.etapes if one.motif)
    assert (motif.code, motif.precision, motif.famille) == ("8888", "777", "Chez nous")
    assert (motif.libelle, motif.cause, motif.action) == (PRECISE, "Notre cause", "Notre conseil")


def test_a_list_is_asked_at_the_accounting_day_of_the_return(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    with emitted_practice(folder) as practice:
        receive(practice, unlisted("8888", "MOTIF"))
    folder_with(folder, rejets=f"{REJETS}8888,,Trop tard,,,droits,2026-10-09,,,\n")
    (folder / "cabinet.toml").write_text(LISTED, encoding="utf-8")
    with reopen(folder) as practice:
        (unknown,) = suivi(practice, le=date(2026, 10, 20)).rejets_inconnus
    assert (unknown.code, unknown.precision, unknown.libelle) == ("8888", "", "MOTIF")
    assert str(folder.resolve() / "codes" / "rejets.csv") in unknown.action


def test_entries_of_several_files_are_one_entry_a_code() -> None:
    one = RejetInconnu(code="8888", precision="", libelle="", factures=(2,), action="là")
    other = replace(one, libelle="DIT", factures=(1, 2))
    precise = replace(one, precision="001")
    assert merge([precise, one, other]) == (replace(one, libelle="DIT", factures=(1, 2)), precise)


def run(folder: Path, *arguments: str | Path) -> Result:
    cabinet = ["--cabinet", str(folder / "cabinet.toml")]
    words = [str(arguments[0]), *cabinet, *map(str, arguments[1:])]
    result = CliRunner(env={"FSE_CLE_JOURNAL": CLE}).invoke(root, words, standalone_mode=False)
    assert result.exception is None, result.exception
    return result


def test_receiving_and_the_worklist_print_the_codes_to_explain(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    emitted_practice(folder).close()
    (tmp_path / "retour.noe").write_bytes(unlisted("8888", PRECISE))
    paragraph = (
        f"Codes de rejet absents de nos listes, montrés tels quels :\n  8888 777, « {PRECISE} » : 2 factures\n  → "
    )
    assert paragraph in run(folder, "recevoir", tmp_path / "retour.noe", "--le", str(RETOUR)).stdout
    assert paragraph in run(folder, "suivi", "--le", str(RETOUR)).stdout
    assert f"motif 8888 777 (facture) : {PRECISE}" in run(folder, "suivi", "--le", str(RETOUR)).stdout
    told = json.loads(run(folder, "suivi", "--le", str(RETOUR), "--format", "json").stdout)
    assert [(one["code"], one["precision"], one["factures"]) for one in told["rejets_inconnus"]] == [
        ("8888", "777", [3, 4])
    ]


def test_a_practice_whose_rejects_are_all_explained_reads_no_paragraph(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    emitted_practice(folder).close()
    (tmp_path / "retour.noe").write_bytes(build(retour()))
    for arguments in (("recevoir", tmp_path / "retour.noe"), ("suivi",)):
        assert "absents de nos listes" not in run(folder, *arguments, "--le", str(RETOUR)).stdout
    assert load_cabinet(folder / "cabinet.toml").codes is None
