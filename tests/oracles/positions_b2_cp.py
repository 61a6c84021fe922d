"""Positions of the B2 records of the norm CP (establishments), in its two editions. Sources as in `positions_b2`."""

from __future__ import annotations

from tests.oracles.positions import B2, PS_KEY, Position
from tests.oracles.positions_b2_shared import (
    BIOLOGY,
    CCAM,
    CCAM_2005,
    LETTER,
    RETROCESSION,
    RPPS_4E,
    SUITE_4S,
    SUITE_4S_2005,
    TREATING_DOCTOR,
    replaced,
    times,
)

# fmt: off
# B2 3.5
CP_KEY: list[Position] = [
    ("type", 1, 1), ("prestataire", 2, 10), ("blanc_11", 11, 11), ("nir", 12, 24), ("cle_nir", 25, 26),
    ("rang_beneficiaire", 27, 29), ("numero_facture", 30, 38),
]
CP_LETTER: Position = ("sous_type", 39, 39)

CP_2003: dict[str, list[Position]] = {
    "000": B2["000"], "999": B2["999"], "1": B2["1"], "6": B2["6"],
    # B2 3.7; 80-85 and 95 as S1 has them (B2 14, 1 and 2)
    "2": [
        *CP_KEY, ("nature_operation", 39, 39), ("numero_entree", 40, 48), ("regime", 49, 50), ("caisse", 51, 53),
        ("centre", 54, 57), ("justificatif_droits", 58, 58), ("date_prise_en_charge", 59, 64), ("date_droits", 65, 70),
        ("delivre_par", 71, 73), ("regime_prestation", 74, 76), ("nature_assurance", 77, 78), ("exoneration", 79, 79),
        ("date_maternite", 80, 85), ("accident", 86, 94), ("carte_remplacant", 95, 95), ("date_naissance", 96, 101),
        ("rang_naissance", 102, 102), ("date_entree", 103, 108), ("date_sortie", 109, 114), ("heure_sortie", 115, 116),
        ("type_contrat", 117, 118), ("numero_amc", 119, 128),
    ],
    # B2 3.8, without the treating doctor
    "2S": [
        *CP_KEY, CP_LETTER, ("sequence", 40, 41), ("complement_titre", 42, 47), ("destinataire_reglement", 48, 49),
        ("nir_individuel", 50, 62), ("cle_nir_individuel", 63, 64), ("blanc_65", 65, 70), ("blanc_71", 71, 128),
    ],
    # B2 3.12; 117 blank (S1)
    "3": [
        *CP_KEY, ("mode_traitement", 39, 40), ("discipline", 41, 43), ("date_debut", 44, 49), ("date_fin", 50, 55),
        ("code_acte", 56, 59), ("complement_acte", 60, 60), ("quantite", 61, 63), ("exoneration", 64, 64),
        ("coefficient", 65, 69), ("payeur_forfait", 70, 70), ("coefficient_mco", 71, 75), ("prix_unitaire", 76, 82),
        ("base", 83, 90), ("taux", 91, 93), ("montant_amo", 94, 101), ("montant_facture", 102, 109), ("ghs", 110, 113),
        ("taux_financement", 114, 116), ("blanc_117", 117, 117), ("blanc_118", 118, 119), ("qualificatif", 120, 120),
        ("domaine_activite", 121, 121), ("montant_amc", 122, 128),
    ],
    # B2 3.13; the origin of the prescription is of 2005-E
    "3S": [
        *CP_KEY, CP_LETTER, ("sequence", 40, 41), ("prescripteur", 42, 50), ("statut_prescripteur", 51, 51),
        ("specialite_prescripteur", 52, 53), ("date_prescription", 54, 59), ("date_accord", 60, 65),
        ("accord_prealable", 66, 66), ("lieu_execution", 67, 80), ("fin_sejour", 81, 81), ("reseau", 82, 95),
        ("forfait_technique", 96, 100), ("appareil", 101, 114), ("blanc_115", 115, 115), ("blanc_116", 116, 128),
    ],
    # B2 3.15: "the older edition S1 has a second LPP item at 86-128"
    "3F": [
        *PS_KEY, LETTER, ("sequence", 37, 38), ("reserve_sesam", 39, 42),
        *times(2, 43, [
            ("code_lpp", 43, 55), ("siret", 56, 69), ("quantite", 70, 71), ("tarif", 72, 78), ("montant_total", 79, 85),
        ]),
    ],
    # B2 3.16: "S1 older: 56 rate code, 81-87 unit price"
    "3H": [
        *PS_KEY, LETTER, ("sequence", 37, 38), ("reserve_sesam", 39, 42), ("blanc_43", 43, 48), ("code_ucd", 49, 55),
        ("code_taux", 56, 56), ("blanc_57", 57, 66), ("prix_achat", 67, 73), ("ecart", 74, 80),
        ("prix_unitaire", 81, 87), ("quantite", 88, 90), ("montant_total", 91, 97), ("blanc_98", 98, 128),
    ],
    # B2 3.18; 53 blank before 2005-E
    "4": [
        *CP_KEY, ("mode_traitement", 39, 40), ("discipline", 41, 43), ("prescripteur", 44, 52), ("blanc_53", 53, 53),
        ("exoneration", 54, 54), ("specialite_prescripteur", 55, 56), ("executant", 57, 65), ("zone_tarif", 66, 67),
        ("specialite_executant", 68, 69), ("date_soins", 70, 75), ("code_acte", 76, 79), ("complement_acte", 80, 80),
        ("quantite", 81, 82), ("coefficient", 83, 88), ("denombrement", 89, 90), ("prix_unitaire", 91, 97),
        ("base", 98, 104), ("taux", 105, 107), ("montant_amo", 108, 114), ("honoraires", 115, 121),
        ("qualificatif", 122, 122), ("montant_amc", 123, 128),
    ],
    "4S": SUITE_4S,
    "4B": BIOLOGY,
    "4H": RETROCESSION,
    "4M": CCAM,
    # B2 3.20; 123-128 blank before 2005-E
    "5": [
        *CP_KEY, ("nombre_lignes", 39, 41), ("total_base_sejour", 42, 49), ("total_amo_sejour", 50, 57),
        ("total_honoraires", 58, 65), ("total_amo_honoraires", 66, 73), ("part_assure", 74, 81),
        ("total_amc_sejour", 82, 89), ("total_amc_honoraires", 90, 97), ("blanc_98", 98, 114),
        ("total_facture_sejour", 115, 122), ("blanc_123", 123, 126), ("blanc_127", 127, 128),
    ],
}

