"""One sending: built, sealed, cut in lots, signed, put on the disk whole or not at all.

    sortie/<nom>/<nom>.b2, <nom>-001.p7s…                    what leaves; `fse verifier` reads it
    sortie/<nom>/facture_emise.parquet, prestataire.parquet  what its returns are matched with

A run that is killed leaves a hidden folder at most, which the next one removes. What is already there is never signed
again: it is compared with what would be written.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fse.app.masse.emission.envoi import CompteEnvoi, Envoi
from fse.base.errors import StorageError
from fse.base.french import system_reason
from fse.base.resources import require
from fse.domain.signature.cms import sign_lot
from fse.domain.signature.signer import Signer

PHASES = ("construction", "scellement", "signature", "ecriture")


def emettre_envoi(envoi: Envoi, signer: Signer, sortie: Path) -> CompteEnvoi:
    """Write one sending in its own folder under `sortie`; each lot is signed with `signer`.

    Raises `UsageError` (without the extra `masse`; as `constitute`), `BuildError` (as `freeze_columns`, `build_lots`;
    more than 999 lots), `SignatureError`, `StorageError` (`sortie.differente`: another sending has this name;
    `sortie.impossible`).
    """
    require("numpy", extra="masse")
    require("pyarrow", extra="masse")
    from fse.app.masse.emission.constitution import constitute
    from fse.app.masse.emission.facts import facts_of
    from fse.norm.codec.b2.columns import build_lots, build_records_of, file_chunks, seal_factures

    seconds = dict.fromkeys(PHASES, 0.0)
    with _timed(seconds, "construction"):
        built = build_records_of(envoi.factures)
    with _timed(seconds, "scellement"):
        frozen = seal_factures(built)
    with _timed(seconds, "construction"):
        planned = constitute(envoi, frozen)
        frozen = frozen.take(planned.order)
        lots = build_lots(planned.entetes, frozen, planned.cuts)
        head, *contents, tail = file_chunks(envoi.entete, lots)
    folder = sortie / envoi.nom
    content = [head, *contents, tail]
    with _writing(folder):
        known = _is_there(folder, content)
    if not known:
        with _timed(seconds, "signature"):
            signatures = [sign_lot(lot, signer) for lot in contents]
        with _timed(seconds, "ecriture"), _writing(folder):
            _write(folder, content, signatures, facts_of(envoi, planned, frozen))
    return CompteEnvoi(
        nom=envoi.nom,
        dossier=folder,
        lots=len(contents),
        factures=len(planned.order),
        octets=sum(map(len, content)),
        honoraires=int(frozen.honoraires.sum()),
        amo=int(frozen.amo.sum()),
        amc=int(frozen.amc.sum()),
        deja_la=known,
        durees=seconds,
    )


@contextmanager
def _timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[phase] += time.perf_counter() - start


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """What the disk refuses. Raises `StorageError`."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            "sortie.impossible",
            f"L'envoi ne peut pas être écrit : {system_reason(error)}.",
            action="Vérifier le dossier, les droits et la place libre, puis recommencer : rien n'est perdu.",
            lieu=str(folder),
        ) from error


def _is_there(folder: Path, content: list[bytes]) -> bool:
    """The same file was put there by an earlier run. Raises `StorageError` (`sortie.differente`)."""
    if not folder.exists():
        return False
    with (folder / f"{folder.name}.b2").open("rb") as file:
        same = all(file.read(len(chunk)) == chunk for chunk in content) and not file.read(1)
    if not same:
        raise StorageError(
            "sortie.differente",
            "Un autre envoi porte déjà ce nom : il n'est pas écrasé.",
            action="Le déplacer ou donner un autre identifiant de fichier, puis recommencer.",
            lieu=str(folder),
        )
    return True


def _write(folder: Path, content: list[bytes], signatures: list[bytes], facts: Mapping[str, Any]) -> None:
    from pyarrow.parquet import write_table

    temporary = folder.with_name(f".{folder.name}.tmp")  # the same at each run: a killed one leaves no other
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    with (temporary / f"{folder.name}.b2").open("wb") as file:
        file.writelines(content)
    for rank, signature in enumerate(signatures, start=1):
        (temporary / f"{folder.name}-{rank:03d}.p7s").write_bytes(signature)
    for name, table in facts.items():
        write_table(table, temporary / f"{name}.parquet", compression="zstd")
    _settle(temporary)
    temporary.rename(folder)


def _settle(folder: Path) -> None:
    """The bytes of a folder are on the disk. A thousand small files: one call for all takes a tenth of one for each."""
    if hasattr(os, "sync"):
        os.sync()
        return
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
