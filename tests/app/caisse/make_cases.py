"""Makes the cases of `fixtures/noemie/` that hold a scenario: a B2 file, its signatures, the return it is given.

    python -m tests.app.caisse.make_cases

What each case says and what is expected of it (`cas.toml`, `scenario.toml`) is written by hand and stays. Signatures
are made with a key that is thrown away, so running this again changes every `.p7s` and nothing else.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import read_scenario
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.trial_pki import create_test_key
from tests.app.caisse.world import ANNE, ANSWERDAY, PAUL, b2_file, facture, header, line, lot, sign

ROOT = Path(__file__).resolve().parents[3] / "fixtures" / "noemie"
SENT, WANTED, ANSWER = "envoi.b2", "scenario.toml", "retour.noe"


def lots_of(case: str) -> list[bytes]:
    """The lots that each case sends."""
    visit = facture(12, line(1750, 750), line(700, 300, code="MD"))
    return {
        "ligne-rejetee": [lot(visit, entete=header(numero_lot=4))],
        "amc-rejetee": [lot(facture(31), facture(32), entete=header(numero_lot=5))],
        "rappel": [lot(facture(51), facture(52), entete=header(numero_lot=6))],
        "tout-rejete": [lot(facture(61), facture(62, payee="05"), entete=header(numero_lot=7))],
        "deux-praticiens": [
            lot(facture(71), facture(72, payee="00"), entete=header(numero_lot=8)),
            lot(facture(71, prestataire=PAUL), entete=header(PAUL, numero_lot=8)),
        ],
    }[case]


def main() -> None:
    """Write every case anew."""
    with tempfile.TemporaryDirectory() as folder:
        created = create_test_key(Path(folder), "secret", "DURAND ANNE", ANNE, datetime.now(UTC))
        signer = open_pkcs12(created.praticien, "secret")
    for folder_of_case in sorted(path.parent for path in ROOT.glob(f"*/{WANTED}")):
        lots = lots_of(folder_of_case.name)
        signatures = sign(signer, lots)
        data = b2_file(*lots, emetteur=ANNE.zfill(14))
        scenario = read_scenario((folder_of_case / WANTED).read_bytes())
        (answer,) = repondre(data, signatures, scenario, ANSWERDAY).fichiers
        (folder_of_case / SENT).write_bytes(data)
        (folder_of_case / ANSWER).write_bytes(answer.contenu)
        for rank, cms in signatures.items():
            (folder_of_case / f"{Path(SENT).stem}-{rank:03d}.p7s").write_bytes(cms)


if __name__ == "__main__":
    main()
