"""Smallest failing inputs of the findings of the payer simulator."""

import json
from collections.abc import Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from fse.app.caisse.repondre import Reponse, repondre
from fse.app.cli.caisse import command
from fse.base.findings import Effect, Finding, Severity
from tests.app.cabinet import key_folder, signer
from tests.app.caisse.world import ANSWERDAY, NOBODY, Pki, ask, b2_file, damage, facture, freeze, lot
from tests.findings.registry import Case

LOT = lot(facture(1))
B2 = b2_file(LOT)


@cache
def _pki() -> Pki:
    return Pki(signer(), (key_folder() / "ancre.pem").read_bytes())


def _all(reponse: Reponse) -> Iterable[Finding]:
    return [*reponse.constats, *(motif for refus in reponse.refus for motif in refus.motifs)]


def _unsigned(data: bytes) -> Iterable[Finding]:
    """What is noticed whether the lots are signed or not."""
    return _all(repondre(data, {}, NOBODY, ANSWERDAY))


def _wrong_from_birth(index: int, values: Mapping[str, str]) -> Iterable[Finding]:
    """An invoice that was wrong before it was sealed, in a lot that holds."""
    return _all(ask(_pki(), lot(freeze(facture(1), {index: values}))))


def _refused_by_the_scenario() -> Iterable[Finding]:
    return _all(ask(_pki(), LOT, scenario='[[accuse]]\nlot = 1\nsens = "N"'))


def _for_nobody(command_name: str, text: str) -> Iterable[Finding]:
    """Only the command line, which reads several files for one scenario, can tell: hence its JSON."""
    with TemporaryDirectory() as folder:
        scenario = Path(folder) / "scenario.toml"
        scenario.write_text(text, encoding="utf-8")
        arguments = [command_name, "-", "--scenario", str(scenario), "--sortie", folder, "--format", "json"]
        printed = CliRunner().invoke(command, arguments, input=B2, standalone_mode=False, catch_exceptions=False)
    for one in json.loads(printed.output)["scenario"]:
        yield Finding(**one | {"gravite": Severity(one["gravite"]), "effet": Effect.SIGNALE})


CAS: dict[str, Case] = {
    "caisse.entete_illisible": partial(_unsigned, damage(B2, 0, {"numero_emetteur": " " * 14})),
    "caisse.lot_incomplet": partial(_unsigned, b2_file(LOT[:256] + LOT[384:])),
    "caisse.sceau_facture": partial(_unsigned, b2_file(damage(LOT, 2, {"taux": "071"}))),
    "caisse.sceau_lot": partial(_unsigned, b2_file(damage(LOT, 0, {"nom_prestataire": " " * 40}))),
    "caisse.facture_illisible": partial(_wrong_from_birth, 0, {"caisse": " " * 3}),
    "caisse.facture_rejetee": partial(_wrong_from_birth, 1, {"quantite": "00"}),
    "caisse.scenario_inemploye": partial(_for_nobody, "repondre", "[[reponse]]\nnumero = 99"),
    "caisse.accuse_inemploye": partial(_for_nobody, "accuser", "[[accuse]]\nlot = 99\nperdu = true"),
    "caisse.lot_refuse": _refused_by_the_scenario,
}
