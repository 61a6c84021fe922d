"""The table of the duties that a person closed. What is due is computed from the lines of the invoices; this is not."""

from __future__ import annotations

from fse.infra.journal.schema.columns import integer, key_integer, key_text, one_of, points_to, text, wide_table
from fse.infra.journal.schema.fact_tables import facture
from fse.infra.journal.schema.tables import METADATA

VERDICTS = ("faite", "sans_objet")
"""It was done; it has no reason to be."""

obligation_faite = wide_table(
    "obligation_faite",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("racine"),
    key_text("nature"),
    key_integer("rang"),
    integer("numero"),
    text("verdict"),
    text("motif"),
    text("auteur"),
    integer("faite_le"),
    one_of("verdict", *VERDICTS),
    points_to(facture, prestataire="prestataire", numero="racine"),
    points_to(facture, prestataire="prestataire", numero="numero"),
)
"""`racine`: the first invoice of the chain of `numero`, so that a correction does not open a duty again."""
