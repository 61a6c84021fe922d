"""The tables of what follows from the facts: matches, residues, states. They can be emptied and computed again.

Which rows they hold is said by the portable SQL of the matching; here are only their shapes. A *block* is
(cabinet, prestataire, numero): rows of different blocks never influence each other (architecture, decision 8).
"""

from __future__ import annotations

from sqlalchemy import Index, MetaData, Table

from fse.infra.journal.columns import NARROW, integer, key_integer, key_text, text

METADATA = MetaData()

appariement = Table(
    "appariement",
    METADATA,
    key_text("cabinet"),
    key_text("fichier"),
    key_integer("rang"),
    text("prestataire"),
    integer("numero"),
    text("politique"),
    Index("appariement_bloc", "cabinet", "prestataire", "numero"),
    **NARROW,
)

residu = Table(
    "residu",
    METADATA,
    key_text("cabinet"),
    key_text("fichier"),
    key_integer("rang"),
    text("prestataire"),
    integer("numero"),
    text("nature"),
    Index("residu_bloc", "cabinet", "prestataire", "numero"),
    **NARROW,
)

etat_part = Table(
    "etat_part",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero"),
    key_text("partie"),
    integer("demande"),
    integer("paye"),
    integer("retours"),
    text("etat"),
    **NARROW,
)

etat_facture = Table(
    "etat_facture",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero"),
    text("etat"),
    **NARROW,
)
