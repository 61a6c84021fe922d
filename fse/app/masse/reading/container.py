"""Files of any bytes: the rows of their returns as batches, what is found, and a verdict for each logical file.

The verdicts are those of `recevoir`, without a journal: what was received before is decided later, over all files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
MARQUES = ("T", "D")
"""Marks of returns that count: test, demonstration (architecture, 1). One run counts those of one."""
REELLES = ("", "R")


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


def read_container(
    open_chunks: Callable[[], Iterable[bytes]], marque: str
) -> Iterator[Batch | Finding | tuple[Logique, bool]]:
    """Batches of the entities of returns, the findings of returns, and each logical file once it has ended; with it,
    whether all rows of the files so far were given. A file of another mark than `marque` is set aside.

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
            logique = _judged(item, told, marque)
            yield from _heard(logique, told)
            yield logique, item.prouve
            told = []


class Ensemble(NamedTuple):
    """Some contents read together. `batches`: their `fichier` numbers the files of all contents, from 1. `contenus`: of
    each content, its logical files, each after its findings, or why nothing in it is ours.
    """

    batches: list[Batch]
    contenus: list[list[Finding | Logique] | UnreadableError]


def read_containers(contents: Sequence[bytes], marque: str) -> Ensemble:
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
            logique = _judged(item.item, told, marque)
            said += [*_heard(logique, told), logique]
        told = []
    return found


def _heard(logique: Logique, told: list[Finding]) -> list[Finding]:
    """The findings that are told of a file."""
    return [] if logique.motif == "reception.pas_un_retour" else told


def _judged(file: FichierLu, told: Iterable[Finding], marque: str) -> Logique:
    head = file.enveloppe
    created = head.get("date_creation")
    texts = {
        name: value if isinstance(value := head.get(name), str) else ""
        for name in ("numero_emetteur", "numero_destinataire", "identifiant_fichier", "marque")
    }
    reason = _reason(file, texts["marque"], told, marque)
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


def _reason(file: FichierLu, its: str, told: Iterable[Finding], marque: str) -> Finding | None:
    """What sets this file aside, `None` when nothing does. `its`: its mark; `marque`: that of the run."""
    if file.edition is not None and file.edition.famille != FAMILLE:
        return finding("reception.pas_un_retour")
    if file.edition is None or not file.enveloppe:
        return finding("reception.marque_illisible")
    if its in REELLES:
        return finding("reception.flux_reel")
    if its != marque:
        return _other_mark(its, marque)
    return next((one for one in told if one.sets_aside), None)


def _other_mark(its: str, marque: str) -> Finding:
    """What is said of a file whose mark is not that of the run: the code of receiving, its own words."""
    apart = f"Le lire à part : fse masse --marque {its}, avec une autre --sortie."
    return replace(
        finding("reception.autre_marque"),
        message=f"Ce retour porte la marque « {its} » ; ce lancement ne compte que la marque {marque}.",
        action=apart if its in MARQUES else "En demander un marqué T (test) ou D (démonstration).",
    )
