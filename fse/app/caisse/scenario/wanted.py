"""What a scenario says, once read: answers, transfers, files. Amounts are centimes; a day is a date, or a number of
days after the day on which the scenario is played.

Each item has its `lieu`: where it stands in the document, for messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fse.norm.model import ForfaitRetour, MouvementRetour

ABSENT = "absent"
"""State of a part that is not answered; value of what an answer does not name."""

BLANC = "blanc"
"""State of a part that is written and not handled."""

Jour = date | int


def day_of(jour: Jour | None, le: date, default: date) -> date:
    """The date of a day of a scenario played on `le`; `default` when the scenario does not say it."""
    if jour is None:
        return default
    return jour if isinstance(jour, date) else le + timedelta(days=jour)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartVoulue:
    """What becomes of one part. `montant`: centimes paid, negative for a rappel; `None`: what follows from the rest.

    `demande`: centimes that the return says were asked; `None`: those asked.
    """

    etat: str = "P"
    montant: int | None = None
    demande: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejetVoulu:
    """One reject. `ligne`: ordinal of the act line from 1, for the levels L and A only.

    `rang` (`None`: its ordinal in the answer), `acte` (`None`: that of the line) and `information` are written as they
    stand.
    """

    code: str
    niveau: str
    partie: str
    ligne: int | None
    rang: int | None = None
    acte: str | None = None
    information: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventee:
    """An invoice that is in no lot: paper, unknown, of another software. It is named by the scenario alone.

    `assure_de`: number of an invoice of the lots whose insured it shares.
    """

    numero: int | None
    lot: int | None
    date_lot: date | None
    date_facture: date | None
    nature_assurance: str
    assure_de: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReponseVoulue:
    """The answer wanted to one invoice.

    `numero` (0 without one), `prestataire` and `lot` choose the invoice; `cite` is what the return says instead of
    what the invoice says, by attribute of `FactureRetour` (`None`: nothing), and `lieu_execution`.
    """

    numero: int
    prestataire: str | None = None
    lot: int | None = None
    amo: PartVoulue | None = None
    amc: PartVoulue | None = None
    rejets: tuple[RejetVoulu, ...] = ()
    silence: bool = False
    code: str | None = None
    type: str | None = None
    traitement_amc: str | None = None
    cite: tuple[tuple[str, int | str | date | None], ...] = ()
    assure: bool = False
    commentaire: str | None = None
    inventee: Inventee | None = None
    lieu: str = ""

    def part(self, partie: str) -> PartVoulue | None:
        """What is wanted of `AMO` or `AMC`, `None` when nothing is said."""
        return self.amo if partie == "AMO" else self.amc

    def named_parts(self) -> set[str]:
        """The parts of which something is said: by themselves or by a reject."""
        said = {partie for partie in ("AMO", "AMC") if self.part(partie) is not None}
        return said | {"AMO" if one.partie == "O" else "AMC" for one in self.rejets}

    def chooses(self, prestataire: str, numero: int) -> bool:
        """True when the invoice may be the one that is meant; its lot is not looked at."""
        return self.inventee is None and numero == self.numero and self.prestataire in (None, prestataire)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForfaitVoulu:
    """A lump sum. `prestataire`: for whom, `None` when the transfer tells."""

    forfait: ForfaitRetour
    prestataire: str | None
    lieu: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MouvementVoulu:
    """A withholding or another movement of a debt. `prestataire`: of whom, `None` when the transfer tells."""

    mouvement: MouvementRetour
    prestataire: str | None
    lieu: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VirementVoulu:
    """A transfer, or one a prestataire when no `beneficiaire` is given.

    `part`: the only part that it pays. `reste`: it also answers what nothing else answers. A label of "" is blank.
    `faux_nombre`, `faux_somme`: what its 990 says, wrongly and on purpose.
    """

    beneficiaire: str | None = None
    jour: Jour | None = None
    libelle_1: str | None = None
    libelle_2: str | None = None
    organisme: str | None = None
    part: str | None = None
    reste: bool = False
    reponses: tuple[ReponseVoulue, ...] = ()
    forfaits: tuple[ForfaitVoulu, ...] = ()
    mouvements: tuple[MouvementVoulu, ...] = ()
    faux_nombre: int | None = None
    faux_somme: int | None = None
    lieu: str = ""

    @property
    def is_false(self) -> bool:
        """True when a fault was asked for."""
        return self.faux_nombre is not None or self.faux_somme is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Emetteur:
    """Who writes a file: a caisse, a complementary body, its operator. `nom` stands on the transfer."""

    type: str
    numero: str
    nom: str

    @property
    def numero_rempli(self) -> str:
        """The number as the envelope of a file has it."""
        return self.numero.zfill(14)


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierVoulu:
    """A file to write. `emetteur` absent: the caisse of the insured, hence one file a caisse.

    `jour`: of its creation; `arrivee`: when the practice gets it. `corrige`: it has the identity of the file of this
    name; `repete`: it is that file again, byte for byte. `perdu`: it never arrives.
    """

    nom: str | None
    rang: int
    jour: Jour | None = None
    arrivee: Jour | None = None
    identifiant: str | None = None
    emetteur: Emetteur | None = None
    mandataire: str | None = None
    programme: str | None = None
    virements: tuple[VirementVoulu, ...] = ()
    corrige: str | None = None
    repete: str | None = None
    perdu: bool = False
    lieu: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuseVoulu:
    """The acknowledgement wanted of a lot. `prestataire` and `fichier` (id of the B2 file) choose among several.

    `sens` P or N (`None`: what the lot deserves), `cause` a code of ours, `facture` the invoice at fault. `perdu`: it
    is never written.
    """

    lot: int
    prestataire: str | None = None
    fichier: str | None = None
    sens: str | None = None
    cause: str | None = None
    facture: int | None = None
    perdu: bool = False
    lieu: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """All that the payer must do. The empty scenario acknowledges what is sound and pays everything as asked.

    `reponses` are those of the files made by default, one a caisse and B2 file. `reste`: what nothing names is paid
    as asked, else it has no answer. `accuses`: lots acknowledged otherwise than they deserve.
    """

    reponses: tuple[ReponseVoulue, ...] = ()
    fichiers: tuple[FichierVoulu, ...] = ()
    reste: bool = True
    accuses: tuple[AccuseVoulu, ...] = ()

    def accuse(self, prestataire: str, lot: int, fichier: str) -> AccuseVoulu | None:
        """What is wanted of a lot in a file: the first that says most of both comes first."""
        named = [
            one
            for one in self.accuses
            if one.lot == lot and one.prestataire in (None, prestataire) and one.fichier in (None, fichier)
        ]
        return min(named, key=lambda one: (one.fichier is None, one.prestataire is None), default=None)

    def find(self, prestataire: str, numero: int) -> ReponseVoulue | None:
        """The answer wanted to this invoice by default; the one that names the prestataire comes first."""
        named = [one for one in self.reponses if one.numero == numero]
        exact = next((one for one in named if one.prestataire == prestataire), None)
        return exact or next((one for one in named if one.prestataire is None), None)

    def in_files(self) -> Iterator[ReponseVoulue]:
        """The answers that stand in the files of the scenario, in order."""
        return (one for fichier in self.fichiers for virement in fichier.virements for one in virement.reponses)


def unused(scenario: Scenario, seen: Iterable[ReponseVoulue]) -> tuple[ReponseVoulue, ...]:
    """The answers wanted to invoices that no B2 file held: a number mistyped, most often."""
    used = set(seen)
    asked = (*scenario.reponses, *(one for one in scenario.in_files() if one.inventee is None))
    return tuple(one for one in asked if one not in used)