CP_2005_E: dict[str, list[Position]] = {
    **CP_2003,
    "2": replaced(
        CP_2003["2"], ["date_maternite", "carte_remplacant"], [("date_hospitalisation", 80, 85), ("eclatement", 95, 95)]
    ),
    "2S": replaced(CP_2003["2S"], ["blanc_71"], TREATING_DOCTOR),
    "3": replaced(CP_2003["3"], ["blanc_117"], [("participation_assure", 117, 117)]),
    "3S": replaced(CP_2003["3S"], ["blanc_115"], [("origine_prescription", 115, 115)]),
    # B2 3.14
    "3E": [
        *CP_KEY, CP_LETTER, ("sequence", 40, 41), ("rpps_prescripteur", 42, 52), ("structure_prescripteur", 53, 66),
        ("blanc_67", 67, 128),
    ],
    # B2 3.15
    "3F": [
        *PS_KEY, LETTER, ("sequence", 37, 38), ("reserve_sesam", 39, 42), ("code_lpp", 43, 55), ("siret", 56, 69),
        ("quantite", 70, 71), ("tarif", 72, 78), ("montant_total", 79, 85), ("prix_achat", 86, 92),
        ("ecart_unitaire", 93, 99), ("ecart_total", 100, 106), ("blanc_107", 107, 128),
    ],
    # B2 3.16
    "3H": [
        *PS_KEY, LETTER, ("sequence", 37, 38), ("reserve_sesam", 39, 42), ("blanc_43", 43, 48), ("code_ucd", 49, 55),
        ("blanc_56", 56, 56), ("coefficient_fractionnement", 57, 61), ("blanc_62", 62, 66), ("prix_achat", 67, 73),
        ("ecart_unitaire", 74, 80), ("ecart_total", 81, 87), ("quantite", 88, 90), ("montant_total", 91, 97),
        ("blanc_98", 98, 128),
    ],
    "4": replaced(CP_2003["4"], ["blanc_53"], [("origine_prescription", 53, 53)]),
    # B2 3.19: "2005-E: 56-70 blank"
    "4S": replaced(SUITE_4S_2005, ["remplacant", "complement"], [("blanc_56", 56, 70)]),
    "4E": RPPS_4E,
    "4M": CCAM_2005,
    # B2 3.19: "57-61 fraction coef, 67-73 reconstitution cost in 2005-E"
    "4H": replaced(
        RETROCESSION,
        ["code_taux", "blanc_57", "prix_achat"],
        [
            ("blanc_56", 56, 56), ("coefficient_fractionnement", 57, 61), ("blanc_62", 62, 66),
            ("cout_reconstitution", 67, 73),
        ],
    ),
    "5": replaced(CP_2003["5"], ["blanc_123"], [("zone_editeur", 123, 126)]),
}
# fmt: on
