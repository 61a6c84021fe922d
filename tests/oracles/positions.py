"""Positions of the main B2 records (PS layout, edition of 2003), retyped from public descriptions.

Plain tables of `(name, first byte, last byte)`, 1-based and inclusive. Fillers are named `blanc_<first byte>`. No code
lives here, and nothing is derived from the layouts of the product. The other records of B2 are in `positions_b2`,
NOEMIE in `positions_noemie`.

Source: the public description of B2 in the repository `scresto09/sesamviewer` (`data/b2.xml`, facts only); section
numbers (B2 3.x) are those of our digest of it. Names are ours.
"""

from __future__ import annotations

Position = tuple[str, int, int]

B2_LENGTH = 128  # B2 1, "big picture", 1: fixed records without separator

# B2 3.5: shared key block of the PS records
PS_KEY: list[Position] = [
    ("type", 1, 1),
    ("prestataire", 2, 10),
    ("blanc_11", 11, 11),
    ("nir", 12, 24),
    ("cle_nir", 25, 26),
    ("numero_facture", 27, 35),
]

# fmt: off
B2: dict[str, list[Position]] = {
    # B2 3.1: file header
    "000": [
        ("type", 1, 3), ("type_emetteur", 4, 5), ("numero_emetteur", 6, 19), ("blanc_20", 20, 25),
        ("type_destinataire", 26, 27), ("numero_destinataire", 28, 41), ("date_arrivee", 42, 47),
        ("application", 48, 49), ("identifiant_fichier", 50, 55), ("date_creation", 56, 61), ("norme", 62, 65),
        ("version_norme", 66, 67), ("blanc_68", 68, 68), ("blanc_69", 69, 69), ("reserve_sesam", 70, 72),
        ("blanc_73", 73, 82), ("longueur_enregistrement", 83, 85), ("blanc_86", 86, 91), ("message", 92, 128),
    ],
    # B2 3.2: file trailer
    "999": [
        ("type", 1, 3), ("type_emetteur", 4, 5), ("numero_emetteur", 6, 19), ("blanc_20", 20, 25),
        ("type_destinataire", 26, 27), ("numero_destinataire", 28, 41), ("blanc_42", 42, 47), ("application", 48, 49),
        ("identifiant_fichier", 50, 55), ("nombre_enregistrements", 56, 63), ("blanc_64", 64, 82),
        ("nombre_lots", 83, 85), ("blanc_86", 86, 128),
    ],
    # B2 3.3: lot header
    "1": [
        ("type", 1, 1), ("prestataire", 2, 10), ("origine_fichier", 11, 16), ("organisme_destinataire", 17, 19),
        ("numero_lot", 20, 22), ("categorie", 23, 25), ("statut_juridique", 26, 27), ("mode_tarif", 28, 29),
        ("nom_prestataire", 30, 69), ("version_norme", 70, 71), ("date_lot", 72, 77), ("blanc_78", 78, 78),
        ("code_norme", 79, 80), ("certification", 81, 81), ("numero_version", 82, 87), ("monnaie", 88, 88),
        ("regime_pivot", 89, 90), ("caisse_pivot", 91, 93), ("caisse_paiement", 94, 94), ("blanc_95", 95, 128),
    ],
    # B2 3.6: invoice header, PS layout
    "2": [
        *PS_KEY, ("sous_type", 36, 36), ("marque", 37, 37), ("amo_force", 38, 38), ("nature_operation", 39, 39),
        ("date_facture", 40, 45), ("eclatement", 46, 46), ("type_facture", 47, 47), ("portable", 48, 48),
        ("regime", 49, 50), ("caisse", 51, 53), ("centre", 54, 57), ("justificatif_droits", 58, 58),
        ("prescripteur", 59, 67), ("date_prescription", 68, 73), ("regime_prestation", 74, 76),
        ("nature_assurance", 77, 78), ("exoneration", 79, 79), ("date_maternite", 80, 85), ("accident", 86, 94),
        ("carte_remplacant", 95, 95), ("date_naissance", 96, 101), ("rang_naissance", 102, 102),
        ("rang_beneficiaire", 103, 104), ("numero_adherent", 105, 112), ("specialite_prescripteur", 113, 114),
        ("destinataire_reglement", 115, 116), ("type_contrat", 117, 118), ("numero_amc", 119, 128),
    ],
    # B2 3.17: act line, PS layout
    "4": [
        *PS_KEY, ("sous_type", 36, 36), ("sequence", 37, 38), ("mode_traitement", 39, 40), ("discipline", 41, 43),
        ("date_accord", 44, 49), ("accord_prealable", 50, 50), ("renouvellement", 51, 52), ("blanc_53", 53, 53),
        ("exoneration", 54, 54), ("executant", 55, 63), ("zone_tarif", 64, 65), ("specialite_executant", 66, 67),
        ("date_soins", 68, 73),
        ("code_acte", 74, 77),  # "74-78 A 5, 4+1": four characters of code, one of complement (B2 2)
        ("complement_acte", 78, 78), ("quantite", 79, 80), ("coefficient", 81, 86), ("denombrement", 87, 88),
        ("prix_unitaire", 89, 95), ("base", 96, 102), ("taux", 103, 105), ("montant_amo", 106, 112),
        ("honoraires", 113, 119), ("qualificatif", 120, 120), ("lieu", 121, 121), ("montant_amc", 122, 128),
    ],
    # B2 3.20: invoice trailer, PS layout
    "5": [
        *PS_KEY, ("blanc_36", 36, 38), ("nombre_lignes", 39, 41), ("reserve_sesam_42", 42, 57),
        ("total_honoraires", 58, 65), ("total_amo", 66, 73), ("part_assure", 74, 81), ("total_amc", 82, 89),
        ("eclatement_oct", 90, 90), ("reserve_sesam_91", 91, 93), ("opposition", 94, 94), ("blanc_95", 95, 96),
        ("certification", 97, 128),
    ],
    # B2 3.4: lot trailer; the third amount is 43-51 (the source prints 53-51)
    "6": [
        ("type", 1, 1), ("prestataire", 2, 10), ("nombre_factures", 11, 13), ("nombre_lignes", 14, 17),
        ("nombre_entetes", 18, 21), ("nombre_totaux", 22, 24), ("total_honoraires", 25, 33), ("total_amo", 34, 42),
        ("total_amc", 43, 51), ("numero_lot", 52, 54), ("marque", 55, 55), ("type_facture", 56, 56),
        ("blanc_57", 57, 60), ("agrement", 61, 72), ("agrement_portable", 73, 84), ("blanc_85", 85, 87),
        ("remplacant", 88, 96), ("certification", 97, 128),
    ],
}
# fmt: on
