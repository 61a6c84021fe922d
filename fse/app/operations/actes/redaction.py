"""The words of an act: who, why, which paper. They go into the chain for ever, hence nothing personal in them."""

from __future__ import annotations

import re

from fse.base.errors import UsageError
from fse.base.identifiers.nir import reads_as_nir

_LENGTH_MAX = 200

_CANDIDATE = re.compile(r"(?<![0-9A-Za-z])[1278](?:[ .\-/]?[0-9ABab]){12,14}(?![0-9A-Za-z])")
"""What may be a NIR inside a sentence: 13 or 15 characters, with or without separators."""


def author_and_reason(auteur: str, motif: str) -> tuple[str, str]:
    """Both without needless blanks. Raises as `words`."""
    return words("l'auteur", auteur), words("le motif", motif)


def words(what: str, text: str) -> str:
    """A text of an act on one line; `what` names it in French. Raises `UsageError`, which never repeats the text:
    `acte.absent`, `acte.long`, `acte.illisible`, `acte.personnel`.

    >>> words("le motif", " relevé  du 12/10\\n")
    'relevé du 12/10'
    """
    line = " ".join(text.split())
    if not line:
        raise UsageError(
            "acte.absent",
            f"Il manque {what} : un acte fait à la main dit toujours par qui et pourquoi.",
            action="Le donner en quelques mots.",
        )
    if len(line) > _LENGTH_MAX:
        raise UsageError(
            "acte.long",
            f"Ce texte a {len(line)} caractères pour {what}, {_LENGTH_MAX} au plus.",
            action="Le dire en une phrase.",
        )
    if not line.isprintable():
        raise UsageError(
            "acte.illisible",
            f"Ce texte contient un caractère qui ne s'écrit pas ({what}).",
            action="Le taper de nouveau, sans rien coller.",
        )
    if any(reads_as_nir(found) for found in _CANDIDATE.findall(line)):
        raise UsageError(
            "acte.personnel",
            f"Ce texte contient ce qui se lit comme un numéro de sécurité sociale ({what}).",
            action="L'écrire sans rien qui désigne le patient : la facture suffit à le retrouver.",
        )
    return line
