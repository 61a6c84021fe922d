"""The report of a run: what was read, set aside and matched, where the money stands, and how long each phase took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fse.app.masse.ledger import Result
from fse.app.masse.matching.facts import Facts
from fse.app.masse.matching.returned import Returns
from fse.app.masse.reading.files import LIEN_DE_DOSSIER, LIEN_ROMPU, PAS_UN_FICHIER, Laisse, Unite, shown
from fse.app.masse.reading.findings import Findings
from fse.app.masse.work import Echec, Travail
from fse.base.findings import catalogue

_LISTED = ("chemin", "octet", "empreinte", "emetteur", "identifiant", "motif")


@dataclass(frozen=True, slots=True)
class Rapport:
    """`content`: the report as `rapport.json` holds it. `status`: exit status, 1 when something must be looked at."""

    content: dict[str, Any]

    @property
    def status(self) -> int:
        found = self.content
        doubles = bool(found["archives"] and found["archives"]["en_double"])
        wrong = bool(found["ecartes"] or found["laisses"] or found["echecs"] or doubles)
        return int(wrong or any(not one["tenue"] for one in found["conservation"]))


def report_of(
    files: Any,
    read: Mapping[str, Result],
    matched: Mapping[str, Any],
    *,
    phases: Mapping[str, float],
    works: Sequence[Travail],
    unites: Sequence[Unite],
    laisses: Sequence[Laisse],
    disputes: Mapping[str, Sequence[str]],
    returns: Returns | None,
) -> Rapport:
    """The report. `files`: every logical file with its verdict; `laisses`: what was not read; `disputes`: the numbers
    of returns that several practices declare; `matched`: totals of the slices, when there are `returns` of
    archives, and so what to match them with.
    """
    rows = files.to_pylist()
    kept = [row for row in rows if row["verdict"] == "recu"]
    aside = [row for row in rows if row["verdict"] == "ecarte"]
    findings = Findings()
    for one in read.values():
        findings.put(one["constats"])
    echecs: list[Echec] = [echec for work in works for echec in work.echecs]
    counted = {row["chemin"] for row in kept}
    totals = {name: sum(row[name] or 0 for row in kept) for name in _TOTALS}
    content: dict[str, Any] = {
        "contenus": sum(len(unit.contenus) for unit in unites),
        "octets": sum(unit.poids for unit in unites),
        "fichiers": dict(sorted(Counter(row["verdict"] for row in rows).items())),
        "marques": dict(sorted(Counter(row["marque"] for row in kept).items())),
        "lignes": totals["lignes"],
        "verse": totals["verse"],
        "sans_cabinet": {"lignes": totals["lignes_sans_cabinet"], "verse": totals["verse_sans_cabinet"]},
        "declares_par_plusieurs": [
            {"numero": number, "cabinets": list(cabinets)} for number, cabinets in sorted(disputes.items())
        ],
        "ecartes": [{name: row[name] for name in _LISTED} | _said(row) for row in aside],
        "laisses": [{"chemin": shown(one.chemin), "motif": one.motif, **_LEFT[one.motif]} for one in laisses],
        "constats": findings.all(),
        "ecarts": [gap for one in read.values() for gap in one["ecarts"] if gap["fichier"] in counted],
        "echecs": [{name: shown(value) for name, value in asdict(one).items()} for one in echecs],
        "rapprochement": dict(matched) if returns else None,
        "archives": _held(returns) if returns else None,
        "conservation": [
            *_read_laws(totals),
            *(_conservation(totals, matched, returns.facts) if returns and _whole(matched) else []),
        ],
        "phases": {name: round(seconds, 3) for name, seconds in phases.items()},
    }
    return Rapport(content)


_LEFT = {
    LIEN_DE_DOSSIER: {
        "message": "C'est un lien vers un dossier : il n'est pas suivi, rien n'y est lu.",
        "action": "Y lancer fse masse à part, ou mettre les fichiers eux-mêmes sous DIR.",
    },
    LIEN_ROMPU: {
        "message": "C'est un lien rompu : ce qu'il nomme n'existe pas.",
        "action": "Remettre le fichier, ou retirer le lien.",
    },
    PAS_UN_FICHIER: {
        "message": "Ce n'est ni un fichier ni un dossier (tube, prise, périphérique).",
        "action": "Le retirer de DIR.",
    },
}
"""What is said of what was not read."""

_TOTALS = ("lignes", "verse", "lignes_sans_cabinet", "verse_sans_cabinet", "parts", "forfaits", "retenues")


def _said(row: Mapping[str, Any]) -> dict[str, str]:
    """Why a file was set aside, and what to do: what its reading says, else what receiving says of its code."""
    rule = catalogue()[row["motif"]] if not row["message"] else None
    return {"message": rule.message if rule else row["message"], "action": rule.action if rule else row["action"]}


def _held(returns: Returns) -> dict[str, Any]:
    """Returns that archives hold: how many were read here, and so count as read; which several archives hold."""
    doubles = [{"empreinte": digest, "cabinets": list(names)} for digest, names in returns.doubles.items()]
    return {"retours_lus_ici": returns.deja, "en_double": doubles}


def _whole(matched: Mapping[str, Any]) -> bool:
    """Every slice was matched: without one of them, equalities would tell its lack and no loss."""
    return not matched["tranches"]["en_echec"]


def _read_laws(totals: Mapping[str, int]) -> list[dict[str, Any]]:
    """The equality that what was read holds by itself."""
    made = totals["parts"] + totals["forfaits"] - totals["retenues"]
    return [_law("centimes des fichiers = parts + forfaits - retenues des tables", totals["verse"], made)]


def _law(law: str, left: int, right: int) -> dict[str, Any]:
    return {"loi": law, "gauche": left, "droite": right, "tenue": left == right}


def _conservation(totals: Mapping[str, int], matched: Mapping[str, Any], facts: Facts) -> list[dict[str, Any]]:
    """Equalities that hold, or something is lost: what is on the left, what is on the right."""
    lines, transfers = matched.get("lignes", {}), matched.get("virements", {})
    residues = sum(one["lignes"] for one in matched.get("residus", {}).values())
    laws = (
        (
            "lignes des fichiers = lignes soumises au rapprochement",
            totals["lignes"] + facts.lignes,
            lines.get("lignes", 0),
        ),
        (
            "lignes = appariées + résidus",
            lines.get("lignes", 0),
            lines.get("lignes_rapprochees", 0) + lines.get("lignes_residu", 0),
        ),
        ("résidus = somme de leurs natures", lines.get("lignes_residu", 0), residues),
        (
            "centimes des parts = appariés + résidus",
            lines.get("parts", 0),
            lines.get("rapproche", 0) + lines.get("residu", 0),
        ),
        (
            "centimes des virements = parts + forfaits - retenues",
            transfers.get("montant", 0),
            transfers.get("parts", 0) + transfers.get("forfaits", 0) - transfers.get("retenues", 0),
        ),
        ("centimes des fichiers = centimes des virements", totals["verse"] + facts.verse, transfers.get("montant", 0)),
    )
    return [_law(*law) for law in laws]
