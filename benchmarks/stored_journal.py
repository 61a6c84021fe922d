"""A journal that already holds many invoices and their returns, loaded in bulk for measurements: no operation made it.

The rows go straight into the journal's own tables, so that a change of schema breaks this loudly; what follows from the
facts is computed by `states.rebuild`. Facts, events and entities are those that the operations would have written; only
the ciphertexts are not: nothing reads them, and they are short.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert

from benchmarks.invoices import (
    AMC,
    AMO,
    DAYS,
    FIRST_DAY,
    LOTS,
    NOT_IN_A_LOT,
    PER_DAY,
    PER_LOT,
    PRESTATAIRES,
    SOCIETE,
    WEEK,
    Invoice,
    contents_of,
)
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.practice import Practice, entity_tables, open_practice
from fse.app.operations.states import insured, rebuild
from fse.base.identifiers.prestataire import reduce
from fse.infra.journal import Transaction
from fse.infra.journal.events import Genre
from fse.infra.journal.facts import compteurs
from fse.infra.journal.facts.actes import ActeRow
from fse.infra.journal.facts.factures import AnnulationRow, FactureRow
from fse.infra.journal.facts.fichiers_emis import FichierEcritRow, FichierEmisRow
from fse.infra.journal.facts.fichiers_recus import FichierRecuRow
from fse.infra.journal.facts.lots import LotKey, LotRow
from fse.infra.journal.schema import fact_tables as facts
from fse.infra.journal.schema import tables
from fse.infra.journal.schema.entities import row_values
from fse.infra.journal.upkeep.facts import RECORDED
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow
from fse.norm.model.saisie import MODES_SANS_LOT

NOW = datetime(2026, 9, 30, 20, tzinfo=UTC)
CABINET = "essai"
CLE = "clé des mesures de fse"
EMETTEUR = PRESTATAIRES[0].zfill(14)
WEEKS_A_TRANSACTION = 50
UNREAD = bytes(200)
"""In the place of a ciphertext."""
_CACHE = "PRAGMA cache_size = -1000000"
"""A gigabyte, for the load alone."""

Event = tuple[Genre, dict[str, Any]]
Rows = dict[Table, list[dict[str, Any]]]

_DESCRIPTION = """
cabinet = "{cabinet}"
marque = "T"
journal = "{journal}"
taille_lot = 20

[emetteur]
type = "TP"
numero = "{emetteur}"
{prestataires}
[[mandats]]
beneficiaire = "{societe}"
prestataires = ["{mandant}"]

[[destinations]]
regime = "01"
caisse = "998"
centre = "0000"
organisme_destinataire = "998"
centre_informatique = "998"
type_destinataire = "CT"
"""
_PRESTATAIRE = '\n[[prestataires]]\nnumero = "{}"\nnom = "DR ESSAI"\nspecialite = "01"\ncle = "praticien.p12"\n'


def make_journal(folder: Path, journal: str, weeks: int) -> Practice:
    """A practice with a new journal (a path from its folder, or an address) of so many weeks of invoices and returns."""
    folder.mkdir(parents=True)
    description = folder / "cabinet.toml"
    description.write_text(
        _DESCRIPTION.format(
            cabinet=CABINET,
            journal=journal,
            emetteur=PRESTATAIRES[0],
            prestataires="".join(map(_PRESTATAIRE.format, PRESTATAIRES)),
            societe=SOCIETE,
            mandant=PRESTATAIRES[-1],
        ),
        encoding="utf-8",
    )
    practice = open_practice(load_cabinet(description), CLE)
    load = _Load()
    for start in range(0, weeks, WEEKS_A_TRANSACTION):
        with practice.journal.transaction(NOW) as transaction:
            load.run(transaction, range(start, min(start + WEEKS_A_TRANSACTION, weeks)))
    with practice.journal.transaction(NOW) as transaction:
        load.set_counters(transaction, weeks)
        _prepare(transaction.connection)
        rebuild(transaction)
    _settle(practice)
    return practice


def _settle(practice: Practice) -> None:
    """Leave the journal as time would: without what is particular to the load, and as the server's own upkeep has it."""
    engine = practice.journal.engine
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
    engine.dispose()


