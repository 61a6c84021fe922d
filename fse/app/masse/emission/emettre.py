"""One sending: built, sealed, cut in lots, signed, put on the disk whole or not at all.

    sortie/<nom>/<nom>.b2, <nom>-001.p7s…                    what leaves; `fse verifier` reads it
    sortie/<nom>/facture_emise.parquet, prestataire.parquet  what its returns are matched with

A run that is killed leaves a hidden folder at most, which the next one that writes removes. What is already there is
compared with what would be written and never signed again; what is missing of it is made again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fse.app.masse.emission.dossier import Dossier
from fse.app.masse.emission.envoi import CompteEnvoi, Envoi
from fse.base.resources import require
from fse.domain.signature.cms import sign_lot
from fse.domain.signature.signer import Signer

PHASES = ("construction", "scellement", "signature", "ecriture")


def emettre_envoi(envoi: Envoi, signer: Signer, sortie: Path) -> CompteEnvoi:
    """Write one sending in its own folder under `sortie`; each lot is signed with `signer`.

    Everything is checked before the first signature: what the model refuses of an invoice or of a lot is not signed.
    Raises `UsageError` (without the extra `masse`; as `prove_given`, `constitute`), `BuildError` (as `require_model`,
    `freeze_columns`, `build_lots`; more than 999 lots), `SignatureError`, `StorageError` (`sortie.differente`: another
    sending has this name; `sortie.impossible`).
    """
    require("numpy", extra="masse")
    require("pyarrow", extra="masse")
    from fse.app.masse.emission.constitution import constitute
    from fse.app.masse.emission.facts import facts_of
    from fse.app.masse.emission.given import prove_given
    from fse.norm.codec.b2.columns import build_lots, build_records_of, file_chunks, require_model, seal_factures

    seconds = dict.fromkeys(PHASES, 0.0)
    with _timed(seconds, "construction"):
        prove_given(envoi)
        require_model(envoi.factures)
        built = build_records_of(envoi.factures)
    with _timed(seconds, "scellement"):
        frozen = seal_factures(built)
    with _timed(seconds, "construction"):
        planned = constitute(envoi, frozen)
        frozen = frozen.take(planned.order)
        lots = build_lots(planned.entetes, frozen, planned.cuts)
        head, *contents, tail = file_chunks(envoi.entete, lots)
        content = [head, *contents, tail]
        dossier = Dossier(sortie / envoi.nom, content, len(contents), facts_of(envoi, planned, frozen))
    missing = dossier.missing()
    if missing:
        unsigned = {dossier.signature(rank): lot for rank, lot in enumerate(contents)}
        with _timed(seconds, "signature"):
            signatures = {name: sign_lot(unsigned[name], signer) for name in missing if name in unsigned}
        with _timed(seconds, "ecriture"):
            dossier.add(missing, signatures)
    return CompteEnvoi(
        nom=envoi.nom,
        dossier=sortie / envoi.nom,
        lots=len(contents),
        factures=len(planned.order),
        octets=sum(map(len, content)),
        honoraires=int(frozen.honoraires.sum()),
        amo=int(frozen.amo.sum()),
        amc=int(frozen.amc.sum()),
        deja_la=not missing,
        durees=seconds,
    )


@contextmanager
def _timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[phase] += time.perf_counter() - start
