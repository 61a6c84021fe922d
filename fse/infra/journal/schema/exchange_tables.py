"""The tables of what happened between the practice and the outside: sendings, resends, mail, duplicates, documents.

Like `fact_tables`: each row is recorded by one event, dates are integer days, bytes are in `contenu`.
"""

from __future__ import annotations

from sqlalchemy import Index

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
    wide_table,
)
from fse.infra.journal.schema.fact_tables import facture, fichier_emis, lot
from fse.infra.journal.schema.tables import METADATA, contenu

RESULTATS_ENVOI = ("accepte", "differe", "refuse", "incertain", "non_remis")
"""What came of an attempt to send: taken over by the next one on the way; put off (a passing failure, to try again);
refused; the connection broke and nobody knows; taken over, then reported as not delivered."""

GENRES_RELANCE = ("renvoi", "relot")
"""A lot leaves again unchanged in a new file; or its invoices, but the one named by the payer, wait for a new lot."""

envoi = narrow_table(
    "envoi",
    METADATA,
    key_text("cabinet"),
    key_text("emetteur"),
    key_text("identifiant"),
    key_integer("tentative"),
    integer("jour"),
    text("instant"),
    text("resultat"),
    text("code"),
    text("detail"),
    one_of("resultat", *RESULTATS_ENVOI),
    points_to(fichier_emis, emetteur="emetteur", identifiant="identifiant"),
)

relance = narrow_table(
    "relance",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero_lot"),
    key_integer("date_lot"),
    key_integer("rang"),
    text("genre"),
    text("motif"),
    integer("numero_facture"),
    integer("decidee_le"),
    optional_text("emetteur"),
    optional_text("identifiant"),
    one_of("genre", *GENRES_RELANCE),
    points_to(lot, prestataire="prestataire", numero_lot="numero_lot", date_lot="date_lot"),
)

courrier = wide_table(
    "courrier",
    METADATA,
    key_text("cabinet"),
    key_text("empreinte"),
    text("source"),
    integer("recu_le"),
    text("instant"),
    text("contenu_courrier"),
    points_to(contenu, id="contenu_courrier"),
)

courrier_lu = narrow_table(
    "courrier_lu",
    METADATA,
    key_text("cabinet"),
    key_text("empreinte"),
    text("verdict"),
    text("motif"),
    integer("lu_le"),
    one_of("verdict", "lu", "sans_retour", "avis_non_remise"),
    points_to(courrier, empreinte="empreinte"),
)

duplicata = wide_table(
    "duplicata",
    METADATA,
    key_text("cabinet"),
    key_text("prestataire"),
    key_integer("numero"),
    key_integer("rang"),
    integer("numero_lot"),
    integer("date_lot"),
    text("motif"),
    text("voie"),
    integer("patient_signe"),
    text("auteur"),
    integer("edite_le"),
    text("empreinte"),
    one_of("voie", "caisse", "patient"),
    flag("patient_signe"),
    points_to(facture, prestataire="prestataire", numero="numero"),
)

piece = wide_table(
    "piece",
    METADATA,
    key_text("cabinet"),
    key_integer("piece"),
    text("prestataire"),
    integer("numero"),
    text("nature"),
    optional_text("contenu_piece"),
    text("empreinte"),
    optional_integer("reprend"),
    text("auteur"),
    integer("deposee_le"),
    Index("piece_facture", "cabinet", "prestataire", "numero"),
    points_to(facture, prestataire="prestataire", numero="numero"),
    points_to(contenu, id="contenu_piece"),
)

piece_suite = narrow_table(
    "piece_suite",
    METADATA,
    key_text("cabinet"),
    key_integer("piece"),
    key_integer("rang"),
    text("fait"),
    integer("jour"),
    text("instant"),
    text("code"),
    text("detail"),
    text("auteur"),
    one_of("fait", "envoyee", "echec", "acceptee", "refusee", "papier"),
    points_to(piece, piece="piece"),
)

incident = wide_table(
    "incident",
    METADATA,
    key_text("cabinet"),
    key_integer("rang"),
    text("nature"),
    text("code"),
    text("detail"),
    integer("jour"),
    text("instant"),
)
