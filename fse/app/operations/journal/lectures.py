"""The log of readings in clear: who read what of whom, when; written before anything is shown, without the data."""

from __future__ import annotations

from dataclasses import dataclass

from fse.app.operations.annuler import resolve
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.base.errors import UsageError
from fse.infra.journal import Genre
from fse.infra.journal.upkeep.facts import events


@dataclass(frozen=True, slots=True, kw_only=True)
class Lecture:
    """One reading in clear. `instant` is UTC, ISO 8601; `rang` that of its event."""

    rang: int
    instant: str
    auteur: str
    commande: str
    prestataire: str
    numero: int


def record_reading(
    practice: Practice, numero: int, *, auteur: str, commande: str, prestataire: str | None = None
) -> None:
    """Say that someone is about to read this invoice in clear.

    Raises `UsageError` (`lecture.auteur`, and those of `resolve`).
    """
    if not auteur:
        raise UsageError(
            "lecture.auteur",
            "Une lecture en clair est notée au nom de quelqu'un.",
            action="Donner l'auteur de la lecture.",
        )
    with practice.journal.transaction(now()) as transaction:
        who = resolve(transaction, numero, prestataire)
        content = {"auteur": auteur, "commande": commande, "prestataire": who, "numero": numero}
        transaction.event(Genre.LECTURE_EN_CLAIR, content)


def lectures(practice: Practice) -> list[Lecture]:
    """Every reading in clear, oldest first."""
    with practice.journal.reading() as reading:
        return [
            Lecture(
                rang=rang,
                instant=instant,
                auteur=content["auteur"],
                commande=content["commande"],
                prestataire=content["prestataire"],
                numero=content["numero"],
            )
            for rang, _, instant, content in events(reading, Genre.LECTURE_EN_CLAIR)
        ]
