"""A month of one practice, then every byte it keeps and every word it prints: no NIR, no name, no secret in clear.

What is a message (sheets received from the software, B2, NOEMIE, a prescription) holds them by its nature and is left
out. The second month is that of a practice that sends and fetches by itself, through the folder of an OCT.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fse.norm.codec.noemie.building import build
from fse.norm.model import AssureRetour
from tests.app.cabinet import PATIENTS, document, facture, key_folder, reopen
from tests.app.emitted import emitted_practice, noe, retour, rows
from tests.app.journal.exchanges import acknowledge, by_folder
from tests.app.pieces.paper import pdf
from tests.app.test_cli import SECRETS, Shell

MESSAGES = {".b2", ".noe", ".xml", ".p12", ".pdf"}
NAMES = ("LEFEVRE", "LEFÈVRE", "DUPONTEL")
FIRST_NAMES = ("ZOE", "ZOÉ")
"""Printed words only: three letters are found by chance in what is encrypted."""


def named_return() -> bytes:
    """A return of unknown invoices that names the insured in full."""
    (group,) = retour().groupes
    (kind,) = group.retours
    nir, cle, _ = PATIENTS[2]
    who = AssureRetour(nir=nir, cle_nir=cle, nom_usage="DUPONTEL", prenom="ZOE", nom_beneficiaire="DUPONTEL")
    lines = tuple(replace(one, numero_facture=900 + rank, assure=who) for rank, one in enumerate(kind.factures[:3]))
    groups = (replace(group, retours=(replace(kind, factures=lines),)),)
    return build(replace(retour(), identifiant_fichier="NOMMES", groupes=groups))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    folder = tmp_path / "cabinet"
    emitted_practice(folder).close()
    (folder / "retour.noe").write_bytes(noe())
    (folder / "nommes.noe").write_bytes(named_return())
    (folder / "abime.noe").write_bytes(named_return()[:-128])
    (folder / "releve.csv").write_text("numero;partie;etat;montant\n5;AMO;payee;3,00\n", encoding="utf-8")
    return Shell(folder)


COMMANDS = (
    ("recevoir", "retour.noe", "nommes.noe", "abime.noe", "--le", "2026-10-08"),
    ("suivi", "--le", "2026-10-20"),
    ("suivi", "--le", "2026-10-20", "--format", "json"),
    ("facture", "4", "--le", "2026-10-20"),
    ("facture", "4", "--format", "json"),
    ("forcer", "4", "--partie", "AMO", "--etat", "abandonnee", "--motif", "perdu"),
    ("saisir", "releve.csv", "--piece", "relevé du 12", "--jour", "2026-10-12", "--motif", "courrier"),
    ("actes",),
    ("reclamer", "--sortie", "reclamations", "--le", "2026-11-20"),
    ("rapport", "--sortie", "page", "--le", "2026-10-20"),
    ("cloture", "--le", "2026-10-05"),
    ("journal", "verifier"),
    ("journal", "reconstruire"),
    ("journal", "sauvegarder", "--sortie", "sauvegarde.sqlite"),
    ("journal", "exporter", "--sortie", "archive"),
    ("journal", "rapprocher", "archive", "--sortie", "rapprochement"),
    ("journal", "lectures"),
    ("archive", "verifier"),
    ("securiser", "absente.xml"),
)
STATUSES = {("recevoir", "retour.noe"): 1, ("securiser", "absente.xml"): 2}


def test_nothing_personal_and_no_secret_is_kept_or_printed_in_clear(shell: Shell) -> None:
    printed = []
    for arguments in COMMANDS:
        done = shell.run(*arguments)
        printed.append(done.stdout + done.stderr)
        assert done.returncode == STATUSES.get(arguments[:2], 0), done
    assert "facture 000000900" in printed[0], "the named return was read"
    assert {"journal.sqlite", "sauvegarde.sqlite", "facture_emise.parquet"} <= clean(shell, printed)


def clean(shell: Shell, printed: Iterable[str]) -> set[str]:
    """Nothing personal in these words, nor in any file of the practice that is no message; the names of these files."""
    told = "".join(printed)
    for secret in (*wanted(), *FIRST_NAMES):
        assert secret.upper() not in told.upper(), f"printed: {secret}"
    kept = [path for path in sorted(shell.folder.rglob("*")) if path.is_file() and path.suffix not in MESSAGES]
    for path in kept:
        content = path.read_bytes().upper()
        for secret in wanted():
            for encoding in ("utf-8", "latin-1", "utf-16-le"):
                assert secret.upper().encode(encoding) not in content, f"{path.name}: {secret}"
    return {path.name for path in kept}


EXCHANGES = (
    ("emettre", "visites.xml", "--sortie", "envoi", "--le", "2026-10-05"),
    ("envoyer", "--le", "2026-10-05"),
    ("piece", "deposer", "7", "ordonnance.pdf", "--nature", "ordonnance", "--le", "2026-10-05"),
    ("relever", "--le", "2026-10-08"),
    ("piece", "suivre", "--le", "2026-10-08"),
    ("piece", "envoyer", "--le", "2026-10-08"),
    ("suivi", "--le", "2026-10-20"),
    ("facture", "7", "--le", "2026-10-20"),
    ("incidents", "--le", "2026-10-20", "--sortie", "incidents.csv"),
    ("incidents", "--le", "2026-10-20", "--format", "json"),
    ("piece", "suivre", "--toutes", "--le", "2026-10-20", "--format", "json"),
    ("journal", "verifier"),
    ("archive", "verifier"),
    ("journal", "sauvegarder", "--sortie", "sauvegarde.sqlite"),
    ("journal", "exporter", "--sortie", "archive"),
)


@pytest.mark.parametrize(
    "sealed", [pytest.param(True, id="sealed"), pytest.param(False, id="clear", marks=pytest.mark.long)]
)
def test_a_practice_that_sends_by_itself_keeps_and_prints_nothing_personal(tmp_path: Path, sealed: bool) -> None:
    folder = tmp_path / "cabinet"
    with by_folder(emitted_practice(folder), sealed=sealed) as practice:
        assert practice.cabinet.canal == "repertoire"
    with (folder / "cabinet.toml").open("a", encoding="utf-8") as description:
        description.write('\n[releve]\ngenre = "repertoire"\ndossier = "arrivees"\n')
    shutil.copy(key_folder() / "praticien.p12", folder)
    (folder / "visites.xml").write_bytes(document(facture("V-8"), facture("V-9", patient=1)))
    (folder / "ordonnance.pdf").write_bytes(pdf(text=b"LEFEVRE " + PATIENTS[0][0].encode()))
    (folder / "arrivees").mkdir()
    (folder / "arrivees" / "retour.noe").write_bytes(noe())
    (folder / "arrivees" / "nommes.noe").write_bytes(named_return())
    shell, printed = Shell(folder), []
    for arguments in EXCHANGES:
        done = shell.run(*arguments)
        printed.append(done.stdout + done.stderr)
        assert done.returncode == {"envoyer": 5}.get(arguments[0], 0), done.stdout + done.stderr
        if arguments[0] == "envoyer":
            assert "dossier" in printed[-1], "the folder is not there: it is an incident"
            (folder / "oct").mkdir()
            printed.append(shell.ok(*arguments))
        if arguments[0] == "relever":
            with reopen(folder) as practice:
                acknowledge(practice, 7, le=date(2026, 10, 8))
    names = clean(shell, printed)
    assert {"journal.sqlite", "sauvegarde.sqlite", "incidents.csv"} <= names
    assert len([name for name in names if name.endswith(".p7m")]) == (2 if sealed else 0)
    query = "SELECT (SELECT COUNT(*) FROM courrier) AS c, (SELECT COUNT(*) FROM incident) AS i, "
    with reopen(folder) as practice:
        [counts] = rows(practice, f"{query}(SELECT COUNT(*) FROM piece_suite) AS p")
    assert counts == {"c": 2, "i": 1, "p": 1}


def wanted() -> Iterator[str]:
    yield from (nir for nir, _, _ in PATIENTS)
    yield from NAMES
    yield from SECRETS.values()


def test_what_this_test_looks_for_is_in_the_messages(shell: Shell) -> None:
    """Were the patients to change, the test above would look for nobody."""
    messages = b"".join(path.read_bytes() for path in shell.folder.rglob("*") if path.suffix in MESSAGES)
    assert b"DUPONTEL" in messages
    assert PATIENTS[0][0].encode() in messages
    assert "Lefèvre".upper().replace("È", "E") in NAMES
