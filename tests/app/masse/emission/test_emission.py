"""A sending of the mass path is that of the record path, with facts that its returns can be matched with."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fse.app.masse.emission import CompteEnvoi, emettre_envoi
from fse.app.operations.lire import lire
from fse.app.operations.verifier import verifier
from fse.base.dates import to_days
from fse.base.errors import BuildError, FseError, StorageError, UsageError
from fse.base.findings import Finding
from fse.domain.reconciliation.relations import RELATIONS
from fse.domain.signature.signer import Signer
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.trial_pki import create_test_key
from fse.norm.codec.b2.columns import columns_of
from fse.norm.layout import EntityRow
from fse.norm.model.tiers_payant import parts_attendues
from tests.app.masse.emission.killed import PASSWORD
from tests.app.masse.emission.sendings import CABINETS, DAY, TAILLE, by_records, envoi, invoices, tree

NAME = "00000001234566-000001"
CHANGES = 14
"""Of the disk: the folders (three calls), the file, nine signatures, the rename; those of Arrow are not heard."""


@dataclass(frozen=True)
class Key:
    """A trial key: its file, its authority, opened."""

    path: Path
    anchor: Path
    signer: Signer


@dataclass(frozen=True)
class Sent:
    """An emitted sending."""

    folder: Path
    compte: CompteEnvoi


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    created = create_test_key(tmp_path_factory.mktemp("key"), PASSWORD, "ESSAI", "001234566", datetime.now(UTC))
    return Key(created.praticien, created.ancre, open_pkcs12(created.praticien, PASSWORD))


@pytest.fixture(scope="module")
def sent(key: Key, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    sortie = tmp_path_factory.mktemp("sortie")
    compte = emettre_envoi(envoi(invoices()), key.signer, sortie)
    assert [path.name for path in sortie.iterdir()] == [NAME]
    return Sent(sortie / NAME, compte)


def signatures(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.p7s"))]


def test_the_file_is_that_of_the_record_path(sent: Sent) -> None:
    content, lots = by_records(invoices())
    assert (sent.folder / f"{NAME}.b2").read_bytes() == content
    assert len(lots) == 9
    assert {len(numeros) for _, numeros in lots} == {1, 2, TAILLE}
    assert [path.name for path in sorted(sent.folder.glob("*.p7s"))] == [f"{NAME}-{n:03d}.p7s" for n in range(1, 10)]


def test_the_account_says_what_was_written(sent: Sent) -> None:
    held = [one for one, _ in invoices()]
    compte = sent.compte
    assert (compte.nom, compte.dossier, compte.deja_la) == (NAME, sent.folder, False)
    assert (compte.lots, compte.factures) == (9, 20)
    assert compte.octets == (sent.folder / f"{NAME}.b2").stat().st_size
    assert compte.honoraires == sum(one.total_honoraires for one in held) == 81_000
    assert compte.amo == sum(one.total_amo for one in held) == 56_700
    assert compte.amc == sum(one.total_amc for one in held)
    assert set(compte.durees) == {"construction", "scellement", "signature", "ecriture"}
    assert all(seconds > 0 for seconds in compte.durees.values())


def test_lire_and_verifier_find_nothing_wrong(sent: Sent, key: Key) -> None:
    content = (sent.folder / f"{NAME}.b2").read_bytes()
    items = list(lire([content]))
    said = [one for item in items for one in (item.constats if isinstance(item, EntityRow) else [item])]
    assert [one for one in said if isinstance(one, Finding) and one.is_error] == []
    verified = verifier(content, signatures(sent.folder), [key.anchor.read_bytes()])
    assert verified.status == 0
    assert [lot.factures for lot in verified.lots if lot.verdict is not None and lot.verdict.prouve] == [
        len(numeros) for _, numeros in by_records(invoices())[1]
    ]
    assert "signature de 9 lots" in verified.controles
    assert "sceaux de 20 factures et de 9 lots" in verified.controles


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl judges the signature")
def test_openssl_accepts_a_signature_and_no_other_bytes(sent: Sent, key: Key, tmp_path: Path) -> None:
    content = (sent.folder / f"{NAME}.b2").read_bytes()
    records = [content[start : start + 128] for start in range(0, len(content), 128)]
    edges = [place for place, record in enumerate(records) if record[:1] == b"1"]
    second = b"".join(records[edges[1] : edges[2]])
    options = ["-binary", "-inform", "DER", "-in", str(sent.folder / f"{NAME}-002.p7s")]
    options += ["-content", "lot", "-CAfile", str(key.anchor), "-purpose", "any", "-out", "out"]
    for lot, accepted in ((second, True), (second.replace(b"ALPHA", b"ALPHO"), False)):
        (tmp_path / "lot").write_bytes(lot)
        judged = subprocess.run(
            ["openssl", "cms", "-verify", *options],
            cwd=tmp_path,
            check=False,
            capture_output=True,
        )
        assert (judged.returncode == 0) is accepted, judged.stderr


def test_the_facts_are_those_of_each_invoice(sent: Sent) -> None:
    lots = {(one.prestataire, n): one for one, numeros in by_records(invoices())[1] for n in numeros}
    table = pq.read_table(sent.folder / "facture_emise.parquet")
    assert tuple(table.column_names) == RELATIONS["facture_emise"].names
    rows = {(row["prestataire"], row["numero"]): row for row in table.to_pylist()}
    assert len(rows) == table.num_rows == 20
    day = to_days(DAY)
    for one, (mode, organisme, replacing) in invoices():
        asked = parts_attendues(one)
        assert rows[one.prestataire, one.numero] == {
            "cabinet": CABINETS[one.prestataire],
            "prestataire": one.prestataire,
            "numero": one.numero,
            "mode": mode,
            "attend_amo": int("AMO" in asked),
            "attend_amc": int("AMC" in asked),
            "demande_amo": one.total_amo,
            "demande_amc": one.total_amc,
            "date_facture": day,
            "securisee_le": day,
            "numero_lot": lots[one.prestataire, one.numero].numero_lot,
            "date_lot": day,
            "emise_le": day,
            "annulee": 0,
            "organisme": organisme,
            "remplacant": replacing,
            "remplacee_par": 0,
            "racine": 0,
            "en_route": 1,
            "accuse": "",
        }
    professionals = pq.read_table(sent.folder / "prestataire.parquet")
    assert tuple(professionals.column_names) == RELATIONS["prestataire"].names
    assert {row["prestataire"]: row["cabinet"] for row in professionals.to_pylist()} == CABINETS
    for relation in ("facture_emise", "prestataire"):
        types = {
            column.name: "int64" if column.type == "bigint" else "string" for column in RELATIONS[relation].columns
        }
        schema = pq.read_schema(sent.folder / f"{relation}.parquet")
        assert {one.name: str(one.type) for one in schema} == types


def test_a_second_run_signs_nothing_again(sent: Sent, key: Key) -> None:
    before = {path.name: path.read_bytes() for path in sent.folder.iterdir()}
    again = emettre_envoi(envoi(invoices()), key.signer, sent.folder.parent)
    assert again.deja_la
    assert again.durees["signature"] == again.durees["ecriture"] == 0
    assert replace(again, deja_la=False, durees=sent.compte.durees) == sent.compte
    assert {path.name: path.read_bytes() for path in sent.folder.iterdir()} == before


def test_another_sending_of_this_name_is_not_overwritten(sent: Sent, key: Key) -> None:
    before = tree(sent.folder)
    with pytest.raises(StorageError) as raised:
        emettre_envoi(envoi(invoices()[:-1]), key.signer, sent.folder.parent)
    assert raised.value.code == "sortie.differente"
    assert tree(sent.folder) == before


def test_other_facts_for_the_same_bytes_are_another_sending(sent: Sent, key: Key) -> None:
    before = tree(sent.folder)
    given = envoi(invoices())
    corrected = given.prestataires.set_column(0, "cabinet", pa.array(["cab-autre", "cab-beta"]))
    with pytest.raises(StorageError) as raised:
        emettre_envoi(replace(given, prestataires=corrected), key.signer, sent.folder.parent)
    assert raised.value.code == "sortie.differente"
    assert tree(sent.folder) == before


def test_what_is_missing_is_made_again(sent: Sent, key: Key, tmp_path: Path) -> None:
    folder = tmp_path / NAME
    shutil.copytree(sent.folder, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    lacking = {f"{NAME}-001.p7s", f"{NAME}-009.p7s", "facture_emise.parquet"}
    for name in lacking:
        (folder / name).unlink()
    assert not emettre_envoi(envoi(invoices()), key.signer, tmp_path).deja_la
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} <= lacking
    assert tree(folder) == tree(sent.folder)
    content = (folder / f"{NAME}.b2").read_bytes()
    assert verifier(content, signatures(folder), [key.anchor.read_bytes()]).status == 0
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert emettre_envoi(envoi(invoices()), key.signer, tmp_path).deja_la


@pytest.mark.parametrize("name", [f"{NAME}.b2", "prestataire.parquet"])
def test_a_folder_whose_file_or_facts_cannot_be_known_is_left_alone(
    name: str, sent: Sent, key: Key, tmp_path: Path
) -> None:
    """Without its file, nobody knows what the signatures are of; facts that do not read are not these."""
    folder = tmp_path / NAME
    shutil.copytree(sent.folder, folder)
    if name.endswith(".b2"):
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(b"PAR1")
    before = tree(folder)
    with pytest.raises(StorageError) as raised:
        emettre_envoi(envoi(invoices()), key.signer, tmp_path)
    assert raised.value.code == "sortie.differente"
    assert tree(folder) == before


def test_what_cannot_be_sent_writes_nothing(key: Key, tmp_path: Path) -> None:
    given = envoi(invoices())
    full = given.prestataires.set_column(5, "premier_lot", pa.array([12, 998]))
    modes = pa.array(["papier", *given.departs["mode"].to_pylist()[1:]])
    marks = given.factures.entetes["marque"].to_pylist()
    place = given.factures.entetes.column_names.index("marque")
    mixed = given.factures.entetes.set_column(place, "marque", pa.array(["D", *marks[1:]]))
    unsaid = pa.array([None, *given.departs["organisme"].to_pylist()[1:]])
    numeros = given.factures.entetes["numero_facture"].to_pylist()
    place = given.factures.entetes.column_names.index("numero_facture")
    doubled = given.factures.entetes.set_column(place, "numero_facture", pa.array([numeros[1], *numeros[1:]]))
    cases: list[tuple[str, type[FseError], dict[str, object]]] = [
        ("masse.envoi_vide", UsageError, {"factures": columns_of([]), "departs": given.departs.slice(0, 0)}),
        ("masse.prestataire_inconnu", UsageError, {"prestataires": given.prestataires.slice(0, 1)}),
        ("masse.valeur_absente", UsageError, {"departs": given.departs.set_column(1, "organisme", unsaid)}),
        ("masse.numero_double", UsageError, {"factures": given.factures._replace(entetes=doubled)}),
        ("masse.mode_inconnu", UsageError, {"departs": given.departs.set_column(0, "mode", modes)}),
        ("masse.marques_melees", UsageError, {"factures": given.factures._replace(entetes=mixed)}),
        ("champ.refuse", BuildError, {"prestataires": full}),
    ]
    for code, kind, values in cases:
        with pytest.raises(kind) as raised:
            emettre_envoi(replace(given, **values), key.signer, tmp_path / "sortie")  # type: ignore[arg-type]
        assert raised.value.code == code
    assert not (tmp_path / "sortie").exists()
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(StorageError) as raised:
        emettre_envoi(given, key.signer, tmp_path / "taken")
    assert raised.value.code == "sortie.impossible"


def killed_at(sortie: Path, key: Key, change: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.app.masse.emission.killed", str(sortie), str(key.path), str(change)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((CHANGES // 2,), id="one"),
        pytest.param(range(1, CHANGES + 1), id="each", marks=pytest.mark.long),
    ],
)
def test_killed_at_any_change_the_next_run_ends_the_same(
    changes: Sequence[int], sent: Sent, key: Key, tmp_path: Path
) -> None:
    """Some: the file not written yet, between two signatures, right before the rename. Nothing is seen of it."""
    for change in changes:
        sortie = tmp_path / str(change)
        killed = killed_at(sortie, key, change)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert not (sortie / NAME).exists()
        compte = emettre_envoi(envoi(invoices()), key.signer, sortie)
        assert not compte.deja_la
        assert tree(sortie) == {f"{NAME}/{name}": content for name, content in tree(sent.folder).items()}


@pytest.mark.long
def test_there_are_no_other_changes(key: Key, tmp_path: Path) -> None:
    assert killed_at(tmp_path / "whole", key, 0).stdout == f"{CHANGES}\n"
