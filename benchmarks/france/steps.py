"""What one process does with one file of the day: emit it, then answer it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.france.day import DAY, PER_LOT, Sending, cabinets, headers, lines, prestataires, sendings
from fse.app.caisse.masse import answer_file
from fse.app.masse.emission import Envoi, emettre_envoi
from fse.app.masse.ledger import Result
from fse.domain.signature.signer import Signer
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.norm.codec.b2.columns import FactureColumns
from fse.norm.model.lot import EnteteFichier

OCT = "99000000012345"
"""Who sends every file and gets every return: a concentrator, fictive, whose number is no prestataire's."""
PASSWORD = "essai"
RETURNED = DAY + timedelta(days=3)
SEED = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One file of a day of `taille` invoices, in the folder of the run."""

    ordinal: int
    taille: int
    poids: int
    folder: Path

    @property
    def nom(self) -> str:
        return f"{self.ordinal + 1:06d}"

    @property
    def source(self) -> str:
        return str(self.taille)


def steps_of(taille: int, folder: Path) -> list[Step]:
    """One step a file of the day."""
    return [Step(one.ordinal, taille, one.invoices, folder) for one in sendings(taille)]


def emit(step: Step) -> Result:
    """Make the invoices of a file, then build, seal, sign and write it."""
    start = time.perf_counter()
    envoi = _envoi(_day(step.taille)[step.ordinal])
    made = time.perf_counter() - start
    compte = emettre_envoi(envoi, _signer(step.folder / "cles" / "praticien.p12"), step.folder / "envois")
    return {
        "factures": compte.factures,
        "lots": compte.lots,
        "octets": compte.octets,
        "amo": compte.amo,
        "amc": compte.amc,
        "durees": {"donnees": made, **compte.durees},
    }


def answer(step: Step) -> Result:
    """What the fund answers to a file."""
    name = f"{OCT}-{step.nom}"
    reponse = answer_file((step.folder / "envois" / name / f"{name}.b2").read_bytes(), le=RETURNED, graine=SEED)
    folder = step.folder / "retours"
    folder.mkdir(exist_ok=True)
    for fichier in reponse.fichiers:
        (folder / f"{step.nom}-{fichier.nom}").write_bytes(fichier.contenu)
    compte = reponse.compte
    return {
        "recues": compte.recues,
        "repondues": compte.repondues,
        "amo": compte.amo,
        "amc": compte.amc,
        "octets": sum(len(fichier.contenu) for fichier in reponse.fichiers),
    }


def _envoi(sending: Sending) -> Envoi:
    entetes = headers(sending)
    return Envoi(
        entete=EnteteFichier(
            type_emetteur="TP",
            numero_emetteur=OCT,
            type_destinataire="CT",
            numero_destinataire=sending.caisse,
            identifiant_fichier=sending.name,
            date_creation=DAY,
        ),
        taille=PER_LOT,
        prestataires=_professionals(sending),
        departs=pa.table(
            {
                "mode": _same("S", entetes.num_rows),
                "organisme": _same(sending.caisse, entetes.num_rows),
                "remplacant": _same("", entetes.num_rows),
                "securisee_le": _same(DAY, entetes.num_rows),
            }
        ),
        factures=FactureColumns(entetes, lines(sending), {}),
    )


def _professionals(sending: Sending) -> pa.Table:
    """One row a professional; one whose two lots go to the same fund has one row, and its first lot."""
    first = sending.professionals[1:] != sending.professionals[:-1]
    rows = pa.array([True, *first.tolist()])
    numbers = prestataires(sending.professionals).filter(rows)
    return pa.table(
        {
            "cabinet": cabinets(sending.professionals).filter(rows),
            "prestataire": numbers,
            "nom": _same("PRATICIEN ESSAI", len(numbers)),
            "premier_numero": _same(1, len(numbers)),
            "dernier_numero": _same(999_999_999, len(numbers)),
            "premier_lot": pa.array(sending.lots).filter(rows),
        }
    )


def _same(value: str | int | date, rows: int) -> Any:
    return pa.repeat(pa.scalar(value), rows)


@cache
def _day(taille: int) -> tuple[Sending, ...]:
    return tuple(sendings(taille))


@cache
def _signer(path: Path) -> Signer:
    return open_pkcs12(path, PASSWORD)
