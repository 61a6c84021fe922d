"""Positions of the 25 NOEMIE-PS entities, newer and older style, retyped from public descriptions.

Plain tables of `(name, first byte, last byte)`, 1-based and inclusive. Fillers are named `blanc_<first byte>`. No code
lives here, and nothing is derived from the layouts of the product.

Source: the public description of NOEMIE-PS in the repository `scresto09/sesamviewer` (`data/noemie-ps.xml`, facts
only); section numbers (NOEMIE 1.x) are those of our digest of it.
"""

from __future__ import annotations

Position = tuple[str, int, int]

NOEMIE_RECORD = 128  # NOEMIE 1.2: physical record, one flag byte and 127 bytes of payload
NOEMIE_PAYLOAD = 127

# NOEMIE 1.4: the bytes 1 to 55 that header and trailer share
_ENVELOPPE: list[Position] = [
    ("type", 1, 3),
    ("type_emetteur", 4, 5),
    ("numero_emetteur", 6, 19),
    ("programme_emetteur", 20, 25),
    ("type_destinataire", 26, 27),
    ("numero_destinataire", 28, 41),
    ("programme_destinataire", 42, 47),
    ("application", 48, 49),
    ("identifiant_fichier", 50, 55),
]

# NOEMIE 1.2 and 1.5: every entity but 000 and 999 starts with its type and its level
_DEBUT: list[Position] = [("type", 1, 3), ("niveau", 4, 5)]

# fmt: off
NOEMIE: dict[str, list[Position]] = {
    # NOEMIE 1.4: file header
    "000": [
        *_ENVELOPPE, ("date_creation", 56, 61), ("reference", 62, 65), ("version_reference", 66, 67),
        ("compaction", 68, 68), ("chiffrement", 69, 69), ("monnaie", 70, 70), ("marque", 71, 71),
        ("blanc_72", 72, 82), ("longueur_enregistrement", 83, 85), ("mot_de_passe", 86, 91), ("message", 92, 128),
    ],
    # NOEMIE 1.4: file trailer
    "999": [
        *_ENVELOPPE, ("nombre_enregistrements", 56, 63), ("marque", 64, 64), ("blanc_65", 65, 82),
        ("nombre_lots", 83, 85), ("total", 86, 96), ("signe_total", 97, 97), ("total_autre_monnaie", 98, 108),
        ("blanc_109", 109, 128),
    ],

    # --- both styles -------------------------------------------------------------------------------------------------

    # NOEMIE 1.5: mandataire, agent paid on behalf
    "020": [*_DEBUT, ("mandataire", 6, 20), ("terminateur", 21, 21)],
    # NOEMIE 1.5: payee
    "040": [*_DEBUT, ("beneficiaire_reglement", 6, 20), ("terminateur", 21, 21)],
    # NOEMIE 1.5: financial movement, withholding or debt recovery
    "250": [
        *_DEBUT, ("numero_ligne", 6, 7), ("reference_creance", 8, 17), ("date_creance", 18, 23),
        ("nature_creance", 24, 26), ("operation", 27, 29), ("montant", 30, 37), ("signe_montant", 38, 38),
        ("solde", 39, 46), ("terminateur", 47, 47),
    ],
    # NOEMIE 1.5: lump sum or one-off payment
    "261": [*_DEBUT, ("code_paiement", 6, 10), ("montant", 11, 18), ("terminateur", 19, 19)],
    # NOEMIE 1.5: detail of a lump sum
    "262": [
        *_DEBUT, ("codification", 6, 10), ("libelle_detail", 11, 90), ("nir", 91, 103), ("cle_nir", 104, 105),
        ("date_naissance", 106, 111), ("rang_naissance", 112, 112), ("periode", 113, 113), ("date_debut", 114, 119),
        ("date_fin", 120, 125), ("montant", 126, 133), ("terminateur", 134, 134),
    ],
    # NOEMIE 1.5: control, closes a level
    "990": [
        *_DEBUT, ("identification_niveau", 6, 22), ("nombre", 23, 30), ("somme", 31, 41), ("signe_somme", 42, 42),
        ("terminateur", 43, 43),
    ],

    # --- newer style -------------------------------------------------------------------------------------------------

    # NOEMIE 1.5: accounting date and transfer
    "071": [
        *_DEBUT, ("date_comptable", 6, 11), ("libelle_virement_1", 12, 43), ("libelle_virement_2", 44, 75),
        ("organisme_payeur", 76, 85), ("terminateur", 86, 86),
    ],
    # NOEMIE 1.5: type of return
    "081": [*_DEBUT, ("code_retour", 6, 7), ("lieu_execution", 8, 21), ("terminateur", 22, 22)],
    # NOEMIE 1.5: invoice
    "102": [
        *_DEBUT, ("numero_facture", 6, 14), ("complement", 15, 20), ("numero_lot", 21, 23), ("date_lot", 24, 29),
        ("type_facture", 30, 30), ("date_facture", 31, 36), ("traitement_amc", 37, 37), ("nature_assurance", 38, 39),
        ("terminateur", 40, 40),
    ],
    # NOEMIE 1.5: insured and beneficiary
    "103": [
        *_DEBUT, ("nir", 6, 18), ("cle_nir", 19, 20), ("nom_naissance", 21, 45), ("nom_usage", 46, 70),
        ("prenom", 71, 85), ("nir_individuel", 86, 98), ("cle_nir_individuel", 99, 100), ("date_naissance", 101, 106),
        ("rang_naissance", 107, 107), ("nom_beneficiaire", 108, 132), ("prenom_beneficiaire", 133, 147),
        ("unite_gestion", 148, 151), ("terminateur", 152, 152),
    ],
    # NOEMIE 1.5: AMO part
    "198": [
        *_DEBUT, ("montant_demande", 6, 13), ("etat", 14, 14), ("montant_rembourse", 15, 22),
        ("signe_rembourse", 23, 23), ("terminateur", 24, 24),
    ],
    # NOEMIE 1.5: AMC part
    "199": [
        *_DEBUT, ("montant_demande", 6, 13), ("etat", 14, 14), ("montant_rembourse", 15, 22),
        ("signe_rembourse", 23, 23), ("numero_amc", 24, 33), ("numero_adherent", 34, 48), ("terminateur", 49, 49),
    ],
    # NOEMIE 1.5: reject line
    "294": [
        *_DEBUT, ("code_rejet", 6, 9), ("libelle_rejet", 10, 95), ("niveau_rejet", 96, 96), ("partie", 97, 97),
        ("code_acte", 98, 102), ("date_soins", 103, 108), ("executant", 109, 117), ("numero_ligne", 118, 120),
        ("rang_rejet", 121, 122), ("information", 123, 152), ("terminateur", 153, 153),
    ],
    # NOEMIE 1.5: comment
    "295": [*_DEBUT, ("code_commentaire", 6, 6), ("texte_commentaire", 7, 134), ("terminateur", 135, 135)],

    # --- older style -------------------------------------------------------------------------------------------------

    # NOEMIE 1.6: accounting date
    "070": [*_DEBUT, ("date_comptable", 6, 11), ("terminateur", 12, 12)],
    # NOEMIE 1.6: lot
    "080": [*_DEBUT, ("date_lot", 6, 11), ("numero_lot", 12, 14), ("terminateur", 15, 15)],
    # NOEMIE 1.6: invoice
    "100": [*_DEBUT, ("numero_facture", 6, 14), ("terminateur", 15, 15)],
    # NOEMIE 1.6: insured
    "110": [
        *_DEBUT, ("nir", 6, 18), ("cle_nir", 19, 20), ("nature_nom", 21, 21), ("nom", 22, 46), ("blanc_47", 47, 72),
        ("prenom", 73, 87), ("terminateur", 88, 88),
    ],
    # NOEMIE 1.6: patient
    "120": [
        *_DEBUT, ("date_naissance", 6, 11), ("rang_naissance", 12, 12), ("nom", 13, 37), ("prenom", 38, 52),
        ("unite_gestion", 53, 56), ("terminateur", 57, 57),
    ],
    # NOEMIE 1.6: nature of insurance
    "150": [*_DEBUT, ("nature_assurance", 6, 7), ("terminateur", 8, 8)],
    # NOEMIE 1.6: archive criterion
    "160": [*_DEBUT, ("numero_archivage", 6, 22), ("terminateur", 23, 23)],
    # NOEMIE 1.6: professional act
    "210": [
        *_DEBUT, ("numero_ligne", 6, 7), ("code_technique", 8, 9), ("exoneration", 10, 10),
        ("mode_traitement", 11, 12), ("discipline", 13, 15), ("date_prescription", 16, 21), ("date_soins", 22, 27),
        ("date_fin", 28, 33), ("prix_unitaire", 34, 41), ("base", 42, 49), ("taux", 50, 52),
        ("montant_rembourse", 53, 60), ("signe_rembourse", 61, 61), ("code_acte", 62, 64),
        ("complement_acte", 65, 66), ("quantite", 67, 69), ("coefficient", 70, 74), ("denombrement", 75, 77),
        ("honoraires", 78, 85), ("qualificatif", 86, 87), ("taux_alsace_moselle", 88, 90),
        ("montant_alsace_moselle", 91, 98), ("taux_complementaire", 99, 101), ("montant_complementaire", 102, 109),
        ("base_complementaire", 110, 117), ("terminateur", 118, 118),
    ],
    # NOEMIE 1.6: reject or signalement
    "290": [
        *_DEBUT, ("numero_ligne", 6, 7), ("codification", 8, 17), ("libelle_rejet", 18, 97), ("terminateur", 98, 98),
    ],
}

