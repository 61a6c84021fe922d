"""The table of what takes acts out of the scope of the incentives: declared with the invoice, or seen in its dates."""

from __future__ import annotations

from fse.infra.journal.schema.columns import key_integer, key_text, narrow_table, one_of, points_to
from fse.infra.journal.schema.fact_tables import facture
from fse.infra.journal.schema.tables import METADATA

MOTIFS = ("ame", "hors-presence", "nourrisson")
"""State medical aid and care without the patient are of a whole sheet; an infant under three months, of an act."""

exclusion = narrow_table(
    "exclusion",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero"),
    key_integer("ligne"),
    key_text("motif"),
    one_of("motif", *MOTIFS),
    points_to(facture, prestataire="prestataire", numero="numero"),
)
"""`ligne`: the rank of the act, from 1; 0 for the whole sheet."""
