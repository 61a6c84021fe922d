"""A month of one practice, then every byte it keeps and every word it prints: no NIR, no name, no secret in clear.

What is a message (sheets received from the software, B2, NOEMIE) holds them by its nature and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fse.norm.codec.noemie.building import build
from fse.norm.model import AssureRetour
from tests.app.cabinet import PATIENTS
from tests.app.emitted import emitted_practice, noe, retour
from tests.app.test_cli import SECRETS, Shell

MESSAGES = {".b2", ".noe", ".xml", ".p12"}
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
    told = "".join(printed)
    for secret in (*wanted(), *FIRST_NAMES):
        assert secret.upper() not in told.upper(), f"printed: {secret}"
    kept = [path for path in sorted(shell.folder.rglob("*")) if path.is_file() and path.suffix not in MESSAGES]
    assert {"journal.sqlite", "sauvegarde.sqlite", "facture_emise.parquet"} <= {path.name for path in kept}
    for path in kept:
        content = path.read_bytes().upper()
        for secret in wanted():
            for encoding in ("utf-8", "latin-1", "utf-16-le"):
                assert secret.upper().encode(encoding) not in content, f"{path.name}: {secret}"


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
