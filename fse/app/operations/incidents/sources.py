"""Where failures are found: attempts, incidents, acknowledgements received or missing, what was decided, documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.calendriers import calendar_for
from fse.app.operations.incidents.concernes import Concerned
from fse.app.operations.incidents.ligne import NATURES, Incident, Nature
from fse.app.operations.incidents.suites import Suites
from fse.base.dates import from_days, to_days
from fse.domain.echeances.delais import accuse_attendu
from fse.domain.echeances.transmission import SANS_ACCUSE
from fse.infra.journal import Genre, Reading
from fse.infra.journal.facts.exchanges import envois, incidents, pieces
from fse.infra.journal.facts.exchanges.envois import EnvoiRow
from fse.infra.journal.facts.fichiers_emis import name_of
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.exchange_tables import duplicata, relance
from fse.infra.journal.schema.fact_tables import accuse

_MOTIFS = {"accuse_negatif": "accusé négatif", "sans_accuse": "accusé absent"}
_PANNES = {"releve": "relève"}
_VOIES = {"caisse": "à envoyer à la caisse", "patient": "à remettre au patient"}
_PIECES = {"echec": "Envoi en échec", "refusee": "Refusée par la caisse", "papier": "Envoyée sur papier"}


@dataclass(frozen=True, slots=True)
class Period:
    """Civil dates, both included; nothing is missing after `le`, today."""

    depuis: date
    jusqu: date
    le: date

    def __contains__(self, jour: date) -> bool:
        return self.depuis <= jour <= min(self.jusqu, self.le)


def gather(reading: Reading, cabinet: Cabinet, period: Period) -> list[Incident]:
    """All that failed in a period, and what was decided then, oldest first."""
    concerned = Concerned(reading)
    suites = Suites(reading, concerned)
    found = [
        *_attempts(reading, period, concerned, suites),
        *_refused(reading, period, concerned, suites),
        *_missing(cabinet, period, concerned, suites),
        *_decided(reading, period, concerned, suites),
        *_on_paper(reading, period, concerned),
        *_documents(reading, period, concerned),
    ]
    order = list(NATURES)
    return sorted(found, key=lambda one: (one.jour, one.instant, order.index(one.nature), one.lots))


def _attempts(reading: Reading, period: Period, concerned: Concerned, suites: Suites) -> Iterator[Incident]:
    """The failures of files, and those that are of no file; an outage is one, with all the files that it kept here."""
    failures = envois.failures(reading, period.depuis, period.jusqu)
    outages = {(one.instant, one.detail): one for one in incidents.between(reading, period.depuis, period.jusqu)}
    kept: dict[tuple[str, str], list[EnvoiRow]] = {key: [] for key in outages}
    for one in failures:
        if (one.instant, one.detail) in kept:
            kept[one.instant, one.detail].append(one)
            continue
        nature: Nature = "non_remise" if one.resultat == "non_remis" else "envoi"
        yield _incident(
            concerned,
            nature,
            from_days(one.jour),
            concerned.lots_of_file(one.emetteur, one.identifiant),
            instant=one.instant,
            code=one.code or one.resultat,
            constat=one.detail,
            fichier=name_of(one.emetteur, one.identifiant),
            suite=suites.of_attempt(one),
        )
    for key, failure in outages.items():
        lots = [lot for one in kept[key] for lot in concerned.lots_of_file(one.emetteur, one.identifiant)]
        yield _incident(
            concerned,
            "panne",
            from_days(failure.jour),
            dict.fromkeys(lots),
            libelle=f"{NATURES['panne']} ({_PANNES.get(failure.nature, failure.nature)})",
            instant=failure.instant,
            code=failure.code,
            constat=failure.detail,
            fichier=" ".join(name_of(one.emetteur, one.identifiant) for one in kept[key]),
            suite=suites.of_outage(kept[key]),
        )


def _refused(reading: Reading, period: Period, concerned: Concerned, suites: Suites) -> Iterator[Incident]:
    here = accuse.c
    query = select(accuse).where(here.cabinet == reading.cabinet, here.sens == "N", *_within(here.recu_le, period))
    for row in reading.connection.execute(query.order_by(here.recu_le, here.fichier, here.rang)):
        lot, jour = LotKey(row.prestataire, row.numero_lot, row.date_lot), from_days(row.recu_le)
        named = f", facture en cause {row.numero_facture:09d}" if row.numero_facture else ""
        yield _incident(
            concerned,
            "accuse_negatif",
            jour,
            [lot],
            instant=concerned.instant(Genre.FICHIER_RECU, row.fichier),
            code=row.cause,
            constat=f"La caisse refuse le lot : {row.libelle or 'sans libellé'}{named}.",
            fichier=concerned.file_named(lot, row.identifiant_fichier),
            suite=suites.of_lot(lot, jour),
        )


def _missing(cabinet: Cabinet, period: Period, concerned: Concerned, suites: Suites) -> Iterator[Incident]:
    """Lots that fse sent, and whose acknowledgement did not come in time."""
    for depart in concerned.departures():
        row = concerned.lot(depart.lot)
        if row is None or row.certification in SANS_ACCUSE:
            continue
        calendrier = calendar_for(cabinet, row.organisme, row.type_destinataire, row.centre)
        due = accuse_attendu(depart.parti_le, calendrier)
        jour = due.le + timedelta(days=1)
        if jour not in period or concerned.acknowledged(depart, due.le):
            continue
        yield _incident(
            concerned,
            "accuse_absent",
            jour,
            [depart.lot],
            code="sans_accuse",
            constat=f"Parti le {depart.parti_le:%d/%m/%Y}, aucun accusé reçu au {due.le:%d/%m/%Y} ({due.mention}).",
            fichier=depart.fichier,
            suite=suites.of_lot(depart.lot, jour),
        )


def _decided(reading: Reading, period: Period, concerned: Concerned, suites: Suites) -> Iterator[Incident]:
    here = relance.c
    query = select(relance).where(here.cabinet == reading.cabinet, *_within(here.decidee_le, period))
    for row in reading.connection.execute(query.order_by(here.decidee_le, here.prestataire, here.rang)):
        lot = LotKey(row.prestataire, row.numero_lot, row.date_lot)
        why = _MOTIFS.get(row.motif, row.motif)
        resent = row.genre == "renvoi"
        kept = f" sans la facture {row.numero_facture:09d}" if row.numero_facture else ""
        fichier = name_of(row.emetteur, row.identifiant) if resent else ""
        yield _incident(
            concerned,
            "renvoi" if resent else "relot",
            from_days(row.decidee_le),
            [lot],
            instant=concerned.instant(Genre.RELANCE_DECIDEE, row.prestataire, row.numero_lot, row.date_lot, row.rang),
            code=row.motif,
            constat=f"Lot à renvoyer sans changement : {why}." if resent else f"Lot à refaire{kept} : {why}.",
            fichier=fichier,
            suite=suites.of_file(fichier) if resent else suites.of_relot(lot),
        )


def _on_paper(reading: Reading, period: Period, concerned: Concerned) -> Iterator[Incident]:
    here = duplicata.c
    query = select(duplicata).where(here.cabinet == reading.cabinet, *_within(here.edite_le, period))
    for row in reading.connection.execute(query.order_by(here.edite_le, here.prestataire, here.numero, here.rang)):
        signed = "" if row.patient_signe else ", l'assuré n'a pas pu signer"
        yield _incident(
            concerned,
            "duplicata",
            from_days(row.edite_le),
            [LotKey(row.prestataire, row.numero_lot, row.date_lot)],
            instant=concerned.instant(Genre.DUPLICATA_EDITE, row.prestataire, row.numero, row.rang),
            constat=f"Duplicata n° {row.rang} {_VOIES[row.voie]}{signed} : {row.motif}.",
            factures=(row.numero,),
        )


def _documents(reading: Reading, period: Period, concerned: Concerned) -> Iterator[Incident]:
    known = {one.piece: one for one in pieces.all_pieces(reading)}
    for one in pieces.between(reading, period.depuis, period.jusqu, "echec", "refusee", "papier"):
        piece = known[one.piece]
        yield _incident(
            concerned,
            "piece",
            from_days(one.jour),
            concerned.lots_of_invoice(piece.prestataire, piece.numero),
            instant=one.instant,
            code=one.code,
            constat=f"Pièce {one.piece} ({piece.nature}) : {_PIECES[one.fait]}. {one.detail}".strip(),
            factures=(piece.numero,),
        )


def _within(column: ColumnElement[int], period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= to_days(period.depuis), column <= to_days(period.jusqu)


def _incident(
    concerned: Concerned,
    nature: Nature,
    jour: date,
    lots: Iterable[LotKey],
    *,
    constat: str,
    libelle: str = "",
    instant: str = "",
    code: str = "",
    fichier: str = "",
    suite: str = "",
    factures: tuple[int, ...] | None = None,
) -> Incident:
    held = list(lots)
    return Incident(
        jour=jour,
        instant=instant,
        nature=nature,
        libelle=libelle or NATURES[nature],
        code=code,
        constat=constat,
        fichier=fichier,
        lots=concerned.named(held),
        praticiens=tuple(sorted({lot.prestataire for lot in held})),
        factures=concerned.invoices(held) if factures is None else factures,
        organismes=concerned.funds(held),
        suite=suite,
    )
