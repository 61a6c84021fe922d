"""Model to a NOEMIE return: the payer simulator's writer. The tree, levels and control sums are our conventions.

Strict: a value that does not fit raises `BuildError`. Control entities (990, 999) are computed, never given.
No position may stand here: they are data in `schemas/layouts/noemie/`. Source: noemie.md 1.2, 1.3 bis, 1.4 and 1.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fse.base.identifiers.prestataire import reduce
from fse.norm.codec.mapping import values_of
from fse.norm.codec.noemie import fields
from fse.norm.codec.noemie.counting import WITHHELD, level_identification
from fse.norm.layout import Value, count_records, frame, load_edition
from fse.norm.model.retour import FactureRetour, GroupeVirement, RetourNoemie, TypeRetour

EDITION = load_edition("noemie", "ps-2007")


def build(retour: RetourNoemie) -> bytes:
    """The bytes of one file, 000 to 999, flags and padding included.

    Raises `BuildError` (`champ.refuse`) when a value, a count or a sum does not fit its field.
    """
    envelope = values_of(retour, fields.FICHIER)
    head = EDITION.build("000", values_of(retour, fields.ENVELOPPE))
    named = retour.mandataire is not None
    entities = [EDITION.build("020", values_of(retour, fields.MANDATAIRE))] if named else []
    for ordinal, groupe in enumerate(retour.groupes, start=1):
        entities.extend(_groupe(groupe, ordinal))
    trailer: dict[str, Value] = {
        "marque": retour.marque,
        "nombre_enregistrements": count_records(EDITION, entities),
        "nombre_lots": len(_lots(retour)),
        "total": sum(montant(groupe) for groupe in retour.groupes),
    }
    return frame(EDITION, [head, *entities, EDITION.build("999", envelope | trailer)])


def montant(groupe: GroupeVirement) -> int:
    """The amount of a transfer in centimes, which its 990 carries: parts and lump sums paid, less what is withheld."""
    return sum(
        sum(part.montant_rembourse for facture in retour.factures for part in facture.parts)
        + sum(forfait.montant for forfait in retour.forfaits)
        - sum(mouvement.montant for mouvement in retour.mouvements if mouvement.operation == WITHHELD)
        for retour in groupe.retours
    )


def _groupe(groupe: GroupeVirement, ordinal: int) -> Iterator[bytes]:
    yield EDITION.build("040", values_of(groupe, fields.BENEFICIAIRE))
    yield EDITION.build("071", values_of(groupe, fields.VIREMENT))
    for retour in groupe.retours:
        yield from _retour(retour)
    count: dict[str, Value] = {
        "identification_niveau": level_identification("071", ordinal),
        "nombre": sum(len(kind) for one in groupe.retours for kind in (one.factures, one.forfaits, one.mouvements)),
        "somme": montant(groupe),
    }
    yield EDITION.build("990", count)


def _retour(retour: TypeRetour) -> Iterator[bytes]:
    yield EDITION.build("081", values_of(retour, fields.TYPE_RETOUR))
    for facture in retour.factures:
        yield from _facture(facture)
    for forfait in retour.forfaits:
        yield EDITION.build("261", values_of(forfait, fields.FORFAIT))
        for detail in forfait.details:
            yield EDITION.build("262", values_of(detail, fields.DETAIL))
    for mouvement in retour.mouvements:
        yield EDITION.build("250", values_of(mouvement, fields.MOUVEMENT))


def _facture(facture: FactureRetour) -> Iterator[bytes]:
    yield EDITION.build("102", values_of(facture, fields.FACTURE))
    if facture.assure is not None:
        yield EDITION.build("103", values_of(facture.assure, fields.ASSURE))
    for part in facture.parts:
        kind, table = fields.PARTS[part.partie]
        yield EDITION.build(kind, values_of(part, table))
    for rejet in facture.rejets:
        yield EDITION.build("294", values_of(rejet, fields.REJET))
    for commentaire in facture.commentaires:
        yield EDITION.build("295", values_of(commentaire, fields.COMMENTAIRE))


def _lots(retour: RetourNoemie) -> set[tuple[str, int, date | None]]:
    """The distinct (prestataire, number, date) of the lots named, the prestataire as a reader reduces it."""
    return {
        (reduce(type_retour.lieu_execution), facture.numero_lot, facture.date_lot)
        for groupe in retour.groupes
        for type_retour in groupe.retours
        for facture in type_retour.factures
        if facture.numero_lot is not None
    }
