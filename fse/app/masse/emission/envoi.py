"""What is given to emit one file, and the account of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fse.norm.model.lot import EnteteFichier

if TYPE_CHECKING:
    from fse.norm.codec.b2.columns import FactureColumns


@dataclass(frozen=True, slots=True, kw_only=True)
class Envoi:
    """Invoices that leave in one file, numbered and marked T or D, of any number of practices. Arrow tables:

    `prestataires`, one row a prestataire, each once: cabinet, prestataire, nom (of record 1), premier_numero,
    dernier_numero (its range of invoice numbers: the invoices are in it), premier_lot (the number of its first lot
    here; the next ones follow it, up to 999).
    `departs`, one row an invoice, in the order of `factures.entetes`: mode (S, F, D or aucun), organisme (of the lot),
    remplacant ("" when nobody), securisee_le (date).
    The lots hold at most `taille` invoices and have the date of the file.
    """

    entete: EnteteFichier
    taille: int
    prestataires: Any
    departs: Any
    factures: FactureColumns

    @property
    def nom(self) -> str:
        """How its file is called, without extension."""
        from fse.infra.journal.facts.fichiers_emis import name_of

        return name_of(self.entete.numero_emetteur, self.entete.identifiant_fichier)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompteEnvoi:
    """One emitted file. Amounts in centimes, `octets` of the B2 file.

    `deja_la`: earlier runs had put all of it there, these bytes and facts; nothing was signed. `durees`: seconds of
    construction, scellement, signature and ecriture.
    """

    nom: str
    dossier: Path
    lots: int
    factures: int
    octets: int
    honoraires: int
    amo: int
    amc: int
    deja_la: bool
    durees: Mapping[str, float]