def _prepare(connection: Connection) -> None:
    """What makes a load fast, for this transaction; on SQLite until the connection is closed."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # foreign keys are not looked up
    else:
        connection.exec_driver_sql(_CACHE)


class _Load:
    """Weeks of facts; it goes on from one transaction to the next."""

    def __init__(self) -> None:
        self._acte = 0
        self._template = _Template()

    def run(self, transaction: Transaction, weeks: range) -> None:
        """Write these weeks."""
        _prepare(transaction.connection)
        rows: Rows = {table: [] for table in tables.METADATA.sorted_tables}
        for week in weeks:
            invoices = [Invoice(rank) for rank in range(week * WEEK, (week + 1) * WEEK)]
            fichier = _id("retour", week, size=32)
            persons = {one.nir: transaction.coffre.fingerprint(one.nir) for one in invoices}
            rows[tables.personne] += [
                {"id": _id("personne", nir), "nir_empreinte": fingerprint, "chiffre": UNREAD}
                for nir, fingerprint in persons.items()
            ]
            for genre, content in (*_sent(invoices), _received(fichier, week), *self._acts(invoices, fichier)):
                transaction.event(genre, content)
                _add(rows, genre, content)
            self._template.add(rows, week, fichier, persons)
        for table, some in rows.items():
            _insert(transaction.connection, table, some)
        _insert(transaction.connection, facts.identifiant, self._template.identifiants if weeks.start == 0 else [])

    def set_counters(self, transaction: Transaction, weeks: int) -> None:
        """Make the counters follow what was given."""
        for prestataire in PRESTATAIRES:
            compteurs.raise_to(transaction, compteurs.of_factures(prestataire), Invoice(weeks * WEEK - 1).numero)
            compteurs.raise_to(transaction, compteurs.of_lots(prestataire), weeks * DAYS)
        compteurs.raise_to(transaction, compteurs.of_fichiers(EMETTEUR), weeks * DAYS)
        compteurs.raise_to(transaction, "acte", self._acte)

    def _acts(self, invoices: list[Invoice], fichier: str) -> Iterator[Event]:
        """The practice closes what the return left open, except what is paid too much and the numbers unknown."""
        lines = iter(self._template.without_number)
        for one in sorted(invoices, key=lambda one: (one.named, one.rank)):
            here = {"prestataire": one.prestataire, "numero": one.numero}
            if one.kind == "sans_numero":
                yield self._act("rattachement", here, fichier=fichier, rang=next(lines))
            elif one.kind == "sans_retour":
                for partie, montant in zip(one.parties, (AMO, AMC), strict=False):
                    paid = {"etat": "P", "montant": montant, "jour": one.jour + 20, "piece": "releve"}
                    yield self._act("paiement_saisi", here, partie=partie, **paid)
            elif one.kind == "amc_rejetee" and "AMC" in one.parties:
                yield self._act("etat_force", here, partie="AMC", etat="abandonnee", retours=1)
            elif one.kind == "payee_moins":
                yield self._act("etat_force", here, partie="AMO", etat="payee", retours=1)
        yield self._act("etat_force", here, partie="AMO", etat="abandonnee", retours=9)
        yield self._act("annulation_acte", {}, vise=self._acte)

    def _act(self, genre: Any, target: Mapping[str, Any], **values: Any) -> Event:
        self._acte += 1
        row = ActeRow(acte=self._acte, genre=genre, auteur="essai", motif="mesure", pose_le=FIRST_DAY, **target, **values)
        return Genre.ACTE_MANUEL, asdict(row)


def _sent(invoices: list[Invoice]) -> Iterator[Event]:
    """Days of invoices, each with its lots and its file."""
    for start in range(0, len(invoices), PER_DAY):
        day = invoices[start : start + PER_DAY]
        for one in day:
            yield from _secured(one)
        keys = []
        for prestataire in PRESTATAIRES:
            held = [one for one in day if one.prestataire == prestataire and one.kind not in NOT_IN_A_LOT]
            key = LotKey(prestataire, held[0].numero_lot, held[0].jour)
            keys.append(asdict(key))
            contenu = _id("lot", *asdict(key).values())
            lot = LotRow(
                **asdict(key), organisme="998", type_destinataire="CT", centre="998", certification="S", remplacant="",
                contenu_lot=contenu,
            )  # fmt: skip
            yield Genre.LOT_CONSTITUE, asdict(lot) | {"factures": [one.numero for one in held]}
            yield Genre.LOT_SIGNE, asdict(key) | {"contenu_signature": _id("signature", contenu)}
        ordinal = day[0].rank // PER_DAY + 1
        fichier = FichierEmisRow(
            emetteur=EMETTEUR,
            identifiant=f"{ordinal:06d}",
            type_destinataire="CT",
            centre="998",
            date_creation=day[0].jour,
            empreinte=_id("envoi", ordinal, size=32),
            contenu_fichier=_id("fichier", ordinal),
        )
        ecrit = FichierEcritRow(
            emetteur=EMETTEUR, identifiant=fichier.identifiant, nom=f"{EMETTEUR}-{ordinal:06d}.b2", ecrit_le=day[0].jour
        )
        yield Genre.FICHIER_ECRIT, asdict(fichier) | asdict(ecrit) | {"lots": keys}


def _secured(one: Invoice) -> Iterator[Event]:
    mode = "papier" if one.kind == "papier" else "S"
    facture = FactureRow(
        prestataire=one.prestataire,
        numero=one.numero,
        reference=f"R-{one.rank}",
        empreinte_saisie=_id("empreinte", one.rank, size=32),
        sceau="A" * 32,
        mode=mode,
        destinataire_reglement="15",
        attend_amo=1,
        attend_amc=int("AMC" in one.parties),
        demande_amo=AMO,
        demande_amc=AMC if "AMC" in one.parties else 0,
        total_honoraires=AMO + AMC,
        date_facture=one.jour,
        securisee_le=one.jour,
        organisme="998",
        type_destinataire="CT",
        centre="998",
        remplacant=one.remplacant,
        remplace=one.remplace,
        contenu_fse=None if mode in MODES_SANS_LOT else _id("fse", one.rank),
        contenu_saisie=_id("saisie", one.rank),
        personne=_id("personne", one.nir),
    )
    yield Genre.FACTURE_SECURISEE, asdict(facture)
    if one.kind == "annulee":
        annulation = AnnulationRow(
            prestataire=one.prestataire, numero=one.numero, motif="mesure", auteur="essai", annulee_le=one.jour
        )
        yield Genre.FACTURE_ANNULEE, asdict(annulation)


def _received(fichier: str, week: int) -> Event:
    created = FIRST_DAY + (week + 1) * DAYS
    row = FichierRecuRow(
        empreinte=fichier,
        famille="noemie",
        emetteur="00000019980000",
        destinataire=PRESTATAIRES[0],
        identifiant=f"{week + 1:06d}",
        date_creation=created,
        marque="T",
        contenu_archive=_id("recu", week),
        recu_le=created,
        verdict="recu",
        motif=None,
        conteneur_empreinte=fichier,
        octet=0,
    )
    return Genre.FICHIER_RECU, asdict(row)


class _Template:
    """The return of one week as rows, from which those of the others follow: numbers, lots and days are moved."""

    def __init__(self) -> None:
        invoices = [Invoice(rank) for rank in range(WEEK)]
        content = contents_of(invoices, 1, FIRST_DAY + DAYS)
        entities = [item for item in read([content]) if isinstance(item, EntityRow)]
        offsets = {one.nir: one.rank for one in invoices}
        named = {value for row in entities for value in row.valeurs.values() if isinstance(value, str) and reduce(value)}
        self.identifiants = [{"brut": raw, "prestataire": reduce(raw)} for raw in sorted(named)]
        self.without_number = [row.rang for row in entities if row.type == "102" and not row.valeurs["numero_facture"]]
        self._insured = {rang: offsets[nir] for rang, nir in insured(entities)}
        self._rows = [_as_row(row) for row in entities]

    def add(self, rows: Rows, week: int, fichier: str, persons: Mapping[str, str | None]) -> None:
        """Add the rows of the return of a week."""
        for table, row, dates in self._rows:
            cells = row | {"fichier": fichier} | {name: row[name] + week * DAYS for name in dates}
            if row.get("numero_facture"):
                cells["numero_facture"] += week * DAYS * PER_LOT
            if row.get("numero_lot"):
                cells["numero_lot"] = (row["numero_lot"] - 1 + week * DAYS) % LOTS + 1
            if "reference_creance" in row:
                cells["reference_creance"] = f"C{(week + 1) // 10:09d}"
            if "identifiant_fichier" in row:
                cells["identifiant_fichier"] = f"{week + 1:06d}"
            rows.setdefault(table, []).append(cells)
        rows[facts.assure_retour] += [
            {"fichier": fichier, "rang_ligne": rang, "nir_empreinte": persons[Invoice(week * WEEK + offset).nir]}
            for rang, offset in self._insured.items()
        ]


def _as_row(row: EntityRow) -> tuple[Table, dict[str, Any], tuple[str, ...]]:
    """The table of an entity, its cells, and those that are days."""
    table = entity_tables().table(row.type)
    assert row.layout is not None
    cells = row_values(row, [field for field in row.layout.champs if field.nom in table.columns])
    dates = [field.nom for field in row.layout.champs if field.genre == "date" and cells.get(field.nom) is not None]
    return table, cells, tuple(dates)


_CONTENUS = {
    "contenu_saisie": "saisie",
    "contenu_fse": "fse",
    "contenu_lot": "lot",
    "contenu_signature": "signature",
    "contenu_fichier": "fichier",
    "contenu_archive": "recu",
}
"""The kind of the bytes that a column of a fact points to."""


def _add(rows: Rows, genre: Genre, content: dict[str, Any]) -> None:
    """Add the rows of facts that an event records, and the bytes that they point to."""
    for recorded in RECORDED[genre]:
        rows[recorded.table] += recorded.rows(content)
    for name in _CONTENUS.keys() & content.keys():
        if content[name] is not None:
            rows[tables.contenu].append({"id": content[name], "genre": _CONTENUS[name], "chiffre": UNREAD})


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    names = [column.name for column in table.columns]
    full = [{name: CABINET if name == "cabinet" else row.get(name) for name in names} for row in rows]
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in full:
                copy.write_row(tuple(row.values()))
    elif full:
        connection.execute(insert(table), full)


def _id(*parts: object, size: int = 16) -> str:
    """Hexadecimal digits as random as those of the journal, always the same for the same parts."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=size).hexdigest()