# NOEMIE 1.4 to 1.6, column "Len": length of each entity. `@` is the last byte, except in 000 and 999 that have none.
NOEMIE_LENGTHS: dict[str, int] = {
    "000": 128, "020": 21, "040": 21, "070": 12, "071": 86, "080": 15, "081": 22, "100": 15, "102": 40, "103": 152,
    "110": 88, "120": 57, "150": 8, "160": 23, "198": 24, "199": 49, "210": 118, "250": 47, "261": 19, "262": 134,
    "290": 98, "294": 153, "295": 135, "990": 43, "999": 128,
}
# fmt: on
NOEMIE_WITHOUT_TERMINATOR = frozenset({"000", "999"})

# NOEMIE 1.5, 1.6: what names or describes somebody, hence never stands in clear (architecture, decision 11). The free
# texts (262, 294, 295) may.
PERSONAL: dict[str, set[str]] = {
    "103": {
        *("nir", "cle_nir", "nom_naissance", "nom_usage", "prenom", "nir_individuel", "cle_nir_individuel"),
        *("date_naissance", "nom_beneficiaire", "prenom_beneficiaire"),
    },
    "110": {"nir", "cle_nir", "nom", "prenom"},
    "120": {"date_naissance", "nom", "prenom"},
    "199": {"numero_adherent"},
    "262": {"libelle_detail", "nir", "cle_nir", "date_naissance"},
    "294": {"information"},
    "295": {"texte_commentaire"},
}
