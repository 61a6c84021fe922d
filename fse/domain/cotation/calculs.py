"""How an amount differs from coefficient × value, by the name of the rule that says it, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.domain.cotation.dossier import Dossier
from fse.norm.referentiels.ngap.regles import Calcul

Compute = Callable[[Dossier, Calcul], None]

CALCULS: Mapping[str, Compute] = {}
