"""The tables that are of no kind of fact: the cabinet and its key, the chain, the counters, the ciphertexts.

Nothing personal stands in clear in a journal: NIR and names are in `personne.chiffre`, bytes of messages in
`contenu.chiffre`. `cabinet` leads every key (architecture, decision 7). The facts are in `fact_tables`.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, MetaData

from fse.infra.journal.schema.columns import (
    blob,
    integer,
    key_integer,
    key_text,
    narrow_table,
    one_of,
    optional_text,
    text,
    wide_table,
)

METADATA = MetaData()

DETRUIT = "detruit"
"""The kind of a content that was destroyed: its row stays, for facts point to it, and holds nothing."""

# --- the cabinet, its chain, its counters ---------------------------------------------------------------------------

cabinet = wide_table(
    "cabinet",
    METADATA,
    key_text("cabinet"),
    text("marque"),
    blob("sel"),
    text("parametres_kdf"),
    blob("cle_enveloppee"),
    text("cree_le"),
    one_of("marque", "T", "D"),
)

tete_chaine = narrow_table("tete_chaine", METADATA, key_text("cabinet"), integer("rang"), text("mac"))

evenement = wide_table(
    "evenement",
    METADATA,
    key_text("cabinet"),
    key_integer("rang"),
    text("genre"),
    text("instant"),
    text("contenu"),
    text("mac"),
)

compteur = narrow_table("compteur", METADATA, key_text("cabinet"), key_text("nom"), integer("valeur"))

suspension = narrow_table("suspension", METADATA, key_text("cabinet"), text("depuis"))
"""A row here: a backup was put back, and no number is given until the counters are raised."""

# --- ciphertexts ----------------------------------------------------------------------------------------------------

personne = wide_table(
    "personne",
    METADATA,
    key_text("cabinet"),
    key_text("id"),
    optional_text("nir_empreinte"),
    blob("chiffre"),
    Index("personne_nir", "cabinet", "nir_empreinte"),
)

contenu = wide_table(
    "contenu",
    METADATA,
    key_text("cabinet"),
    key_text("id"),
    text("genre"),
    blob("chiffre"),
    one_of("genre", "saisie", "fse", "lot", "signature", "fichier", "recu", "enveloppe", "courrier", "piece", DETRUIT),
    CheckConstraint(f"(genre = '{DETRUIT}') = (length(chiffre) = 0)"),
)
