"""The tables that hold facts: invoices, lots, files written and received.

Dates are integer days since 1970-01-01, money is integer centimes, flags are 0 or 1; bytes are in `contenu`.
What follows from the facts (matches, residues, states) is in `derived`, what is read from returns in `entities`.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from fse.infra.journal.schema.columns import (
    flag,
    integer,
    key_integer,
    key_text,
    narrow_table,
    one_of,
    optional_integer,
    optional_text,
    points_to,
    text,
    unique_where,
    wide_table,
)
from fse.infra.journal.schema.tables import METADATA, contenu
from fse.norm.model.saisie import MODES_EN_LOT, MODES_SANS_LOT

MODE_REPRISE = "reprise"
"""The mode of an invoice that the previous software sent: there are no bytes of it here."""

# --- invoices -------------------------------------------------------------------------------------------------------

facture = wide_table(
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
    integer("racine"),
    integer("rang_chaine"),
    optional_text("contenu_fse"),
    text("contenu_saisie"),
    text("personne"),  # points to a row that a purge may delete: hence no foreign key
    UniqueConstraint("cabinet", "prestataire", "reference"),
    Index("facture_numero", "cabinet", "numero"),
    Index("facture_chaine", "cabinet", "prestataire", "racine"),
    one_of("mode", *MODES_EN_LOT, *MODES_SANS_LOT, MODE_REPRISE),
    flag("attend_amo"),
    flag("attend_amc"),
    points_to(contenu, id="contenu_fse"),
    points_to(contenu, id="contenu_saisie"),
)
unique_where("facture_remplace", facture, ("cabinet", "prestataire", "remplace"), "remplace IS NOT NULL")

soin = narrow_table(
    "soin",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero"),
    key_integer("ordre"),
    text("patient"),
    text("executant"),
    text("remplacant"),
    integer("date_soins"),
    text("heure"),
    text("acte"),
    text("code_acte"),
    integer("coefficient"),
    integer("coefficient_facture"),
    integer("quantite"),
    text("trajet"),
    text("foyer"),
    text("bilan"),
    integer("honoraires"),
    integer("base"),
    text("ccam"),
    Index("soin_patient", "cabinet", "patient", "date_soins"),
    Index("soin_executant", "cabinet", "executant", "date_soins"),
    points_to(facture, prestataire="prestataire", numero="numero"),
)
"""The lines of an invoice, by patient (a fingerprint): what the rules and the figures of a practice count.

