"""A nurse's practice that works in one network (fixtures/cotation/reseau/description), and documents of services."""

from __future__ import annotations

import shutil
from pathlib import Path

from fse.app.operations.practice import Practice
from tests.app import cabinet as plain
from tests.app.cabinet import PATIENTS, PRESTATAIRE
from tests.app.cotation.care import NURSE, new_practice
from tests.domain.cotation.network_cases import DESCRIPTION

NETWORK = "00000000000997"
WITH_NETWORKS = NURSE.replace("[emetteur]", '[reseaux]\ndossier = "reseaux"\n\n[emetteur]', 1)


def write_network(folder: Path, text: str | None = None) -> Path:
    """The description of the network where the practice looks for it."""
    place = folder / "reseaux" / "gerontologie.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        shutil.copy(DESCRIPTION, place)
    else:
        place.write_text(text, encoding="utf-8")
    return place


def network_practice(folder: Path) -> Practice:
    """A practice with an empty journal and its network."""
    write_network(folder)
    return new_practice(folder, WITH_NETWORKS)


def member(debut: str = "2026-01-01", fin: str = "", reseau: str = NETWORK) -> str:
    """The membership of a patient."""
    end = f"<fin>{fin}</fin>" if fin else ""
    return f"<adhesion_reseau><reseau>{reseau}</reseau><debut>{debut}</debut>{end}</adhesion_reseau>"


def service(
    reference: str,
    code: str = "EDU",
    jour: str = "2026-09-15",
    *,
    professionnel: str = PRESTATAIRE,
    patient: int = 0,
    present: bool = True,
    adhesion: str = "",
) -> str:
    """One service in XML."""
    nir, cle, naissance = PATIENTS[patient]
    return (
        f'<derogatoire reference="{reference}">{adhesion or member()}<code>{code}</code>'
        f"<professionnel>{professionnel}</professionnel><date>{jour}</date>"
        f"<patient_present>{str(present).lower()}</patient_present>"
        f"<assure><nir>{nir}</nir><cle_nir>{cle}</cle_nir><regime>01</regime><caisse>998</caisse>"
        f"<centre>0000</centre></assure><beneficiaire><date_naissance>{naissance}</date_naissance></beneficiaire>"
        "</derogatoire>"
    )


document = plain.document
