"""Positions of CFONB 120, retyped by hand: the facts of noemie.md 3.4, and the reserved zones between them.

Plain tables of `(name, first byte, last byte)`, 1-based and inclusive. What banks leave to themselves is `reserve_…`.
"""

from __future__ import annotations

from tests.oracles.positions import Position

CFONB_LENGTH = 120

_BALANCE: list[Position] = [
    ("type", 1, 2), ("banque", 3, 7), ("reserve_8", 8, 11), ("guichet", 12, 16), ("devise", 17, 19),
    ("decimales", 20, 20), ("reserve_21", 21, 21), ("compte", 22, 32), ("reserve_33", 33, 34), ("date_solde", 35, 40),
    ("reserve_41", 41, 90), ("solde", 91, 104), ("reserve_105", 105, 120),
]  # fmt: skip

# fmt: off
CFONB: dict[str, list[Position]] = {
    # Balance before the movements
    "01": _BALANCE,
    # One movement
    "04": [
        ("type", 1, 2), ("banque", 3, 7), ("operation_interne", 8, 11), ("guichet", 12, 16), ("devise", 17, 19),
        ("decimales", 20, 20), ("reserve_21", 21, 21), ("compte", 22, 32), ("operation", 33, 34),
        ("date_operation", 35, 40), ("motif_rejet", 41, 42), ("date_valeur", 43, 48), ("libelle_mouvement", 49, 79),
        ("reserve_80", 80, 81), ("numero_ecriture", 82, 88), ("indice_exoneration", 89, 89),
        ("indice_indisponibilite", 90, 90), ("montant", 91, 104), ("reference_mouvement", 105, 120),
    ],
    # Complement of the movement before it
    "05": [
        ("type", 1, 2), ("banque", 3, 7), ("operation_interne", 8, 11), ("guichet", 12, 16), ("devise", 17, 19),
        ("decimales", 20, 20), ("reserve_21", 21, 21), ("compte", 22, 32), ("operation", 33, 34),
        ("date_operation", 35, 40), ("reserve_41", 41, 45), ("qualifiant", 46, 48), ("complement_mouvement", 49, 118),
        ("reserve_119", 119, 120),
    ],
    # Balance after them
    "07": _BALANCE,
}
# fmt: on

PERSONAL: set[str] = {"libelle_mouvement", "complement_mouvement", "reference_mouvement"}
"""The labels of a patient's payment name the patient."""
