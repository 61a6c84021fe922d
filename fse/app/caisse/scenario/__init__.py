"""The scenario: what the payer must answer, to which invoice, in which file of which day. A strict TOML document.

Anything it cannot mean is an error that says where. Stateless: all that is known is in the document and in the B2
files given with it. The language is told in `docs/scenarios.md`.
"""

from fse.app.caisse.scenario.reading import read_scenario
from fse.app.caisse.scenario.wanted import (
    ABSENT,
    AccuseVoulu,
    FichierVoulu,
    ForfaitVoulu,
    Inventee,
    MouvementVoulu,
    PartVoulue,
    RejetVoulu,
    ReponseVoulue,
    Scenario,
    VirementVoulu,
    unused,
)

__all__ = [
    "ABSENT",
    "AccuseVoulu",
    "FichierVoulu",
    "ForfaitVoulu",
    "Inventee",
    "MouvementVoulu",
    "PartVoulue",
    "RejetVoulu",
    "ReponseVoulue",
    "Scenario",
    "VirementVoulu",
    "read_scenario",
    "unused",
]
