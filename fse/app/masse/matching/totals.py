"""What a slice comes to, in counts and centimes, asked of its relations; slices add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fse.domain.reconciliation import statements
from fse.infra.engines.archive import ArchiveEngine

Totals = dict[str, Any]

_SUMS = {
    "lignes": ("lignes", "lignes_rapprochees", "lignes_residu", "parts", "rapproche", "residu", "reste"),
    "virements": ("montant", "parts", "forfaits", "retenues"),
    "bilan": (
        "factures", "soldees", "demande", "paye", "reste", "corrige", "couvert", "regle_autrement", "abandonne",
        "trop_paye",
    ),
}  # fmt: skip
"""Columns that are summed, by what they are of."""
_COUNTS = {
    "virements": {
        "virements": "1",
        "sans_cloture": "CASE WHEN t.montant IS NULL THEN 1 ELSE 0 END",
        "en_ecart": "CASE WHEN t.ecart <> 0 THEN 1 ELSE 0 END",
    }
}
"""What is counted beside, by its name: 1 for each row that counts."""

_GROUPS = {
    "politiques": """
SELECT a.politique AS nom, COUNT(*) AS lignes, CAST(SUM(l.paye) AS BIGINT) AS paye
FROM appariement a
JOIN ligne_retour l ON l.cabinet = a.cabinet AND l.fichier = a.fichier AND l.rang = a.rang
GROUP BY a.politique""",
    "residus": """
SELECT r.nature AS nom, COUNT(*) AS lignes, CAST(SUM(l.paye) AS BIGINT) AS paye
FROM residu r
JOIN ligne_retour l ON l.cabinet = r.cabinet AND l.fichier = r.fichier AND l.rang = r.rang
GROUP BY r.nature""",
    "parts": """
SELECT p.etat AS nom, COUNT(*) AS parts, CAST(SUM(p.demande) AS BIGINT) AS demande, CAST(SUM(p.paye) AS BIGINT) AS paye
FROM etat_part p
GROUP BY p.etat""",
    "factures": "SELECT e.etat AS nom, COUNT(*) AS factures FROM etat_facture e GROUP BY e.etat",
}


def totals_of(engine: ArchiveEngine) -> Totals:
    """The totals of what the engine matched, and of the balance sheets that it holds."""
    sources = {
        "lignes": f"(\n{statements.query('totaux').sql}\n)",
        "virements": f"(\n{statements.query('controle_virement').sql}\n)",
        "bilan": "bilan",
    }
    found: Totals = {name: _summed(engine, name, source) for name, source in sources.items()}
    for name, sql in _GROUPS.items():
        found[name] = {row.pop("nom"): row for row in engine.rows(sql)}
    return found


def added(slices: Iterable[Mapping[str, Any]]) -> Totals:
    """The sum of the totals of slices: numbers add up, groups join. What is no number or group is left out."""
    total: Totals = {}
    for one in slices:
        for name, value in one.items():
            if isinstance(value, int):
                total[name] = total.get(name, 0) + value
            elif isinstance(value, Mapping):
                total[name] = added([total.get(name, {}), value])
    return total


def _summed(engine: ArchiveEngine, name: str, source: str) -> Totals:
    summed = _COUNTS.get(name, {}) | {column: f"t.{column}" for column in _SUMS[name]}
    sums = ", ".join(f"CAST(SUM({value}) AS BIGINT) AS {column}" for column, value in summed.items())
    (row,) = engine.rows(f"SELECT {sums} FROM {source} t")
    return {column: value or 0 for column, value in row.items()}
