"""The ledger of what health networks pay besides the NGAP: no invoice, no lot, no B2 record."""

from __future__ import annotations

from sqlalchemy import Index

from fse.infra.journal.schema.columns import flag, integer, key_text, one_of, points_to, text, wide_table
from fse.infra.journal.schema.tables import METADATA
from fse.norm.model.derogatoire import NATURES

derogatoire = wide_table(
    "derogatoire",
    METADATA,
    key_text("cabinet"),
    key_text("reference"),
    text("empreinte_saisie"),
    text("reseau"),
    text("code"),
    text("libelle"),
    text("critere"),
    text("professionnel"),
    integer("date_soins"),
    text("nature"),
    integer("patient_present"),
    integer("montant"),
    text("patient"),
    text("personne"),  # points to a row that a purge may delete: hence no foreign key
    integer("enregistree_le"),
    Index("derogatoire_mois", "cabinet", "reseau", "date_soins"),
    Index("derogatoire_personne", "cabinet", "personne"),
    one_of("nature", *NATURES),
    flag("patient_present"),
)
"""`patient` is a fingerprint, as in `soin`; `montant`, `libelle` and `critere` are those of the network that day."""

derogatoire_annulee = wide_table(
    "derogatoire_annulee",
    METADATA,
    key_text("cabinet"),
    key_text("reference"),
    text("motif"),
    text("auteur"),
    integer("annulee_le"),
    points_to(derogatoire, reference="reference"),
)
