"""Ranges reserved to workstations that have each their own journal: none may give a number that another gives.

Invoice numbers are reserved prestataire by prestataire, lots and files by `[poste]`. What the others have reserved is
told by `[[autres_postes]]`: a journal of its own knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from fse.app.operations.cabinet.description import AutrePoste, Cabinet, Poste, Prestataire
from fse.base.plages import FACTURES, FICHIERS, LOTS, Plage

_Named = tuple[str, Plage, Plage]
"""What a range is called, the range, all that there is."""


def range_problem(cabinet: Cabinet) -> str | None:
    """What is wrong with the ranges of a practice, in French."""
    for name, plage, whole in _ranges(cabinet):
        if plage.premier > plage.dernier:
            return f"{name} : le premier numéro ({plage.premier}) passe le dernier ({plage.dernier})."
        if plage.premier < whole.premier or plage.dernier > whole.dernier:
            return f"{name} : une plage va de {whole} au plus, pas de {plage}."
        if plage == whole:
            return f"{name} : cette plage prend tout, les autres postes n'auraient aucun numéro."
    return _missing(cabinet) or _crossing(cabinet)


def _ranges(cabinet: Cabinet) -> Iterator[_Named]:
    for one in cabinet.prestataires:
        if one.premier_numero or one.dernier_numero:
            yield _of(one), Plage(one.premier_numero, one.dernier_numero), FACTURES
    for poste in _postes(cabinet):
        lots, fichiers = _reserved(poste)
        yield f"Lots du poste {poste.nom}", lots, LOTS
        yield f"Fichiers du poste {poste.nom}", fichiers, FICHIERS
    for other in cabinet.autres_postes:
        yield f"Numéros du poste {other.nom}", Plage(other.premier_numero, other.dernier_numero), FACTURES


def _postes(cabinet: Cabinet) -> list[Poste | AutrePoste]:
    """This workstation first."""
    return [*([cabinet.poste] if cabinet.poste else []), *cabinet.autres_postes]


def _of(one: Prestataire) -> str:
    return f"Numéros du prestataire {one.numero}"


def _reserved(poste: Poste | AutrePoste) -> tuple[Plage, Plage]:
    return Plage(poste.premier_lot, poste.dernier_lot), Plage(poste.premier_fichier, poste.dernier_fichier)


def _missing(cabinet: Cabinet) -> str | None:
    """One workstation of several reserves all that it gives: invoice numbers, lots and files."""
    ranged = [one for one in cabinet.prestataires if one.dernier_numero]
    if cabinet.poste is None:
        if ranged or cabinet.autres_postes:
            return "Des numéros sont réservés à ce poste, mais [poste] ne lui réserve ni lots ni fichiers."
        return None
    if not cabinet.poste.nom.strip():
        return "[poste] a un nom."
    bare = [one for one in cabinet.prestataires if one.numeros == "alloues" and not one.dernier_numero]
    if bare:
        return f"{_of(bare[0])} : premier_numero et dernier_numero les réservent à ce poste, comme [poste] les lots."
    return None


def _crossing(cabinet: Cabinet) -> str | None:
    """The ranges of two workstations that share a number."""
    postes = _postes(cabinet)
    names = [poste.nom.casefold() for poste in postes]
    if len(set(names)) != len(names):
        return "Deux postes portent le même nom."
    for rank, one in enumerate(postes):
        for other in postes[rank + 1 :]:
            for what, mine, theirs in zip(("lots", "fichiers"), _reserved(one), _reserved(other), strict=True):
                if mine.crosses(theirs):
                    return f"Les {what} des postes {one.nom} ({mine}) et {other.nom} ({theirs}) se croisent."
    for other in cabinet.autres_postes:
        theirs = Plage(other.premier_numero, other.dernier_numero)
        for prestataire in cabinet.prestataires:
            if prestataire.dernier_numero and prestataire.plage.crosses(theirs):
                return f"{_of(prestataire)} : {prestataire.plage} croise ceux du poste {other.nom} ({theirs})."
    return None
