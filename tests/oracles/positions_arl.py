"""Positions of our ARL (acknowledgement of lots), retyped by hand from its description: the official one is not public.

Plain tables of `(name, first byte, last byte)`, 1-based and inclusive. Fillers are named `blanc_<first byte>`. No code
lives here, and nothing is derived from the layouts of the product.
"""

from __future__ import annotations

from tests.oracles.positions import Position

ARL_LENGTH = 128

# The bytes 1 to 55 that header and trailer share: the skeleton that NOEMIE has too (NOEMIE 1.4)
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

# fmt: off
ARL: dict[str, list[Position]] = {
    # Norm "ARL " at 62-65 and "01" at 66-67; flow mark at 71 and record length at 83-85, as NOEMIE
    "000": [
        *_ENVELOPPE, ("date_creation", 56, 61), ("norme", 62, 65), ("version_norme", 66, 67), ("blanc_68", 68, 70),
        ("marque", 71, 71), ("blanc_72", 72, 82), ("longueur_enregistrement", 83, 85), ("blanc_86", 86, 128),
    ],
    # One lot: what names it, the file that brought it, P or N, cause and label, invoice at fault, day, mark
    "LOT": [
        ("type", 1, 3), ("prestataire", 4, 12), ("numero_lot", 13, 15), ("date_lot", 16, 21),
        ("organisme_destinataire", 22, 24), ("fichier_accuse", 25, 30), ("sens", 31, 31), ("cause", 32, 35),
        ("libelle", 36, 95), ("numero_facture", 96, 104), ("date_accuse", 105, 110), ("marque", 111, 111),
        ("blanc_112", 112, 128),
    ],
    # All records, 000 and 999 included; lots; how many positive, how many negative
    "999": [
        *_ENVELOPPE, ("nombre_enregistrements", 56, 63), ("marque", 64, 64), ("blanc_65", 65, 82),
        ("nombre_lots", 83, 85), ("positifs", 86, 88), ("negatifs", 89, 91), ("blanc_92", 92, 128),
    ],
}
# fmt: on
