"""Recomputes the transfers of the demo from the text of its fixtures alone: no code of `fse`, no layout.

    python tests/oracles/demo_transfers.py

A sheet of a day is numbered in the order of the documents; the payer answers a day's file by one transfer. What the
scenario does not name is paid as asked; a line rejected is not paid; a part rejected or silent is not paid.
Sources: fixtures/demo; b2.md 6 (payee codes); precisions.md (scenario file, line reject).
"""

from __future__ import annotations

import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "demo"
CANCELLED = {6}
"""Number that the story of the demo cancels before its lot is signed."""

PAID_TO_THE_DOCTOR = {"00": (), "05": ("amo",), "15": ("amo", "amc"), "25": ("amc",)}


def transfers(folder: Path = DEMO) -> dict[str, int]:
    """Centimes of the transfer that answers each day's document, by the name of the document."""
    scenario = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
    wanted = {one["numero"]: one for one in scenario["reponse"]}
    amounts: dict[str, int] = {}
    numero = 0
    for path in sorted(folder.glob("visites-*.xml")):
        amounts[path.name] = 0
        for facture in ElementTree.parse(path).getroot().iter("facture"):
            numero += 1
            if numero not in CANCELLED:
                amounts[path.name] += _paid(facture, wanted.get(numero, {}))
    return amounts


def _paid(facture: ElementTree.Element, reponse: dict[str, Any]) -> int:
    if reponse.get("silence"):
        return 0
    payee = facture.findtext("destinataire_reglement") or ""
    return sum(_part(facture, reponse, part) for part in PAID_TO_THE_DOCTOR[payee])


def _part(facture: ElementTree.Element, reponse: dict[str, Any], part: str) -> int:
    said = reponse.get(part, {})
    if said.get("etat", "P") != "P":
        return 0
    if "montant" in said:
        return int(said["montant"])
    letter = "O" if part == "amo" else "C"
    refused = {reject["ligne"] for reject in reponse.get("rejets", ()) if reject["niveau"] == "L"
               and reject.get("partie", "O") == letter}  # fmt: skip
    lines = [int(line.findtext(f"montant_{part}") or 0) for line in facture.iter("prestation")]
    return sum(amount for rank, amount in enumerate(lines, start=1) if rank not in refused)


if __name__ == "__main__":
    for name, amount in transfers().items():
        print(f"{name}: {amount} centimes")
