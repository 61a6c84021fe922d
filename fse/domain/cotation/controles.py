"""What fse verifies in a session by code, by the name of the rule that says it, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.domain.cotation.dossier import Dossier
from fse.norm.referentiels.ngap.regles import Controle

Check = Callable[[Dossier, Controle], None]

CONTROLES: Mapping[str, Check] = {}
