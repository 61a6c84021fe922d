"""The tables of the bank: statements received, their movements, and what the labels of movements cite.

Like `fact_tables`: dates are integer days, money is integer centimes. Labels are in the encrypted archive only, for
they may name a person; what stands here in clear is what a payer calls itself and its transfers in its own returns.
"""

from __future__ import annotations

from sqlalchemy import Index

from fse.infra.journal.schema.columns import flag, integer, key_integer, key_text, narrow_table, points_to, text
from fse.infra.journal.schema.fact_tables import fichier_recu
from fse.infra.journal.schema.tables import METADATA

releve_bancaire = narrow_table(
    "releve_bancaire",
    METADATA,
    key_text("cabinet"),
    key_text("fichier"),
    text("compte"),
    integer("debut"),
    integer("ouverture_le"),
    integer("ouverture"),
    integer("cloture_le"),
    integer("cloture"),
    integer("mouvements"),
    Index("releve_bancaire_compte", "cabinet", "compte", "cloture_le"),
    points_to(fichier_recu, empreinte="fichier"),
)
"""One statement booked. `debut`: the first day that it covers; `mouvements`: how many it holds, known ones included."""

mouvement_bancaire = narrow_table(
    "mouvement_bancaire",
    METADATA,
    key_text("cabinet"),
    key_text("fichier"),
    key_integer("rang"),
    text("compte"),
    integer("jour_releve"),
    integer("jour"),
    integer("montant"),
    Index("mouvement_bancaire_compte", "cabinet", "compte", "jour_releve"),
    Index("mouvement_bancaire_jour", "cabinet", "jour"),
    Index("mouvement_bancaire_montant", "cabinet", "montant"),
    points_to(releve_bancaire, fichier="fichier"),
)
"""One movement of an account, of the first statement that gave it. `jour_releve`: its day among those of the statement,
by which overlapping statements are compared; `jour`: the day that it bears."""

compte_prestataire = narrow_table(
    "compte_prestataire", METADATA, key_text("cabinet"), key_text("prestataire"), key_text("compte")
)
"""Who is paid on which account, as `cabinet.toml` declares it."""

citation_bancaire = narrow_table(
    "citation_bancaire",
    METADATA,
    key_text("cabinet"),
    key_text("fichier"),
    key_integer("rang"),
    key_text("fichier_virement"),
    key_integer("rang_virement"),
    integer("libelle_1"),
    text("reference"),
    Index("citation_bancaire_virement", "cabinet", "fichier_virement", "rang_virement"),
    Index("citation_bancaire_reference", "cabinet", "reference"),
    flag("libelle_1"),
)
"""A movement whose labels hold those of a transfer of about the same day. `libelle_1`: the payer's name is there;
`reference`: the second label of the transfer, as it is there, '' when it is not."""

payeur_connu = narrow_table("payeur_connu", METADATA, key_text("cabinet"), key_text("libelle"))
"""Every first label of a transfer of the returns received: how the payers call themselves."""

payeur_cite = narrow_table(
    "payeur_cite", METADATA, key_text("cabinet"), key_text("fichier"), key_integer("rang"), key_text("libelle")
)
"""A movement whose labels hold the name of a known payer, whatever the day."""
