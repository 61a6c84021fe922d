"""How many sessions a second are priced on one core, beside what their lines alone cost.

    .venv/bin/python -m benchmarks.cotation [--rounds 20]

    lines       the lines of the sheet, built and checked by the model, from amounts that are known: the floor
    priced      `moteur.price`: rules, history, explanation, the same lines          at least 1 000 sessions a second

The sessions are the month of the nurse and that of the speech therapist of the demo, each with what was billed before.
The first round is not counted. Time of this processor thread: nothing here waits, and what other programs take
meanwhile is not ours. The status is 1 when the median of `priced` is below its target.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from statistics import median

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.cotation.facture import bareme_of
from fse.app.operations.cotation.historique import billed, soins_of
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.moteur import price
from fse.domain.cotation.situation import Historique, Situation, SoinPasse, executant_of
from fse.norm.codec import documents
from fse.norm.model.facture import Prestation
from fse.norm.model.saisie import Saisie
from fse.norm.model.soins import Seance

TARGET = 1000
"""Sessions a second."""

DEMO = Path(__file__).resolve().parents[1] / "fixtures" / "demo"
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
                mine, day = executant_of(seance, situation), seance.date_soins
                historique = Historique(
                    patient=tuple(one for one in past if one.patient == situation.patient),
                    executant=tuple(one for one in past if one.executant == mine and one.date_soins == day),
                )
                work = seance, situation, historique, bareme_of(prestataire.territoire, cabinet.profil)
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


def measure(ways: dict[str, Callable[[], object]], sessions: int, rounds: int) -> dict[str, float]:
    """Sessions a second for each way, the median of its rounds; the ways take turns to be first."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for round_number in range(rounds + 1):
        turn = round_number % len(names)
        for name in names[turn:] + names[:turn]:
            start = time.thread_time()
            ways[name]()
            if round_number:
                rates[name].append(sessions / (time.thread_time() - start))
    return {name: median(values) for name, values in rates.items()}


def main(arguments: Sequence[str]) -> int:
    """Measure both months."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args(arguments).rounds
    slow = False
    for folder in sorted(path.parent for path in DEMO.glob("*/soins-*.xml")):
        done = month(folder)
        lines = [
            {one.name: getattr(ligne.prestation, one.name) for one in fields(Prestation)}
            for _, cotee in done
            for ligne in cotee.lignes
            if ligne.prestation is not None
        ]
        rates = measure(
            {
                "lines": lambda lines=lines: [Prestation(**one) for one in lines],
                "priced": lambda done=done: [price(*work) for work, _ in done],
            },
            len(done),
            rounds,
        )
        print(f"{folder.name}: {len(done)} sessions, {len(lines)} lines")
        for name, rate in rates.items():
            print(f"  {name:8} {rate:10,.0f} sessions a second")
        slow |= rates["priced"] < TARGET
    return int(slow)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
