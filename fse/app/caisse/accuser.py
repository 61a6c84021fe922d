"""`accuser`: the acknowledgements of the payer simulator. Bytes in, bytes out; nothing is read or written here.

for accuse in accuser([Envoi(data, {1: p7s_du_lot_1})], read_scenario(toml), date(2025, 3, 20), [ancre_pem]):
    ...  # accuse.fichier.nom, accuse.fichier.contenu, accuse.lots
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from fse.app.caisse.acknowledging.decision import CleLot, LotDecide, arrived, decide
from fse.app.caisse.acknowledging.files import FichierArl, arl_file
from fse.app.caisse.judgement import judge
from fse.app.caisse.month import Envoi
from fse.app.caisse.reception import receive
from fse.app.caisse.scenario import AccuseVoulu, Scenario
from fse.base.findings import Finding

__all__ = ["Accusation", "Envoi", "FichierArl", "LotDecide", "accuser", "unused_accuses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accusation:
    """What is acknowledged of one B2 file. `fichier`: the ARL, `None` when there is nothing to write.

    `lots`: the decision on each of its lots, those of which nothing is written included. `constats`: why lots are
    refused, and what was not proved of the others.
    """

    fichier: FichierArl | None
    lots: tuple[LotDecide, ...]
    constats: tuple[Finding, ...]


def accuser(
    envois: Sequence[Envoi],
    scenario: Scenario,
    le: date,
    ancres: Sequence[bytes] = (),
    recus: Collection[CleLot] = (),
) -> list[Accusation]:
    """One acknowledgement a B2 file, in their order. The same arguments give the same bytes.

    `le` is the day of the acknowledgements; `recus` are the lots that the caisse has from before: they, and those that
    stand in two of the files, are refused as received already.
    Raises `UnreadableError`, `UsageError` and `SignatureError` as `repondre` does. Nothing is acknowledged then.
    """
    known = set(recus)
    found = []
    for envoi in envois:
        flux = receive(envoi.data)
        jugement = judge(flux, envoi.signatures, ancres)
        lots = decide(flux, jugement, scenario, le, known)
        known.update(arrived(lots))
        doubts = tuple(one for lot in jugement.lots for one in lot.constats)
        reasons = tuple(one for lot in jugement.refuses for one in lot.motifs)
        constats = flux.defauts or (*reasons, *doubts)
        found.append(Accusation(fichier=arl_file(flux, lots, le), lots=lots, constats=constats))
    return found


def unused_accuses(scenario: Scenario, accusations: Sequence[Accusation]) -> tuple[AccuseVoulu, ...]:
    """The acknowledgements wanted of lots that no file holds: a number mistyped, most often."""
    used = {lot.voulu for one in accusations for lot in one.lots}
    return tuple(one for one in scenario.accuses if one not in used)
