"""What a profile names must exist, and what it gives must be possible: checked when a practice loads it."""

from __future__ import annotations

from difflib import get_close_matches

from fse.base.errors import UsageError
from fse.norm.referentiels.ngap.actes import actes
from fse.norm.referentiels.ngap.regles import regles
from fse.norm.referentiels.parametres import parametres
from fse.norm.referentiels.profils import Profil

_WHOLE = {"pour_cent": 100, "pour_mille": 1000}


def check_profil(profil: Profil) -> None:
    """Raises `UsageError`: `profil.nom_inconnu`, `profil.valeur`."""
    known = {*parametres(), *regles(), *actes()}
    for nom in sorted(profil.active - known):
        raise _unknown(profil, nom, known)
    for one in profil.valeurs:
        if one.nom not in parametres():
            raise _unknown(profil, one.nom, set(parametres()))
        most = _WHOLE.get(parametres()[one.nom].unite)
        if most is not None and one.valeur > most:
            raise UsageError(
                "profil.valeur",
                f"Le profil « {profil.nom} » donne {one.valeur} à « {one.nom} », qui est au plus {most}.",
                action="Corriger la valeur dans le profil, dans l'unité du paramètre (docs/regles.md).",
            )


def _unknown(profil: Profil, nom: str, known: set[str]) -> UsageError:
    near = get_close_matches(nom, sorted(known), n=3)
    return UsageError(
        "profil.nom_inconnu",
        f"Le profil « {profil.nom} » nomme « {nom} », qui n'est ni un paramètre, ni une règle, ni un acte.",
        action=f"Corriger ce nom{' : ' + ', '.join(near) if near else ''} (docs/regles.md les donne tous).",
    )
