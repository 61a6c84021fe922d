"""The tables that hold facts. `cabinet` leads every key (architecture, decision 7).

Nothing personal stands here in clear: NIR and names are in `personne.chiffre`, bytes of messages in `contenu.chiffre`.
What follows from the facts (matches, residues, states) is in `derived`, what is read from returns in `entities`.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, MetaData, Table, UniqueConstraint
from sqlalchemy import text as sql_text

from fse.infra.journal.columns import (
    NARROW,
    WIDE,
    blob,
    flag,
    integer,
    key_integer,
    key_text,
    one_of,
    optional_integer,
    optional_text,
    points_to,
    text,
)

METADATA = MetaData()

# --- the cabinet, its chain, its counters ---------------------------------------------------------------------------

cabinet = Table(
    "cabinet",
    METADATA,
    key_text("cabinet"),
    text("marque"),
    blob("sel"),
    text("parametres_kdf"),
    blob("cle_enveloppee"),
    text("cree_le"),
    one_of("marque", "T", "D"),
    **WIDE,
)

tete_chaine = Table("tete_chaine", METADATA, key_text("cabinet"), integer("rang"), text("mac"), **NARROW)

evenement = Table(
    "evenement",
    METADATA,
    key_text("cabinet"),
    key_integer("rang"),
    text("genre"),
    text("instant"),
    text("contenu"),
    text("mac"),
    **WIDE,
)

compteur = Table("compteur", METADATA, key_text("cabinet"), key_text("nom"), integer("valeur"), **NARROW)

# --- ciphertexts ----------------------------------------------------------------------------------------------------

personne = Table(
    "personne",
    METADATA,
    key_text("cabinet"),
    key_text("id"),
    optional_text("nir_empreinte"),
    blob("chiffre"),
    Index("personne_nir", "cabinet", "nir_empreinte"),
    **WIDE,
)

contenu = Table(
    "contenu",
    METADATA,
    key_text("cabinet"),
    key_text("id"),
    text("genre"),
    blob("chiffre"),
    one_of("genre", "saisie", "fse", "lot", "signature", "fichier", "recu"),
    **WIDE,
)

# --- invoices -------------------------------------------------------------------------------------------------------

facture = Table(
    "facture",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero"),
    text("reference"),
    text("empreinte_saisie"),
    text("sceau"),
    text("mode"),
    text("destinataire_reglement"),
    integer("attend_amo"),
    integer("attend_amc"),
    integer("demande_amo"),
    integer("demande_amc"),
    integer("total_honoraires"),
    integer("date_facture"),
    integer("securisee_le"),
    text("organisme"),
    text("type_destinataire"),
    text("centre"),
    text("remplacant"),
    optional_integer("remplace"),
    optional_text("contenu_fse"),
    text("contenu_saisie"),
    text("personne"),
    UniqueConstraint("cabinet", "prestataire", "reference"),
    Index(
        "facture_remplace",
        "cabinet",
        "prestataire",
        "remplace",
        unique=True,
        sqlite_where=sql_text("remplace IS NOT NULL"),
        postgresql_where=sql_text("remplace IS NOT NULL"),
    ),
    Index("facture_numero", "cabinet", "numero"),
    one_of("mode", "S", "F", "D", "aucun", "papier", "s3404"),
    flag("attend_amo"),
    flag("attend_amc"),
    points_to(contenu, id="contenu_fse"),
    points_to(contenu, id="contenu_saisie"),
    **WIDE,
)

annulation = Table(
    "annulation",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero"),
    text("motif"),
    text("auteur"),
    integer("annulee_le"),
    points_to(facture, prestataire="prestataire", numero="numero"),
    **NARROW,
)

# --- lots -----------------------------------------------------------------------------------------------------------

lot = Table(
    "lot",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero_lot"),
    key_integer("date_lot"),
    text("organisme"),
    text("type_destinataire"),
    text("centre"),
    text("certification"),
    text("remplacant"),
    text("contenu_lot"),
    points_to(contenu, id="contenu_lot"),
    **NARROW,
)
_OF_A_LOT = {"prestataire": "prestataire", "numero_lot": "numero_lot", "date_lot": "date_lot"}

lot_facture = Table(
    "lot_facture",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero_lot"),
    key_integer("date_lot"),
    key_integer("ordre"),
    integer("numero"),
    UniqueConstraint("cabinet", "prestataire", "numero", "numero_lot", "date_lot"),
    points_to(lot, **_OF_A_LOT),
    points_to(facture, prestataire="prestataire", numero="numero"),
    **NARROW,
)

signature_lot = Table(
    "signature_lot",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero_lot"),
    key_integer("date_lot"),
    text("contenu_signature"),
    points_to(lot, **_OF_A_LOT),
    points_to(contenu, id="contenu_signature"),
    **NARROW,
)

# --- files written --------------------------------------------------------------------------------------------------

fichier_emis = Table(
    "fichier_emis",
    METADATA,
    key_text("cabinet"),
    key_text("emetteur"),
    key_text("identifiant"),
    text("type_destinataire"),
    text("centre"),
    integer("date_creation"),
    text("empreinte"),
    text("contenu_fichier"),
    points_to(contenu, id="contenu_fichier"),
    **NARROW,
)
_OF_A_FILE = {"emetteur": "emetteur", "identifiant": "identifiant"}

fichier_lot = Table(
    "fichier_lot",
    METADATA,
    key_text("cabinet"),
    key_text("emetteur"),
    key_text("identifiant"),
    key_integer("ordre"),
    text("prestataire"),
    integer("numero_lot"),
    integer("date_lot"),
    Index("fichier_lot_lot", "cabinet", "prestataire", "numero_lot", "date_lot"),
    points_to(fichier_emis, **_OF_A_FILE),
    points_to(lot, **_OF_A_LOT),
    **NARROW,
)

fichier_ecrit = Table(
    "fichier_ecrit",
    METADATA,
    key_text("cabinet"),
    key_text("emetteur"),
    key_text("identifiant"),
    text("nom"),
    integer("ecrit_le"),
    points_to(fichier_emis, **_OF_A_FILE),
    **NARROW,
)

# --- files received -------------------------------------------------------------------------------------------------

_IDENTITY = ("cabinet", "emetteur", "destinataire", "identifiant", "date_creation")

fichier_recu = Table(
    "fichier_recu",
    METADATA,
    key_text("cabinet"),
    key_text("empreinte"),
    text("famille"),
    text("emetteur"),
    text("destinataire"),
    text("identifiant"),
    integer("date_creation"),
    text("marque"),
    optional_text("contenu_archive"),
    integer("recu_le"),
    text("verdict"),
    optional_text("motif"),
    text("conteneur_empreinte"),
    integer("octet"),
    Index(
        "fichier_recu_identite",
        *_IDENTITY,
        unique=True,
        sqlite_where=sql_text("verdict = 'recu'"),
        postgresql_where=sql_text("verdict = 'recu'"),
    ),
    one_of("verdict", "recu", "ecarte"),
    CheckConstraint("(verdict = 'ecarte') = (motif IS NOT NULL)"),
    points_to(contenu, id="contenu_archive"),
    **WIDE,
)

# --- what Python tells the relations --------------------------------------------------------------------------------

prestataire = Table("prestataire", METADATA, key_text("cabinet"), key_text("prestataire"), **NARROW)

identifiant = Table("identifiant", METADATA, key_text("brut"), text("prestataire"), **NARROW)
"""Every raw identifier seen in a return and the 9 characters it reads as: a pure function, hence of no cabinet."""
