"""What the simulator receives: one B2 file cut into lots, and the refusal of anything not marked test or demo.

Nothing is judged here but whether this is a file that may be answered at all; the rest is `judgement`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fse.base.errors import FseError, UnreadableError, UsageError
from fse.base.findings import Finding, finding
from fse.norm.codec.b2.reading import RawLot, raw_lots, read_entete_fichier
from fse.norm.codec.b2.seals import EDITION
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, FileStart
from fse.norm.model import EnteteFichier, ModelError

MARQUES = ("T", "D")
_ENVELOPE = ("000", "999")
_MARKED = ("2", "6")
"""Records that carry the marking of the flow; a blank means real (precisions, "Real flow")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flux:
    """A B2 file of test or demo. `entete` is `None` when nobody could be answered; `defauts` then says why."""

    entete: EnteteFichier | None
    marque: str
    lots: tuple[RawLot, ...]
    defauts: tuple[Finding, ...]
    """Errors of the file as a whole (framing, envelope, counts of its 999): with one of them no lot is answered."""


def receive(data: bytes) -> Flux:
    """The lots of one B2 file.

    Raises `UnreadableError` (`lecture.pas_a_nous`, `caisse.pas_un_b2`) and `UsageError` (`caisse.plusieurs_fichiers`,
    `caisse.flux_reel`, `caisse.marques_melees`).
    """
    starts: list[FileStart] = []
    rows: list[EntityRow] = []
    loose: list[Finding] = []
    for item in read([data]):
        if isinstance(item, FileStart):
            starts.append(item)
        elif isinstance(item, EntityRow):
            rows.append(item)
        elif isinstance(item, Finding):
            loose.append(item)
    _check_edition(starts)
    marque = _marque(rows)
    envelope = [row for row in rows if row.type in _ENVELOPE]
    entete, unreadable = _entete(envelope)
    found = [*loose, *(one for row in envelope for one in row.constats), *unreadable]
    return Flux(
        entete=entete,
        marque=marque,
        lots=tuple(raw_lots(rows)),
        defauts=tuple(one for one in found if one.is_error),
    )


def _check_edition(starts: Sequence[FileStart]) -> None:
    for start in starts:
        if start.edition is not EDITION:
            raise UnreadableError(
                "caisse.pas_un_b2",
                f"Ce fichier n'est pas de l'édition « {EDITION.libelle} » : la caisse simulée ne répond qu'à elle.",
                action="Donner le fichier .b2 écrit par « fse emettre ».",
            )
    if len(starts) > 1:
        raise UsageError(
            "caisse.plusieurs_fichiers",
            "Plusieurs fichiers B2 se suivent dans ce contenu.",
            action="Les donner séparément, chacun avec les signatures de ses lots.",
        )


def _marque(rows: Sequence[EntityRow]) -> str:
    found = {row.valeurs["marque"] for row in rows if row.type in _MARKED and row.layout is not None}
    if not found or not found <= set(MARQUES):
        raise _refusal(
            "caisse.flux_reel",
            "Ce flux n'est pas marqué test ou démonstration de bout en bout (une marque à blanc veut dire réel) : "
            "la caisse simulée n'y répond pas.",
        )
    if len(found) > 1:
        raise _refusal("caisse.marques_melees", "Ce flux mêle des factures de test et de démonstration.")
    return str(found.pop())


def _refusal(code: str, message: str) -> FseError:
    return UsageError(code, message, action="Ne donner que des flux de test, ou que des flux de démonstration.")


def _entete(envelope: Sequence[EntityRow]) -> tuple[EnteteFichier | None, list[Finding]]:
    head = next((row for row in envelope if row.type == "000" and row.layout is not None), None)
    if head is None:
        return None, [
            finding("caisse.entete_illisible", raison="L'enregistrement 000 n'a pas la longueur de la norme.")
        ]
    try:
        return read_entete_fichier(head), []
    except ModelError as error:
        return None, [finding("caisse.entete_illisible", raison=error.message)]
