"""The tables of the nightly job: who holds it, and what each night did.

No event records them: a night is not something that happened between the practice and the outside, and what it did
there has its own facts. Nothing here is personal; nothing is computed from it but what is shown.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, MetaData

from fse.infra.journal.schema.columns import (
    integer,
    key_integer,
    key_text,
    narrow_table,
    one_of,
    optional_integer,
    optional_text,
    points_to,
    text,
)

METADATA = MetaData()

ISSUES = ("faite", "echec", "sans_objet", "non_faite")
"""What came of a step: done; failed; nothing to do it for; not done, for what it needs failed or the night stopped."""

verrou = narrow_table(
    "verrou",
    METADATA,
    key_text("cabinet"),
    key_text("nom"),
    text("jeton"),
    text("porteur"),
    text("pris_le"),
    text("expire_le"),
)
"""Who may do something that only one may do at a time, until when (UTC)."""

nuit = narrow_table(
    "nuit",
    METADATA,
    key_text("cabinet"),
    key_integer("rang"),
    text("jeton"),
    integer("jour"),
    text("debut"),
    optional_text("fin"),
    optional_integer("statut"),
    CheckConstraint("(fin IS NULL) = (statut IS NULL)"),
)
"""A night without an end is still at work, or was interrupted."""

nuit_etape = narrow_table(
    "nuit_etape",
    METADATA,
    key_text("cabinet"),
    key_integer("rang"),
    key_text("etape"),
    integer("ordre"),
    text("issue"),
    integer("statut"),
    text("motif"),
    text("comptes"),
    text("fin"),
    one_of("issue", *ISSUES),
    points_to(nuit, rang="rang"),
)

nuit_laisse = narrow_table(
    "nuit_laisse",
    METADATA,
    key_text("cabinet"),
    key_integer("rang"),
    key_text("etape"),
    key_integer("ordre"),
    text("lieu"),
    integer("nombre"),
    text("raison"),
    text("action"),
    points_to(nuit_etape, rang="rang", etape="etape"),
)
"""What a step left where it was, by place and reason. Never by name: whoever drops a file may have named it after a
patient.
"""
