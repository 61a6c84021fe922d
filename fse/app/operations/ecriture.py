"""Puts the frozen files on the disk, then marks them written (T3 of architecture, decision 9), whoever froze them.

A file that someone else sends has left once it is there: what must not leave any more is not written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.clock import now
from fse.app.operations.delivery import deliver
from fse.app.operations.fichier import signatures
from fse.app.operations.practice import Practice
from fse.app.operations.states import refresh
from fse.app.operations.transmission.interdits import forbidden, is_needless
from fse.base.dates import from_days
from fse.base.findings import Finding
from fse.infra.journal.facts import fichiers_emis, lots
from fse.infra.journal.facts.exchanges import envois
from fse.infra.journal.facts.exchanges.transmissions import is_resend
from fse.infra.journal.facts.fichiers_emis import FichierEcritRow, FichierEmisRow
from fse.infra.journal.transaction import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class LotEmis:
    """A lot of a written file. Amounts in centimes."""

    prestataire: str
    numero_lot: int
    date_lot: date
    organisme_destinataire: str
    factures: tuple[int, ...]
    total_honoraires: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierEmis:
    """A file now on the disk, with the signatures of its lots, in its order. `renvoi`: it sends a lot again."""

    chemin: Path
    signatures: tuple[Path, ...]
    centre_informatique: str
    lots: tuple[LotEmis, ...]
    renvoi: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ARemettre:
    """The files that someone else sends and that are not on the disk yet; `constats`: why others stay here."""

    fichiers: tuple[FichierEmisRow, ...]
    constats: tuple[Finding, ...]


def to_hand_over(reading: Reading, cabinet: Cabinet, le: date) -> ARemettre:
    """What may be given to someone else on this day. What a payer turned out to have is left out in silence."""
    fichiers, constats = [], []
    for one in envois.to_hand_over(reading):
        if is_needless(reading, cabinet, one.emetteur, one.identifiant, le):
            continue
        said = forbidden(reading, one)
        if said:
            constats.append(said)
        else:
            fichiers.append(one)
    return ARemettre(fichiers=tuple(fichiers), constats=tuple(constats))


def write_files(
    practice: Practice, given: Collection[FichierEmisRow], sortie: Path, today: int
) -> Iterator[FichierEmis]:
    """Each frozen file that is not on the disk yet, written in `sortie` and marked on this day (days since 1970).

    Of those that someone else sends, only these `given` (by `to_hand_over`); of those that fse sends, a copy.
    Signatures come first, the file last, so that a file seen is a file complete. Raises `StorageError`
    (`sortie.differente`, `sortie.impossible`).
    """
    with practice.journal.reading() as reading:
        pending = [one for one in fichiers_emis.to_write(reading) if one.canal or one in given]
    for fichier in pending:
        name = fichier.nom
        with practice.journal.reading() as reading:
            keys = fichiers_emis.lots_of(reading, fichier.emetteur, fichier.identifiant)
            contents = {sortie / one.nom: one.contenu for one in signatures(reading, name, keys)}
            signed = tuple(contents)
            if fichier.contenu_enveloppe is not None:
                contents[sortie / f"{name}.p7m"] = reading.load(fichier.contenu_enveloppe)
            contents[sortie / f"{name}.b2"] = reading.load(fichier.contenu_fichier)
            emitted = tuple(_emitted(reading, key) for key in keys)
            again = is_resend(reading, fichier.emetteur, fichier.identifiant)
        for path, content in contents.items():
            deliver(path, content)
        with practice.journal.transaction(now()) as transaction:
            fichiers_emis.mark_written(
                transaction,
                FichierEcritRow(
                    emetteur=fichier.emetteur,
                    identifiant=fichier.identifiant,
                    nom=f"{name}.b2",
                    ecrit_le=today,
                ),
            )
            refresh(transaction, [numero for lot in emitted for numero in lot.factures])
        yield FichierEmis(
            chemin=sortie / f"{name}.b2",
            signatures=signed,
            centre_informatique=fichier.centre,
            lots=emitted,
            renvoi=again,
        )


def _emitted(reading: Reading, key: lots.LotKey) -> LotEmis:
    rows = lots.factures_of(reading, key)
    return LotEmis(
        prestataire=key.prestataire,
        numero_lot=key.numero_lot,
        date_lot=from_days(key.date_lot),
        organisme_destinataire=rows[0].organisme,
        factures=tuple(row.numero for row in rows),
        total_honoraires=sum(row.total_honoraires for row in rows),
    )
