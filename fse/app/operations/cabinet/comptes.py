"""The bank accounts of a practice: numbers that hold, each once, of people whom its returns can pay."""

from __future__ import annotations

from fse.app.operations.cabinet.description import Cabinet
from fse.base.identifiers import compte


def account_problem(cabinet: Cabinet) -> str | None:
    """What is wrong with the accounts of a practice, in French."""
    payable = {one.numero for one in cabinet.prestataires} | {one.beneficiaire for one in cabinet.mandats}
    seen: set[str] = set()
    for rank, one in enumerate(cabinet.comptes, start=1):
        where = f"Dans comptes n° {rank} : "
        if not one.nom.strip():
            return f"{where}le nom est vide."
        if problem := compte.problem(one.compte):
            return f"{where}{problem}."
        if one.numero in seen:
            return f"{where}ce compte figure deux fois."
        if unknown := [numero for numero in one.prestataires if numero not in payable]:
            return f"{where}{unknown[0]} n'est ni un des [[prestataires]] ni le bénéficiaire d'un des [[mandats]]."
        seen.add(one.numero)
    return "delai_virement est un nombre de jours." if cabinet.delai_virement < 0 else None
