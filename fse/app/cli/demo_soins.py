"""The months of a nurse, a speech therapist and a doctor in the demo: care priced, explained, secured and emitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fse.app.cli.coter_output import cotation_json, print_explained, print_profile, print_totals
from fse.app.cli.emettre import print_emission

MOIS = "soins-2026-10.xml"
FIN_DU_MOIS = date(2026, 10, 31)

Show = Callable[..., None]
"""How a result is told: its printer, what it prints, and the data that JSON says instead of it."""


@dataclass(frozen=True, slots=True)
class Professionnel:
    """Whose month it is: the folder of the demo, the title of its act, the invoice and the session explained."""

    dossier: str
    titre: str
    facture: int
    seance: int


PROFESSIONNELS = (
    Professionnel("infirmiere", "le mois d'une infirmière, tarifé acte par acte", 2, 2),
    Professionnel("orthophoniste", "le mois d'une orthophoniste, séries et bilans comptés", 1, 1),
    Professionnel("medecin", "le mois d'une médecin généraliste, de la consultation à la nuit de garde", 13, 1),
)


def tell_month(folder: Path, who: Professionnel, password: str, cle_journal: str, show: Show) -> None:
    """Price the month of one professional, explain one session of it, then secure and emit it."""
    from fse.app.operations.cabinet import load_cabinet
    from fse.app.operations.clock import now
    from fse.app.operations.coter import coter
    from fse.app.operations.emettre import emettre
    from fse.app.operations.practice import open_practice
    from fse.infra.keys.pkcs12 import open_pkcs12
    from fse.infra.keys.trial_pki import create_test_key

    cabinet = load_cabinet(folder / who.dossier / "cabinet.toml")
    (praticien,) = cabinet.prestataires
    create_test_key(cabinet.folder / "cles", password, praticien.nom, praticien.numero, now())
    signer = open_pkcs12(cabinet.folder / praticien.cle, password)
    with open_practice(cabinet, cle_journal) as practice:
        (cotation,) = coter(cabinet, [(cabinet.folder / MOIS).read_bytes()], practice)
        explained = cotation.factures[who.facture - 1]

        def tell(*_: Any) -> None:
            print_profile(cabinet, counted_past=True)
            print_totals(MOIS, cotation)
            print_explained(explained, who.seance)

        show(tell, cotation, data=cotation_json(MOIS, cotation, cabinet))
        emission = emettre(
            practice, cabinet.folder / "envoi", lambda *_: signer, entrees=[cotation.xml()], le=FIN_DU_MOIS
        )
        show(print_emission, emission)
