"""What a slice comes to, in counts and centimes, asked of its relations; slices add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fse.domain.reconciliation import statements
from fse.infra.engines.archive import ArchiveEngine

Totals = dict[str, Any]

_SUMS = {
    "lignes": ("totaux", ("lignes", "lignes_rapprochees", "lignes_residu", "parts", "rapproche", "residu", "reste")),
    "virements": ("controle_virement", ("montant", "parts", "forfaits", "retenues")),
    "bilan": (
        "bilan",
        ("factures", "soldees", "demande", "paye", "reste", "corrige", "couvert", "regle_autrement", "abandonne",
         "trop_paye"),
    ),
}  # fmt: skip
"""By name: the query whose rows are summed, and its columns."""

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
_TRANSFERS = """
SELECT
    COUNT(*) AS virements,
    CAST(SUM(CASE WHEN c.montant IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS sans_cloture,
    CAST(SUM(CASE WHEN c.ecart <> 0 THEN 1 ELSE 0 END) AS BIGINT) AS en_ecart
FROM (
"""


def totals_of(engine: ArchiveEngine) -> Totals:
    """The totals of what the engine matched."""
    found: Totals = {}
    for name, (query, columns) in _SUMS.items():
        sums = ", ".join(f"CAST(SUM(t.{column}) AS BIGINT) AS {column}" for column in columns)
        found[name] = _one(engine, f"SELECT {sums} FROM (\n{statements.query(query).sql}\n) t")
    transfers = _one(engine, f"{_TRANSFERS}{statements.query('controle_virement').sql}\n) c")
    found["virements"] = transfers | found["virements"]
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


def _one(engine: ArchiveEngine, sql: str) -> Totals:
    (row,) = engine.rows(sql)
    return {name: value or 0 for name, value in row.items()}
