"""How many sessions a second are priced on one core, beside what their lines alone cost.

The sessions are the month of the nurse and that of the speech therapist of the demo, each with what was billed before.
"""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.pairs import Target, interleave, longer, processor, rate
from benchmarks.results import Report
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.cotation.historique import billed, soins_of
from fse.app.operations.cotation.seances import bareme_of
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.moteur import price
from fse.domain.cotation.situation import Historique, Situation, SoinPasse, executant_of
from fse.norm.codec import documents
from fse.norm.model.facture import Prestation
from fse.norm.model.saisie import Saisie
from fse.norm.model.soins import Seance

PRICED = Target("at least", 1_000)
"""Sessions a second."""

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "demo"
Work = tuple[Seance, Situation, Historique, Bareme]


def month(folder: Path) -> list[tuple[Work, SeanceCotee]]:
    """The sessions of a month of the demo, as pricing takes them, and priced."""
    cabinet = load_cabinet(folder / "cabinet.toml")
    found: list[tuple[Work, SeanceCotee]] = []
    past: list[SoinPasse] = []
    for path in sorted(folder.glob("soins-*.xml")):
        document, _ = documents.read(path.read_bytes())
        assert document is not None
        for saisie in document.factures:
            prestataire = cabinet.prestataire(saisie.facture.prestataire)
            assert prestataire is not None
            assert saisie.soins is not None
            situation = situation_of(saisie, prestataire.profession)
            for seance in saisie.soins.seances:
                bareme = bareme_of(prestataire.territoire, cabinet.profil, cabinet.cotation.regime)
                mine, day = executant_of(seance, situation), seance.date_soins
                historique = Historique(
                    patient=tuple(one for one in past if one.patient == situation.patient),
                    executant=tuple(one for one in past if one.executant == mine and one.date_soins == day),
                )
                work = seance, situation, historique, bareme
                cotee = price(*work)
                past.extend(soins_of(saisie.facture.prestataire, situation.patient, billed([seance], [cotee])))
                found.append((work, cotee))
    return found


def situation_of(saisie: Saisie, profession: str) -> Situation:
    """Who is cared for and by whom."""
    assert saisie.soins is not None
    facture = saisie.facture
    return Situation(
        prestataire=facture.prestataire,
        profession=profession,
        patient=facture.assure.nir + facture.beneficiaire.date_naissance,
        date_naissance=facture.beneficiaire.date_naissance,
        nature_assurance=facture.nature_assurance,
        exoneration=facture.exoneration,
        taux=saisie.soins.taux,
        taux_amc=saisie.soins.taux_amc,
    )


def run(rounds: int, _scale: float = 1) -> Report:
    """Measure both months; they are what they are, whatever the scale."""
    report = Report(
        name="cotation",
        title="Pricing sessions",
        compared="A session priced: rules, history, explanation, lines; beside the same lines built and checked by the "
        "model from amounts that are known. The months of the nurse and of the speech therapist of the demo, processor "
        "time of one thread.",
        not_compared="Reading the day's document, and keeping what was priced.",
        rounds=rounds,
    )
    for folder in sorted(path.parent for path in DEMO.glob("*/soins-*.xml")):
        done = month(folder)
        lines = [
            {one.name: getattr(ligne.prestation, one.name) for one in fields(Prestation)}
            for _, cotee in done
            for ligne in cotee.lignes
            if ligne.prestation is not None
        ]
        priced, bare = folder.name, f"{folder.name}, lines alone"
        ways = {
            bare: processor(partial(_build, lines), len(done)),
            priced: processor(partial(_price, [work for work, _ in done]), len(done)),
        }
        costs = interleave(ways, rounds)
        report.figures += [rate(costs, bare, "sessions/s"), rate(costs, priced, "sessions/s", PRICED)]
        report.ratios.append(longer(costs, priced, bare))
    return report


def _build(lines: list[dict[str, Any]]) -> None:
    for one in lines:
        Prestation(**one)


def _price(works: list[Work]) -> None:
    for work in works:
        price(*work)
