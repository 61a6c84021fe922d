"""What must not leave any more, whoever sends it: what a payer turned out to have, and what would be paid twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from fse.app.operations.cabinet import Cabinet
from fse.base.findings import Finding, finding
from fse.infra.journal.facts import fichiers_emis
from fse.infra.journal.facts.exchanges import envois
from fse.infra.journal.facts.exchanges.transmissions import decisions_of, is_resend
from fse.infra.journal.facts.fichiers_emis import FichierEmisRow
from fse.infra.journal.transaction import Reading

if TYPE_CHECKING:
    from fse.domain.echeances.transmission import Transmission


def is_needless(reading: Reading, cabinet: Cabinet, emetteur: str, identifiant: str, le: date) -> bool:
    """True of a file that must not leave any more: made to send again what a payer turned out to have, what is
    corrected or on paper, or what must leave otherwise; or whose invoices were freed for new lots.
    """
    again = is_resend(reading, emetteur, identifiant)
    keys = fichiers_emis.lots_of(reading, emetteur, identifiant)
    decided = decisions_of(reading, keys)
    if not again and not decided:
        return False
    from fse.app.operations.transmission.lots import lots_told  # late: of most files nothing was ever decided

    held = lots_told(reading, cabinet, keys, le)
    if held and all("relot" in decided.get(one.key, ()) for one in held):
        return True
    return again and all(_leaves_no_more(one.transmission) for one in held)


def _leaves_no_more(told: Transmission) -> bool:
    return told.etat in ("recu", "remplace", "a_refaire") or told.suite == "relot"


def forbidden(reading: Reading, fichier: FichierEmisRow) -> Finding | None:
    """Why this file must not leave, whoever sends it: a sheet of it would be paid twice.

    Its bytes are frozen: what one of its sheets forbids, it forbids to all.
    """
    key = fichier.emetteur, fichier.identifiant
    on_paper, corrected = envois.sheets_on_paper(reading, *key), envois.sheets_corrected(reading, *key)
    if not on_paper and not corrected:
        return None
    code, numeros = "transport.feuilles_sur_papier", on_paper
    if not on_paper:
        code, numeros = "transport.feuilles_corrigees", corrected
    autres = _numbers(envois.sheets_left(reading, *key))
    return finding(code, fichier=fichier.nom, numeros=_numbers(numeros), autres=autres)


def _numbers(numeros: Iterable[int]) -> str:
    return ", ".join(f"{numero:09d}" for numero in numeros)
