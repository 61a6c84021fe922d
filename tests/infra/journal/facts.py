"""The smallest facts to write in a journal. Nothing is real: prestataires start with 00, order numbers are 000."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from fse.infra.journal import Journal, Transaction, dialects
from fse.infra.journal.dialects import Place
from fse.infra.journal.facts import factures, fichiers_emis, lots
from fse.infra.journal.facts.factures import AnnulationRow, FactureRow
from fse.infra.journal.facts.fichiers_emis import FichierEcritRow, FichierEmisRow
from fse.infra.journal.facts.fichiers_recus import FichierRecuRow
from fse.infra.journal.facts.lots import LotKey, LotRow
from fse.infra.journal.schema.derived import ETAT_FACTURE
from fse.infra.journal.secrets import Coffre

CABINET = "cabinet-essai"
CLE = "une clé d'essai"
NOW = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
TODAY = 20514
PRESTATAIRE = "001234561"
EMETTEUR = "00000001234561"
NIR = "1850599999000"
IDENTITE = b'{"nom": "MARTINEAU", "prenom": "CLEMENTINE"}'

RECU = FichierRecuRow(
    empreinte="a" * 64,
    famille="noemie",
    emetteur="CP00000001010000",
    destinataire="TP" + EMETTEUR,
    identifiant="000001",
    date_creation=TODAY,
    marque="T",
    contenu_archive=None,
    recu_le=TODAY,
    verdict="recu",
    motif=None,
    conteneur_empreinte="c" * 64,
    octet=0,
)


on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("store", ["postgresql"], indirect=True)
mostly_on_sqlite = pytest.mark.parametrize(
    "store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)
"""For what is slow, and no statement of which is particular to a database: on the other one in the long lane."""


def reopened(place: Place, coffre: Coffre) -> Journal:
    """The test journal of this place, without its key."""
    return Journal(dialects.at(place).open_engine(place), CABINET, "T", coffre)


def secure(transaction: Transaction, numero: int, **changes: object) -> FactureRow:
    """Secure one small invoice, and say that it has not left, as the matching does."""
    saisie = f"<facture numero='{numero}'>{NIR} MARTINEAU</facture>".encode()
    facture = FactureRow(
        prestataire=PRESTATAIRE,
        numero=numero,
        reference=f"ref-{numero}",
        empreinte_saisie=transaction.coffre.content_fingerprint(saisie),
        sceau="A" * 32,
        mode="S",
        destinataire_reglement="15",
        attend_amo=1,
        attend_amc=0,
        demande_amo=1855,
        demande_amc=0,
        total_honoraires=2650,
        date_facture=TODAY,
        securisee_le=TODAY,
        organisme="010",
        type_destinataire="CT",
        centre="00000000000010",
        remplacant="",
        remplace=None,
        racine=numero,
        rang_chaine=0,
        contenu_fse=transaction.store("fse", f"{NIR} MARTINEAU {numero}".encode()),
        contenu_saisie=transaction.store("saisie", saisie),
        personne=transaction.person(NIR, IDENTITE),
    )
    facture = replace(facture, **changes)
    factures.insert_facture(transaction, facture, ())
    state = {"cabinet": transaction.cabinet, "prestataire": facture.prestataire, "numero": facture.numero}
    state |= {"etat": "a_emettre", "remplacee_par": 0, "racine": 0}
    transaction.connection.execute(insert(ETAT_FACTURE).values(state))
    return facture


def cancel(transaction: Transaction, numero: int) -> None:
    """Cancel one invoice."""
    factures.cancel(
        transaction,
        AnnulationRow(
            prestataire=PRESTATAIRE, numero=numero, motif="erreur de saisie", auteur="essai", annulee_le=TODAY
        ),
    )


def make_lot(transaction: Transaction, numero_lot: int, numeros: list[int], date_lot: int = TODAY) -> LotKey:
    """Constitute one lot of these invoices."""
    row = LotRow(
        prestataire=PRESTATAIRE,
        numero_lot=numero_lot,
        date_lot=date_lot,
        organisme="010",
        type_destinataire="CT",
        centre="00000000000010",
        certification="S",
        remplacant="",
        contenu_lot=transaction.store("lot", f"lot {numero_lot} {NIR}".encode()),
    )
    lots.insert_lot(transaction, row, numeros)
    return row.key


def freeze_file(transaction: Transaction, identifiant: str, keys: list[LotKey]) -> None:
    """Freeze one file of these lots."""
    row = FichierEmisRow(
        emetteur=EMETTEUR,
        identifiant=identifiant,
        type_destinataire="CT",
        centre="00000000000010",
        date_creation=TODAY,
        empreinte="f" * 64,
        contenu_fichier=transaction.store("fichier", f"fichier {identifiant} {NIR}".encode()),
    )
    fichiers_emis.freeze(transaction, row, keys)


def mark_written(transaction: Transaction, identifiant: str, ecrit_le: int = TODAY) -> None:
    """Say that this file is on the disk."""
    fichiers_emis.mark_written(
        transaction,
        FichierEcritRow(
            emetteur=EMETTEUR, identifiant=identifiant, nom=f"{EMETTEUR}-{identifiant}.b2", ecrit_le=ecrit_le
        ),
    )
