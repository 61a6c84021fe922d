"""Positions of the B2 records of every edition: the sub-records of the PS layout, then what each edition has apart.

Retyped from public descriptions like `positions`, whose seven main records these tables complete: `sesamviewer`,
`data/b2.xml` (S1, the older editions) and the section numbers (B2 3.x) of our digest of it and of the later sources
(S2 and S3: 2005-E, norm CP; June 2005 for the PS layout, by analogy).
"""

from __future__ import annotations

from tests.oracles.positions import B2, PS_KEY, Position
from tests.oracles.positions_b2_cp import CP_2003, CP_2005_E
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
PS_2003: dict[str, list[Position]] = {
    **B2,
    # B2 3.8
    "2S": [
        *PS_KEY, LETTER, ("blanc_37", 37, 49), ("nir_individuel", 50, 62), ("cle_nir_individuel", 63, 64),
        ("liste_opposition", 65, 70), ("blanc_71", 71, 128),
    ],
    # B2 3.9
    "2M": [
        *PS_KEY, LETTER, ("numero_amc", 37, 46), ("aiguillage_destinataire", 47, 48), ("hote_destinataire", 49, 51),
        ("blanc_52", 52, 71), ("identifiant_amc", 72, 86), ("blanc_87", 87, 93), ("amc_force", 94, 94),
        ("module_sts", 95, 95), ("version_sts", 96, 99), ("aiguillage_amc", 100, 101), ("hote_amc", 102, 104),
        ("domaine", 105, 124), ("indicateur_traitement", 125, 126), ("application_amc", 127, 128),
    ],
    # B2 3.10
    "2P": [
        *PS_KEY, LETTER, ("operateur_reglement", 37, 46), ("contexte_conventionnel", 47, 80), ("blanc_81", 81, 128),
    ],
    # B2 3.11
    "2B": [
        *PS_KEY, LETTER, ("blanc_37", 37, 37), ("qualite", 38, 39), ("civilite", 40, 42), ("nom", 43, 67),
        ("prenom", 68, 82), ("numero_voie", 83, 86), ("complement_numero", 87, 87), ("type_voie", 88, 91),
        ("nom_voie", 92, 116), ("blanc_117", 117, 128),
    ],
    "2C": [
        *PS_KEY, LETTER, ("blanc_37", 37, 40), ("complement_adresse", 41, 65), ("commune", 66, 90),
        ("code_postal", 91, 95), ("nom_assure", 96, 120), ("prenom_assure", 121, 128),
    ],
    # B2 3.19, all that follows; the blanks between what the digest names are those of S1
    "4S": SUITE_4S,
    "4B": BIOLOGY,
    "4C": [
        *PS_KEY, LETTER, ("sequence", 37, 38), ("reserve_sesam", 39, 42), ("blanc_43", 43, 43),
        *times(5, 17, [
            ("code_cip", 44, 50), ("prix_unitaire", 51, 56), ("quantite", 57, 58), ("code_taux", 59, 59),
            ("substitution", 60, 60),
        ]),
    ],
    "4D": [
        *PS_KEY, LETTER, ("sequence", 37, 38), ("reserve_sesam", 39, 42),
        *times(2, 26, [
            ("date_soins", 43, 48), ("quantite", 49, 50), ("code_detaille", 51, 63), ("modulateur", 64, 66),
            ("dent", 67, 68),
        ]),
        ("blanc_95", 95, 128),
    ],
    "4F": [
        *PS_KEY, LETTER, ("sequence", 37, 38), ("reserve_sesam", 39, 42), ("code_lpp", 43, 55), ("nature_lpp", 56, 56),
        ("siret", 57, 70), ("blanc_71", 71, 76), ("date_debut", 77, 82), ("date_fin", 83, 88), ("tarif", 89, 95),
        ("nombre_unites", 96, 97), ("prix_vente", 98, 104), ("base", 105, 111), ("montant_total", 112, 118),
        ("blanc_119", 119, 128),
    ],
    "4H": RETROCESSION,
    "4M": CCAM,
    "4T": [
        *PS_KEY, LETTER, ("sequence", 37, 38), ("blanc_39", 39, 45), ("serie", 46, 46),
        ("lie_hospitalisation", 47, 47), ("longue_distance", 48, 48), ("blanc_49", 49, 49), ("nature_forfait", 50, 50),
        ("prix_forfait", 51, 56), ("nombre_forfaits", 57, 58), ("nombre_forfaits_nuit", 59, 60),
        ("nombre_forfaits_dimanche", 61, 62), ("prix_kilometre", 63, 68), ("kilometres", 69, 72),
        ("kilometres_au_dela", 73, 76), ("kilometres_nuit", 77, 80), ("kilometres_nuit_au_dela", 81, 84),
        ("kilometres_dimanche", 85, 88), ("kilometres_dimanche_au_dela", 89, 92), ("nature_supplement", 93, 93),
        ("nombre_supplements", 94, 95), ("montant_supplements", 96, 101), ("nombre_peages", 102, 103),
        ("montant_peages", 104, 109), ("abattement", 110, 116), ("blanc_117", 117, 128),
    ],
    "4U": [
        *PS_KEY, LETTER, ("sequence", 37, 38), ("date_depart", 39, 44), ("heure_depart", 45, 48),
        ("lieu_depart", 49, 53), ("vehicule", 54, 62), ("nom_conducteur", 63, 70), ("prenom_conducteur", 71, 73),
        ("nom_accompagnateur", 74, 81), ("prenom_accompagnateur", 82, 84), ("date_arrivee", 85, 90),
        ("heure_arrivee", 91, 94), ("lieu_arrivee", 95, 99), ("nombre_malades", 100, 100),
        ("taux_abattement", 101, 102), ("montant_abattement", 103, 108), ("distance", 109, 112),
        ("blanc_113", 113, 128),
    ],
}

PS_2005: dict[str, list[Position]] = {
    **PS_2003,
    # B2 3.8: the treating doctor of the norm CP, by analogy
    "2S": replaced(PS_2003["2S"], ["blanc_71"], TREATING_DOCTOR),
    # B2 3.17: "June 2005+: origin of prescription"
    "4": replaced(PS_2003["4"], ["blanc_53"], [("origine_prescription", 53, 53)]),
    "4S": SUITE_4S_2005,
    "4E": RPPS_4E,
    "4M": CCAM_2005,
}
# fmt: on

B2_EDITIONS: dict[str, dict[str, list[Position]]] = {
    "ps-2003": PS_2003,
    "ps-2005": PS_2005,
    "cp-2003": CP_2003,
    "cp-2005-e": CP_2005_E,
}

PARENTS = {"ps-2005": "ps-2003", "cp-2003": "ps-2003", "cp-2005-e": "cp-2003"}
"""What an edition is told by its differences with."""

PERSONAL = {
    *("nir", "cle_nir", "date_naissance", "numero_adherent", "nir_individuel", "cle_nir_individuel", "identifiant_amc"),
    *("civilite", "nom", "prenom", "numero_voie", "complement_numero", "type_voie", "nom_voie"),
    *("complement_adresse", "commune", "code_postal", "nom_assure", "prenom_assure"),
    *("nom_conducteur", "prenom_conducteur", "nom_accompagnateur", "prenom_accompagnateur"),
    *("nom_medecin_traitant", "prenom_medecin_traitant"),
    *("accident", "numero_entree", "lieu_depart", "lieu_arrivee", "vehicule"),
}
"""Fields that say who somebody is, where he lives, or what happened to him and where."""
