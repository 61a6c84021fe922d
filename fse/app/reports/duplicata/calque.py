"""The overlay of a duplicate: its values alone, at the millimetres of a calibration; nothing is cut or left out.

A character has one width (a monospaced font), so that what would leave the sheet is seen before it is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from fse.app.operations.duplicata import Duplicata
from fse.app.reports.duplicata.calage import Calage, Colonne, Place, refusal
from fse.app.reports.duplicata.valeurs import OBLIGATOIRES, TOTAUX, valeurs, valeurs_ligne
from fse.app.reports.pdf import make_pdf
from fse.app.reports.templates import fill
from fse.norm.model.facture import Prestation

_POINT = 25.4 / 72
"""A point in millimetres."""

_WIDTH = 0.602
"""Width of a character for a size of 1: that of DejaVu Sans Mono, the widest of the fonts of the template."""

_ANCHORS = {"gauche": "start", "droite": "end", "centre": "middle"}
_LEFT_OF = {"gauche": 0.0, "droite": 1.0, "centre": 0.5}

_SHEET = "feuille"
"""The value that says which sheet this is, when the acts need more than one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texte:
    """One text of a sheet: millimetres, `corps` the size of the characters."""

    texte: str
    x: float
    y: float
    corps: float
    ancre: str


def calque(duplicata: Duplicata, calage: Calage) -> bytes:
    """The PDF of the values, one sheet for as many acts as the form has lines.

    Raises `UsageError`: `calage.nom_inconnu`, `calage.obligatoire`, `calage.place_absente` (a value that the sheet has
    and the calibration has no place for), `calage.trop_long`, `calage.hors_page`.
    """
    acts = [valeurs_ligne(duplicata, one) for one in duplicata.facture.prestations]
    said = valeurs(duplicata) | {_SHEET: ""}
    _check_names(calage, said, acts[0])
    sheets = _sheets(duplicata.facture.prestations, calage.lignes.nombre)
    pages = []
    for rank, sheet in enumerate(sheets, start=1):
        one = said | {_SHEET: f"{rank}/{len(sheets)}" if len(sheets) > 1 else ""}
        if rank < len(sheets):
            one = {name: value for name, value in one.items() if name not in TOTAUX}
        lines = [valeurs_ligne(duplicata, act) for act in sheet]
        pages.append([*_once(one, calage), *_lines(lines, calage)])
    html = fill("duplicata/calque.html", d=duplicata, calage=calage, pages=pages)
    return make_pdf(html, duplicata.demande.le)


def _sheets(acts: Sequence[Prestation], nombre: int) -> list[Sequence[Prestation]]:
    return [acts[start : start + nombre] for start in range(0, len(acts), nombre)]


def _check_names(calage: Calage, said: Mapping[str, str], act: Mapping[str, str]) -> None:
    if calage.lignes.nombre < 1:
        raise refusal("calage.valeur", "La clé « nombre » dans lignes est 1 au moins.", calage.lieu)
    for names, known in (
        ((*calage.champs, *(one.champ for one in calage.cases)), said.keys()),
        (calage.lignes.colonnes, act.keys()),
        (calage.absents, said.keys() | act.keys()),
    ):
        for name in names:
            if name not in known:
                raise refusal("calage.nom_inconnu", f"Aucune valeur ne s'appelle « {name} » ici.", calage.lieu)
    for name in calage.absents:
        if name in OBLIGATOIRES:
            raise refusal("calage.obligatoire", f"Un duplicata dit toujours « {name} ».", calage.lieu)


def _once(said: Mapping[str, str], calage: Calage) -> Iterator[Texte]:
    for name, value in said.items():
        if not value:
            continue
        boxes = [one for one in calage.cases if (one.champ, one.valeur) == (name, value)]
        if name in calage.champs:
            yield from _placed(name, value, calage.champs[name], calage)
        elif not boxes and name not in calage.absents:
            raise _no_place(name, "champs", calage)
        for box in boxes:
            yield from _placed(name, "X", Place(x=box.x, y=box.y, alignement="centre"), calage)


def _lines(acts: Sequence[Mapping[str, str]], calage: Calage) -> Iterator[Texte]:
    for rank, act in enumerate(acts):
        y = calage.lignes.y + rank * calage.lignes.pas
        for name, value in act.items():
            if not value:
                continue
            column = calage.lignes.colonnes.get(name)
            if column is not None:
                yield from _placed(name, value, _at(column, y), calage)
            elif name not in calage.absents:
                raise _no_place(name, "lignes.colonnes", calage)


def _at(column: Colonne, y: float) -> Place:
    return Place(
        x=column.x,
        y=y,
        taille=column.taille,
        alignement=column.alignement,
        pas=column.pas,
        caracteres=column.caracteres,
    )


def _placed(name: str, value: str, place: Place, calage: Calage) -> Iterator[Texte]:
    """The texts that a value makes: one, one a line, or one a box."""
    corps = (place.taille or calage.taille) * _POINT
    x, y = place.x + calage.decalage_x, place.y + calage.decalage_y
    if place.pas:
        boxed = [one for one in value if one.isalnum()]
        if place.caracteres and len(boxed) > place.caracteres:
            raise _too_long(name, len(boxed), place, calage)
        texts = [(one, x + rank * place.pas, y) for rank, one in enumerate(boxed)]
    else:
        lines = wrap(value, place.caracteres, break_on_hyphens=False) if place.caracteres else [value]
        if place.caracteres and (len(lines) > place.lignes or any(len(one) > place.caracteres for one in lines)):
            raise _too_long(name, len(value), place, calage)
        texts = [(one, x, y + rank * place.interligne) for rank, one in enumerate(lines)]
    for text, left, base in texts:
        width = len(text) * _WIDTH * corps
        start = left - _LEFT_OF[place.alignement] * width
        if start < 0 or start + width > calage.largeur or not corps <= base <= calage.hauteur:
            raise refusal("calage.hors_page", f"« {name} » sortirait de la page : rien n'est imprimé.", calage.lieu)
        yield Texte(texte=text, x=left, y=base, corps=corps, ancre=_ANCHORS[place.alignement])


def _no_place(name: str, where: str, calage: Calage) -> Exception:
    return refusal(
        "calage.place_absente",
        f"Cette feuille a une valeur « {name} », que le calage ne place pas dans « {where} ».",
        calage.lieu,
    )


def _too_long(name: str, length: int, place: Place, calage: Calage) -> Exception:
    room = f"{place.lignes} × {place.caracteres}" if place.lignes > 1 else str(place.caracteres)
    return refusal(
        "calage.trop_long",
        f"« {name} » a {length} caractères, et sa place en a {room} : rien n'est coupé.",
        calage.lieu,
    )