Coefficients in hundredths, `honoraires` and `base` in centimes; `ccam`: codes, with a space between.
"""

annulation = narrow_table(
    "annulation",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero"),
    text("motif"),
    text("auteur"),
    integer("annulee_le"),
    points_to(facture, prestataire="prestataire", numero="numero"),
)

facture_reprise = narrow_table(
    "facture_reprise",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero"),
    integer("numero_lot"),
    integer("date_lot"),
    integer("envoyee_le"),
    points_to(facture, prestataire="prestataire", numero="numero"),
)

reprise = narrow_table(
    "reprise",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    integer("dernier_numero"),
    integer("dernier_lot"),
    integer("date_dernier_lot"),
    integer("dernier_fichier"),
    integer("reprise_le"),
    text("auteur"),
)

# --- lots -----------------------------------------------------------------------------------------------------------

lot = narrow_table(
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
    optional_integer("ancien_numero_lot"),
    optional_integer("ancienne_date_lot"),
    text("contenu_lot"),
    points_to(contenu, id="contenu_lot"),
)
_OF_A_LOT = {"prestataire": "prestataire", "numero_lot": "numero_lot", "date_lot": "date_lot"}

lot_facture = narrow_table(
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
)

signature_lot = narrow_table(
    "signature_lot",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero_lot"),
    key_integer("date_lot"),
    text("contenu_signature"),
    points_to(lot, **_OF_A_LOT),
    points_to(contenu, id="contenu_signature"),
)

# --- files written --------------------------------------------------------------------------------------------------

fichier_emis = narrow_table(
    "fichier_emis",
    METADATA,
    key_text("cabinet"),
    key_text("emetteur"),
    key_text("identifiant"),
    text("type_destinataire"),
    text("centre"),
    integer("date_creation"),
    text("empreinte"),
    text("canal"),
    text("contenu_fichier"),
    optional_text("contenu_enveloppe"),
    one_of("canal", "", "courriel", "repertoire"),
    points_to(contenu, id="contenu_fichier"),
    points_to(contenu, id="contenu_enveloppe"),
)
_OF_A_FILE = {"emetteur": "emetteur", "identifiant": "identifiant"}

fichier_lot = narrow_table(
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
)

fichier_ecrit = narrow_table(
    "fichier_ecrit",
    METADATA,
    key_text("cabinet"),
    key_text("emetteur"),
    key_text("identifiant"),
    text("nom"),
    integer("ecrit_le"),
    points_to(fichier_emis, **_OF_A_FILE),
)

# --- files received -------------------------------------------------------------------------------------------------

_IDENTITY = ("cabinet", "emetteur", "destinataire", "identifiant", "date_creation")

fichier_recu = wide_table(
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
    one_of("verdict", "recu", "ecarte"),
    CheckConstraint("(verdict = 'ecarte') = (motif IS NOT NULL)"),
    points_to(contenu, id="contenu_archive"),
)
unique_where("fichier_recu_identite", fichier_recu, _IDENTITY, "verdict = 'recu'")

assure_retour = narrow_table(
    "assure_retour",
    METADATA,
    key_text("cabinet"),
    key_text("fichier"),
    key_integer("rang_ligne"),
    text("nir_empreinte"),
    Index("assure_retour_nir", "cabinet", "nir_empreinte"),
)

accuse = narrow_table(
    "accuse",
    METADATA,
    key_text("cabinet"),
    key_text("fichier"),
    key_integer("rang"),
    text("prestataire"),
    integer("numero_lot"),
    integer("date_lot"),
    text("identifiant_fichier"),
    text("sens"),
    text("cause"),
    text("libelle"),
    integer("numero_facture"),
    integer("date_accuse"),
    integer("recu_le"),
    Index("accuse_lot", "cabinet", "prestataire", "numero_lot", "date_lot"),
    one_of("sens", "P", "N"),
    points_to(fichier_recu, empreinte="fichier"),
)
"""What a payer acknowledged: one row a lot named by an ARL, positive or negative."""

# --- what people do by hand -----------------------------------------------------------------------------------------

GENRES_ACTE = (
    "rattachement",
    "etat_force",
    "paiement_saisi",
    "creance_rattachee",
    "classement",
    "preuve_bancaire",
    "annulation_acte",
)

acte_manuel = wide_table(
    "acte_manuel",
    METADATA,
    key_text("cabinet"),
    key_integer("acte"),
    text("genre"),
    text("auteur"),
    text("motif"),
    integer("pose_le"),
    optional_text("prestataire"),
    optional_integer("numero"),
    optional_text("partie"),
    optional_text("etat"),
    optional_integer("retours"),
    optional_integer("montant"),
    optional_integer("jour"),
    optional_text("piece"),
    optional_text("fichier"),
    optional_integer("rang"),
    optional_text("emetteur"),
    optional_text("reference"),
    optional_integer("notifiee_le"),
    optional_text("fichier_virement"),
    optional_integer("rang_virement"),
    optional_integer("vise"),
    Index("acte_manuel_ligne", "cabinet", "fichier", "rang"),
    Index("acte_manuel_facture", "cabinet", "numero"),
    Index("acte_manuel_virement", "cabinet", "fichier_virement", "rang_virement"),
    Index("acte_manuel_reference", "cabinet", "prestataire", "reference"),
    Index("acte_manuel_vise", "cabinet", "vise", unique=True),
    one_of("genre", *GENRES_ACTE),
    CheckConstraint("(genre = 'annulation_acte') = (vise IS NOT NULL)"),
)

# --- what Python tells the relations --------------------------------------------------------------------------------

prestataire = narrow_table(
    "prestataire",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    integer("premier_numero"),
    integer("dernier_numero"),
)

mandat = narrow_table("mandat", METADATA, key_text("cabinet"), key_text("beneficiaire"), key_text("prestataire"))

identifiant = narrow_table("identifiant", METADATA, key_text("cabinet"), key_text("brut"), text("prestataire"))
"""Every raw identifier seen in the returns of a cabinet, and the 9 characters it reads as."""
