"""Files frozen and not written yet: no event holds them before they are, their own bytes do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fse.base.dates import to_days
from fse.base.errors import FseError
from fse.base.findings import Finding, finding
from fse.infra.journal import Reading
from fse.infra.journal.facts import fichiers_emis
from fse.infra.journal.facts.fichiers_emis import FichierEmisRow
from fse.infra.journal.facts.lots import LotKey
from fse.norm.layout import EntityRow, Value, read


def check_frozen(reading: Reading) -> Iterator[Finding]:
    """Frozen files whose row or lots are not what their bytes say."""
    for fichier in fichiers_emis.to_write(reading):
        try:
            rows = [item for item in read([reading.load(fichier.contenu_fichier)]) if isinstance(item, EntityRow)]
        except FseError:
            rows = []
        lots = fichiers_emis.lots_of(reading, fichier.emetteur, fichier.identifiant)
        if _identity(rows) != _stored(fichier) or list(_lots(rows)) != lots:
            yield finding("journal.fichier_fige", nom=fichier.nom)


def _identity(rows: list[EntityRow]) -> tuple[Value, ...]:
    values = rows[0].valeurs if rows else {}
    created = values.get("date_creation")
    names = ("numero_emetteur", "identifiant_fichier", "type_destinataire", "numero_destinataire")
    texts = (str(values.get(name, "")).strip() for name in names)
    return (*texts, to_days(created) if isinstance(created, date) else 0)


def _stored(fichier: FichierEmisRow) -> tuple[Value, ...]:
    texts = (fichier.emetteur, fichier.identifiant, fichier.type_destinataire, fichier.centre.strip())
    return (*texts, fichier.date_creation)


def _lots(rows: list[EntityRow]) -> Iterator[LotKey]:
    for row in rows:
        prestataire, numero, jour = (row.valeurs.get(name) for name in ("prestataire", "numero_lot", "date_lot"))
        if row.type == "1" and isinstance(prestataire, str) and isinstance(numero, int) and isinstance(jour, date):
            yield LotKey(prestataire, numero, to_days(jour))
