"""How who treats practises on a day: their discipline, the sector they are in, whether the convention binds them.

Source: regles.md A.7 (salaried staff, assistants, replacements) and I.2 (sectors).
"""

from __future__ import annotations

from dataclasses import dataclass

DISCIPLINES = (
    "generaliste",
    "pediatre",
    "psychiatre",
    "neuropsychiatre",
    "neurologue",
    "gynecologue",
    "obstetricien",
    "ophtalmologue",
    "stomatologue",
    "pneumologue",
    "rheumatologue",
    "medecin-reeducation",
    "cardiologue",
    "chirurgien",
    "anesthesiste",
    "anatomopathologiste",
    "radiologue",
    "autre-specialite",
)
"""The disciplines of doctors that a rule may name."""

SECTEURS = ("1", "2", "dp", "cas", "optam", "optam-co", "option-coordination", "secteur-optionnel")
"""Sectors of the convention: opposable tariffs (1), own fees (2), acquired right to overruns (dp), then the options of
doctors of sector 2 or dp who accept controlled tariffs.
"""

NON_DECLARE = "non-declare"
"""The sector of a day that none of the periods of practice covers, some being declared: neither it nor the status is
known.
"""

STATUTS = ("conventionne", "hors-convention", "suspendu")

CONDITIONS = ("liberal", "salarie", "adjoint", "remplacant")
"""Of who treats: for themselves, employed by who bills, their assistant, in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercice:
    """Of the one who treats, on a day. `discipline`: "" when they are no doctor; `secteur`: "" when it is never said,
    `NON_DECLARE` when it is for other days.

    `condition`: one of `CONDITIONS`. Who is employed or assists has the sector and the status of their employer, whose
    number is `employeur`; `titres`: a salaried doctor who holds the titles of sector 2 himself. Who replaces has those
    of whom they replace; `statut_remplacant` is their own, `declare` whether the practice declares the replacement.
    `remplacant`: the number of who replaces them that day, of a replacement that of who treats, "" when nobody does.
    `statut_remplacant` is "" when it is said for other days only. `confreres`: the numbers of the other doctors of the
    practice who have the same discipline.
    """

    discipline: str = ""
    secteur: str = ""
    statut: str = "conventionne"
    condition: str = "liberal"
    titres: bool = False
    employeur: str = ""
    remplacant: str = ""
    declare: bool = True
    statut_remplacant: str = "conventionne"
    confreres: tuple[str, ...] = ()


SOI_MEME = Exercice()
"""Someone who practises for themselves under the convention, of whom nothing else is said."""
