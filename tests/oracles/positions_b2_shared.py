"""Positions of the B2 records that the PS layout and the norm CP share (B2 3.5, 3.8, 3.19), and how tables are told.

Sources as in `positions_b2`.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracles.positions import PS_KEY, Position

LETTER: Position = ("sous_type", 36, 36)


def times(number: int, step: int, group: Sequence[Position]) -> list[Position]:
    """The group of fields that stands `number` times, `step` positions apart: `<name>_1`, `<name>_2`…"""
    return [
        (f"{name}_{rank + 1}", start + rank * step, end + rank * step)
        for rank in range(number)
        for name, start, end in group
    ]


def replaced(table: Sequence[Position], names: Sequence[str], by: Sequence[Position]) -> list[Position]:
    """The table with other fields in the place of these. Raises ValueError when they do not cover the same bytes."""
    gone = [position for position in table if position[0] in names]
    told = [place for _, start, end in by for place in range(start, end + 1)]
    if len(gone) != len(names) or sorted(told) != [p for _, start, end in gone for p in range(start, end + 1)]:
        raise ValueError(f"{names} are not there, or do not cover what replaces them")
    return sorted([*(position for position in table if position not in gone), *by], key=lambda position: position[1])


# fmt: off
# B2 3.8, CP 2005-E
TREATING_DOCTOR: list[Position] = [
    ("medecin_traitant_declare", 71, 71), ("nom_medecin_traitant", 72, 96), ("prenom_medecin_traitant", 97, 111),
    ("medecin_traitant", 112, 120), ("indicateur_parcours", 121, 121), ("blanc_122", 122, 128),
]

# B2 3.19, older edition: 40 and 125-128 blank; 48 too (S1)
SUITE_4S: list[Position] = [
    *PS_KEY, LETTER, ("sequence", 37, 38), ("statut_executant", 39, 39), ("blanc_40", 40, 40),
    ("base_theorique", 41, 47), ("blanc_48", 48, 48), ("date_accord", 49, 54), ("accord_prealable", 55, 55),
    ("remplacant", 56, 64), ("complement", 65, 70), ("amo_force", 71, 71), ("lieu_execution", 72, 85),
    ("reseau", 86, 99), ("amc_force", 100, 100), ("forfait_technique", 101, 105), ("appareil", 106, 119),
    ("ghs", 120, 123), ("domaine_activite", 124, 124), ("blanc_125", 125, 128),
]

# B2 3.19: "coordination option (2005+)", prescriber status, prevention
SUITE_4S_2005: list[Position] = [
    *PS_KEY, LETTER, ("sequence", 37, 38), ("statut_executant", 39, 39), ("coordination", 40, 40),
    ("base_theorique", 41, 47), ("statut_prescripteur", 48, 48), ("date_accord", 49, 54), ("accord_prealable", 55, 55),
    ("remplacant", 56, 64), ("complement", 65, 70), ("amo_force", 71, 71), ("lieu_execution", 72, 85),
    ("reseau", 86, 99), ("amc_force", 100, 100), ("forfait_technique", 101, 105), ("appareil", 106, 119),
    ("ghs", 120, 123), ("domaine_activite", 124, 124), ("prevention_commune", 125, 125),
    ("qualificatif_prevention", 126, 127), ("participation_assure", 128, 128),
]

# B2 3.19
RPPS_4E: list[Position] = [
    *PS_KEY, LETTER, ("sequence", 37, 38), ("rpps_prescripteur", 39, 49), ("structure_prescripteur", 50, 63),
    ("rpps_executant", 64, 74), ("structure_executant", 75, 88), ("blanc_89", 89, 128),
]

BIOLOGY: list[Position] = [
    *PS_KEY, LETTER, ("sequence", 37, 38), ("reserve_sesam", 39, 42), ("blanc_43", 43, 48),
    *times(5, 16, [("date_soins", 49, 54), ("quantite", 55, 56), ("code_biologie", 57, 64)]),
]

# B2 3.19, older edition; 56 rate code and 67-73 purchase price (S1)
RETROCESSION: list[Position] = [
    *PS_KEY, LETTER, ("sequence", 37, 38), ("reserve_sesam", 39, 42), ("blanc_43", 43, 48), ("code_ucd", 49, 55),
    ("code_taux", 56, 56), ("blanc_57", 57, 66), ("prix_achat", 67, 73), ("marge", 74, 80), ("prix_unitaire", 81, 87),
    ("quantite", 88, 90), ("montant_total", 91, 97), ("blanc_98", 98, 128),
]

# S1 has two modifiers of the complementary insurer, then blanks
CCAM: list[Position] = [
    *PS_KEY, LETTER, ("sequence", 37, 38), ("reserve_sesam", 39, 42), ("code_ccam", 43, 55),
    ("extension_documentaire", 56, 56), ("activite", 57, 57), ("phase", 58, 58),
    *times(4, 1, [("modificateur", 59, 59)]), ("association", 63, 63), ("remboursement_exceptionnel", 64, 64),
    ("date_seance", 65, 70), *times(16, 2, [("dent", 71, 72)]), ("supplement_charge", 103, 103),
    ("modificateurs_oc", 104, 105), ("blanc_106", 106, 107), ("blanc_108", 108, 128),
]

# B2 3.19: "104-107 OC modifiers", of the later edition
CCAM_2005: list[Position] = replaced(CCAM, ["modificateurs_oc", "blanc_106"], [("modificateurs_oc", 104, 107)])
# fmt: on
