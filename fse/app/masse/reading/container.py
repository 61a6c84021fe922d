"""Files of any bytes: the rows of their returns as batches, what is found, and a verdict for each logical file.

The verdicts are those of `recevoir`, without a journal: what was received before is decided later, over all files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from fse.base.dates import to_days
from fse.base.errors import UnreadableError
from fse.base.findings import Finding, finding
from fse.norm.codec.noemie.columns.judging import FichierLu
from fse.norm.codec.noemie.columns.reading import read_proved
from fse.norm.codec.noemie.columns.together import read_together
from fse.norm.layout.columns import Batch

FAMILLE = "noemie"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logique:
    """One logical file: its ordinal in its container (from 1), where it starts and ends (0-based, end not included),
    its SHA-256 (hex), its identity. `date_creation` in days, 0 when it does not read. `motif`: the code of what sets it
    aside, "" when its rows count; `message`, `action`: in French, why and what to do.
    """

    ordinal: int
    octet: int
    fin: int
    empreinte: str
    emetteur: str
    destinataire: str
    identifiant: str
    date_creation: int
    marque: str
    motif: str
    message: str = ""
    action: str = ""

    @property
    def identite(self) -> tuple[str, str, str, int]:
        """Emitter, recipient, file id, creation date (architecture, decision 7)."""
        return (self.emetteur, self.destinataire, self.identifiant, self.date_creation)


def read_container(open_chunks: Callable[[], Iterable[bytes]]) -> Iterator[Batch | Finding | tuple[Logique, bool]]:
    """Batches of the entities of returns, the findings of returns, and each logical file once it has ended; with it,
    whether all rows of the files so far were given.

    Raises `UnreadableError` when nothing in it is ours.
    """
    told: list[Finding] = []
    for item in read_proved(open_chunks):
        if isinstance(item, Batch):
            if item.edition.famille == FAMILLE:
                yield item
        elif isinstance(item, Finding):
            told.append(item)
        elif isinstance(item, FichierLu):
            logique = _judged(item, told)
            yield from _heard(logique, told)
            yield logique, item.prouve
            told = []


class Ensemble(NamedTuple):
    """Some contents read together. `batches`: their `fichier` numbers the files of all contents, from 1. `contenus`: of
    each content, its logical files, each after its findings, or why nothing in it is ours.
    """

    batches: list[Batch]
    contenus: list[list[Finding | Logique] | UnreadableError]


def read_containers(contents: Sequence[bytes]) -> Ensemble:
    """The same of small contents, at a cost that does not depend on how many they are."""
    found = Ensemble([], [[] for _ in contents])
    told: list[Finding] = []
    for item in read_together(contents):
        if isinstance(item, Batch):
            if item.edition.famille == FAMILLE:
                found.batches.append(item)
            continue
        said = found.contenus[item.contenu]
        if isinstance(item.item, UnreadableError):
            if said:
                raise item.item  # files of a content that stopped being ours: to be read alone
            found.contenus[item.contenu] = item.item
        elif isinstance(item.item, Finding):
            told.append(item.item)
            continue
        elif isinstance(said, list):
            logique = _judged(item.item, told)
            said += [*_heard(logique, told), logique]
        told = []
    return found


def _heard(logique: Logique, told: list[Finding]) -> list[Finding]:
    """The findings that are told of a file."""
    return [] if logique.motif == "reception.pas_un_retour" else told


def _judged(file: FichierLu, told: Iterable[Finding]) -> Logique:
    head = file.enveloppe
    created = head.get("date_creation")
    texts = {
        name: value if isinstance(value := head.get(name), str) else ""
        for name in ("numero_emetteur", "numero_destinataire", "identifiant_fichier", "marque")
    }
    reason = _reason(file, texts["marque"], told)
    return Logique(
        ordinal=file.ordinal,
        octet=file.octet,
        fin=file.fin,
        empreinte=file.empreinte,
        emetteur=texts["numero_emetteur"],
        destinataire=texts["numero_destinataire"],
        identifiant=texts["identifiant_fichier"],
        date_creation=to_days(created) if isinstance(created, date) else 0,
        marque=texts["marque"],
        motif=reason.code if reason else "",
        message=reason.message if reason else "",
        action=reason.action if reason else "",
    )


def _reason(file: FichierLu, marque: str, told: Iterable[Finding]) -> Finding | None:
    """What sets this file aside, `None` when nothing does."""
    if file.edition is not None and file.edition.famille != FAMILLE:
        return finding("reception.pas_un_retour")
    if file.edition is None or not file.enveloppe:
        return finding("reception.marque_illisible")
    if marque in ("", "R"):
        return finding("reception.flux_reel")
    return next((one for one in told if one.sets_aside), None)
