"""Who sees what: a practitioner their own invoices and amounts, a secretary those of all.

This is a view and not a lock: whoever holds the key of the journal can read all of it. `[[utilisateurs]]` of
`cabinet.toml` says who is who, by the name of the session (or FSE_UTILISATEUR).
"""

from __future__ import annotations

from fse.app.operations.cabinet import Cabinet
from fse.base.errors import UsageError


def visible_prestataires(cabinet: Cabinet, utilisateur: str, praticien: str | None = None) -> tuple[str, ...] | None:
    """The prestataires that a user sees, `None` for all; `praticien` narrows it to one of them.

    All users see all when the practice declares none. Names are compared without their case.
    Raises `UsageError`: `utilisateur.inconnu`, `utilisateur.autre_praticien`, and that of `require_praticien`.
    """
    seen = _seen(cabinet, utilisateur)
    if praticien is None:
        return seen
    require_praticien(cabinet, praticien)
    if seen is not None and praticien not in seen:
        raise UsageError(
            "utilisateur.autre_praticien",
            f"{utilisateur} ne voit pas les factures du praticien {praticien}.",
            action="Demander à une personne qui voit tout, ou compléter ses praticiens dans [[utilisateurs]].",
        )
    return (praticien,)


def require_praticien(cabinet: Cabinet, praticien: str) -> None:
    """Raises `UsageError` (`praticien.inconnu`) when the practice does not have this prestataire."""
    if cabinet.prestataire(praticien) is None:
        known = ", ".join(f"{one.numero} ({one.nom})" for one in cabinet.prestataires)
        raise UsageError(
            "praticien.inconnu",
            f"Aucun praticien du cabinet n'a le numéro {praticien}.",
            action=f"Donner l'un de ceux-ci : {known}.",
        )


def _seen(cabinet: Cabinet, utilisateur: str) -> tuple[str, ...] | None:
    if not cabinet.utilisateurs:
        return None
    name = utilisateur.casefold()
    found = next((one for one in cabinet.utilisateurs if one.nom.casefold() == name), None)
    if found is None:
        raise UsageError(
            "utilisateur.inconnu",
            f"{utilisateur} n'est pas un des utilisateurs du cabinet.",
            action="L'ajouter à [[utilisateurs]] dans cabinet.toml, ou donner son nom par FSE_UTILISATEUR.",
        )
    return found.praticiens or None
