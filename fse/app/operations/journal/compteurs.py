"""Counters, suspension and envelope against the facts and the events: what would let a number serve twice."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Table, func, select

from fse.app.operations.practice import Practice
from fse.base.findings import Finding, Place, finding
from fse.base.identifiers.prestataire import reduce
from fse.infra.journal import Genre, Reading
from fse.infra.journal.facts import compteurs as names
from fse.infra.journal.schema import fact_tables as facts
from fse.infra.journal.schema.tables import cabinet as cabinet_table
from fse.infra.journal.schema.tables import compteur
from fse.infra.journal.secrets import Enveloppe
from fse.infra.journal.upkeep import suspension
from fse.infra.journal.upkeep.facts import events
from fse.infra.journal.upkeep.rotation import envelope_fingerprint


def check_counters(practice: Practice, reading: Reading) -> Iterator[Finding]:
    """Counters that are behind what the facts used; a counter that is ahead has burnt numbers, which is allowed."""
    query = select(compteur.c.nom, compteur.c.valeur).where(compteur.c.cabinet == reading.cabinet)
    values = {row.nom: row.valeur for row in reading.connection.execute(query)}
    for nom, attendu in _used(practice, reading):
        if values.get(nom, 0) < attendu:
            yield finding("journal.compteur_en_retard", nom=nom, valeur=values.get(nom, 0), attendu=attendu)


def check_suspension(reading: Reading) -> Iterator[Finding]:
    """Numbers are refused exactly when the last of these events is a restoration."""
    last = [genre for _, genre, _, _ in events(reading, Genre.SAUVEGARDE_RESTAUREE, Genre.ALLOCATION_REPRISE)][-1:]
    wanted = last == [Genre.SAUVEGARDE_RESTAUREE.value]
    found = suspension.since(reading.connection, reading.cabinet) is not None
    if found is not wanted:
        yield finding("journal.suspension_changee", etat="suspendus" if found else "donnés")


def check_envelope(reading: Reading) -> Iterator[Finding]:
    """The envelope of the data key is the one of the last rotation; before any, the key has opened it."""
    for rang, _, _, content in list(events(reading, Genre.CLE_TOURNEE))[-1:]:
        query = select(cabinet_table).where(cabinet_table.c.cabinet == reading.cabinet)
        row = reading.connection.execute(query).mappings().one()
        stored = Enveloppe(row["sel"], row["parametres_kdf"], row["cle_enveloppee"])
        if envelope_fingerprint(stored) != content.get("enveloppe"):
            yield finding("journal.cle_ancienne", Place(rang=rang), rang=rang)


def check_identifiers(reading: Reading) -> Iterator[Finding]:
    """Raw identifiers of the returns read as they did."""
    here = facts.identifiant.c
    query = select(here.brut, here.prestataire).where(here.cabinet == reading.cabinet)
    for brut, prestataire in reading.connection.execute(query):
        if reduce(brut) != prestataire:
            yield finding("journal.identifiant_different", brut=brut, attendu=reduce(brut), valeur=prestataire)


def _used(practice: Practice, reading: Reading) -> Iterator[tuple[str, int]]:
    """The least that each counter can be."""
    for one in practice.cabinet.prestataires:
        if one.numeros == "alloues":
            invoice = facts.facture.c
            own = (invoice.prestataire == one.numero) & (invoice.mode != facts.MODE_REPRISE)
            yield names.of_factures(one.numero), _figure(reading, func.max(invoice.numero), facts.facture, own)
        lot = facts.lot.c.prestataire == one.numero
        yield names.of_lots(one.numero), _figure(reading, func.count(), facts.lot, lot)
    emetteur = practice.cabinet.emetteur.numero.zfill(14)
    files = facts.fichier_emis.c.emetteur == emetteur
    yield names.of_fichiers(emetteur), _figure(reading, func.count(), facts.fichier_emis, files)
    acts = facts.acte_manuel.c.acte > 0
    yield "acte", _figure(reading, func.max(facts.acte_manuel.c.acte), facts.acte_manuel, acts)


def _figure(reading: Reading, figure: ColumnElement[int], table: Table, condition: ColumnElement[bool]) -> int:
    query = select(figure).select_from(table).where(table.c.cabinet == reading.cabinet, condition)
    return int(reading.connection.execute(query).scalar_one() or 0)
