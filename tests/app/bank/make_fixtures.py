"""Writes the bank statements of `fixtures/cfonb` and `fixtures/camt`: `python -m tests.app.bank.make_fixtures`.

Everything is synthetic: no bank has the code 99999, no person is named.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.app.bank.statements import OTHER_ACCOUNT, OTHER_IBAN, Movement, Statement, camt, cfonb

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
THURSDAY, FRIDAY, MONDAY = date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 12)

DAY = Statement(
    THURSDAY,
    FRIDAY,
    100_000,
    (
        Movement(FRIDAY, 11_100, ("VIR SEPA RECU CPAM 998", "VIR OAS3J0-1")),
        Movement(FRIDAY, 2_500, ("REMISE CARTES 123",), "0001"),
        Movement(FRIDAY, -1_990, ("PRELEVEMENT ASSURANCE CABINET", "CONTRAT 0000")),
    ),
)
NEXT = Statement(FRIDAY, MONDAY, DAY.cloture, (Movement(MONDAY, 4_200, ("VIR SEPA RECU CPAM 998", "VIR OAS3J1-1")),))
OTHER = replace(DAY, compte=OTHER_ACCOUNT)

FILES: dict[str, bytes] = {
    "cfonb/un-jour/releve.cfo": cfonb(DAY),
    "cfonb/sans-fins-de-ligne/releve.cfo": cfonb(DAY, NEXT, end=""),
    "cfonb/plusieurs-comptes/releve.cfo": cfonb(DAY, NEXT, OTHER, banner="RELEVES DU 13/10/2026"),
    "cfonb/solde-faux/releve.cfo": cfonb(DAY).replace(b"0000000000250{", b"0000000000251{"),
    "cfonb/jour-manquant/releve.cfo": cfonb(DAY, replace(NEXT, ouverture=NEXT.ouverture + 700)),
    "camt/un-jour/releve.xml": camt(DAY),
    "camt/version-08/releve.xml": camt(DAY, NEXT, version="08"),
    "camt/autre-compte/releve.xml": camt(DAY, iban=OTHER_IBAN),
    "camt/entite/releve.xml": camt(DAY, before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>').replace(
        b"CPAM 998", b"&e;"
    ),
    "camt/bombe/releve.xml": camt(
        DAY,
        before='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + one)} "{f"&{chr(97 + one)};" * 10}">' for one in range(9))
        + "]>",
    ).replace(b"CPAM 998", b"&j;"),
}
"""By path in `fixtures/`; each folder has its `cas.toml`, written by hand."""


if __name__ == "__main__":
    for name, data in FILES.items():
        path = FIXTURES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
