"""How a French reader names the disciplines of doctors (`exercice.DISCIPLINES`)."""

from __future__ import annotations

from collections.abc import Mapping

LIBELLES: Mapping[str, str] = {
    "generaliste": "généraliste",
    "pediatre": "pédiatre",
    "psychiatre": "psychiatre",
    "neuropsychiatre": "neuropsychiatre",
    "neurologue": "neurologue",
    "gynecologue": "gynécologue",
    "obstetricien": "obstétricien",
    "ophtalmologue": "ophtalmologue",
    "stomatologue": "stomatologue",
    "pneumologue": "pneumologue",
    "rheumatologue": "rhumatologue",
    "medecin-reeducation": "médecin de rééducation",
    "cardiologue": "cardiologue",
    "chirurgien": "chirurgien",
    "anesthesiste": "anesthésiste",
    "anatomopathologiste": "anatomopathologiste",
    "radiologue": "radiologue",
    "autre-specialite": "autre spécialité",
}
"""One for each discipline, in the same order."""
