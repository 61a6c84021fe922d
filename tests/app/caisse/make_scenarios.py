"""Makes the B2 files that the scenarios of `fixtures/scenarios/` answer, with their signatures.

    python -m tests.app.caisse.make_scenarios

Signatures are made with a key that is thrown away: running this again changes every `.p7s` and nothing else.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.trial_pki import create_test_key
from fse.norm.model import Facture
from tests.app.caisse.world import ANNE, PAUL, b2_file, facture, header, line, lot, sign

ROOT = Path(__file__).resolve().parents[3] / "fixtures" / "scenarios"
FIRST, SECOND = "envoi-1.b2", "envoi-2.b2"


def visit(numero: int, prestataire: str = ANNE, caisse: str = "997") -> Facture:
    """One act of 30,00 €: 21,00 € asked of the AMO, 9,00 € of the AMC."""
    return facture(numero, line(2100, 900), prestataire=prestataire, caisse=caisse)


def lots() -> dict[str, list[bytes]]:
    """The lots of each file: two doctors, seven invoices and two; then the sixth again, in the lot 12."""
    home = facture(3, line(1750, 750, code="VG"), line(700, 300, code="MD"))
    amo_only = facture(4, line(2100, 0), payee="05")
    return {
        FIRST: [
            lot(visit(1), visit(2), home, amo_only, visit(5), visit(6), visit(7, caisse="998")),
            lot(visit(101, PAUL), visit(102, PAUL), entete=header(PAUL)),
        ],
        SECOND: [lot(visit(6), entete=header(numero_lot=12))],
    }


def main() -> None:
    """Write every file anew."""
    with tempfile.TemporaryDirectory() as folder:
        created = create_test_key(Path(folder), "secret", "DURAND ANNE", ANNE, datetime.now(UTC))
        signer = open_pkcs12(created.praticien, "secret")
    ROOT.mkdir(exist_ok=True)
    for rank, (name, content) in enumerate(lots().items(), start=12):
        (ROOT / name).write_bytes(b2_file(*content, identifiant=f"{rank:06d}", emetteur=ANNE.zfill(14)))
        for ordinal, cms in sign(signer, content).items():
            (ROOT / f"{Path(name).stem}-{ordinal:03d}.p7s").write_bytes(cms)


if __name__ == "__main__":
    main()
