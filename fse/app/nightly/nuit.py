"""`nuit`: the work that needs nobody, in one go: send, fetch, receive, send again, then the morning page.

The night has no PIN: what needs a card is listed and not tried. A step that fails does not stop those that do not need
it. Run twice in a row, or killed anywhere and run again, it ends in the same state: every step commits its own work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from fse.app.nightly.folders import Depot
from fse.app.nightly.lock import Verrou, locked
from fse.app.nightly.outcomes import Etape, NomEtape, failed, not_done, unexpected
from fse.app.nightly.steps import Travail
from fse.app.operations.clock import now
from fse.app.operations.pieces.suivi import Piece
from fse.app.operations.practice import Practice
from fse.app.operations.relancer import Relances
from fse.app.operations.suivi import Suivi, suivi
from fse.app.operations.transmission.envoyer import Envois
from fse.app.operations.transmission.relever import Relevage
from fse.app.reports.matin import RapportEcrit
from fse.base.errors import FseError, StorageError
from fse.base.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuit:
    """One night, for the day `le`, from `debut` to `fin` (UTC): its steps in their order, and what each found.

    `suivi` is the worklist afterwards, with all that waits for a card; `None` when it could not be read any
    more. `rang` counts the nights of the practice from 1; `arret` says what stopped the night, "" when nothing did.
    """

    rang: int
    le: date
    debut: datetime
    fin: datetime
    etapes: tuple[Etape, ...]
    envois: Envois | None
    renvois: Envois | None
    pieces: tuple[Piece, ...]
    relevage: Relevage | None
    depots: tuple[Depot, ...]
    relances: Relances | None
    page: RapportEcrit | None
    constats: tuple[Finding, ...]
    suivi: Suivi | None
    arret: str

    @property
    def statut(self) -> int:
        """The highest exit status that was met."""
        return max(StorageError.status if self.arret else 0, *(one.statut for one in self.etapes))


def nuit(
    practice: Practice,
    *,
    mot_de_passe: Callable[[], str],
    mot_de_passe_cle: Callable[[], str],
    le: date | None = None,
    en_cours: Callable[[NomEtape], None] = lambda _: None,
) -> Nuit:
    """Do the work of a night; `en_cours` hears of each step before it begins.

    `mot_de_passe` gives the password of the mail account, `mot_de_passe_cle` that of the reception key, each asked when
    it is needed. What fails is told in the steps. Raises `StorageError`: `nuit.en_cours` (another night is at work), or
    a journal in which the night cannot even begin.
    """
    day, began = practice.day(le), now()
    travail = Travail(practice, day, mot_de_passe, mot_de_passe_cle)
    with locked(practice, day) as verrou:
        run = _Run(verrou, en_cours)
        run.do("envoyer", travail.envoyer)
        run.do("relever", travail.relever)
        run.do("recevoir", travail.recevoir)
        run.do("relancer", travail.relancer)
        run.do("renvoyer", travail.renvoyer)
        run.end()  # the page says that the work of the night is done
        run.do("rapport", travail.rapport)
        run.end()
    worklist, stopped = None, run.stopped
    try:
        worklist = suivi(practice, le=day)
    except Exception as error:
        stopped = stopped or (error if isinstance(error, FseError) else unexpected(error))
    return Nuit(
        rang=verrou.rang,
        le=day,
        debut=began,
        fin=now(),
        etapes=tuple(run.etapes),
        envois=travail.envois,
        renvois=travail.renvois,
        pieces=travail.pieces,
        relevage=travail.relevage,
        depots=travail.depots,
        relances=travail.relances,
        page=travail.page,
        constats=travail.constats,
        suivi=worklist,
        arret=str(stopped or ""),
    )


class _Run:
    """The steps one after the other; none begins once the lock is lost or the journal refuses."""

    def __init__(self, verrou: Verrou, en_cours: Callable[[NomEtape], None]) -> None:
        self.etapes: list[Etape] = []
        self._verrou = verrou
        self._en_cours = en_cours
        self.stopped: FseError | None = None

    def do(self, nom: NomEtape, step: Callable[[], Etape]) -> None:
        """Carry out one step and record what came of it."""
        if self.stopped is not None:
            self.etapes.append(not_done(nom, self.stopped))
            return
        self._en_cours(nom)
        try:
            etape = step()
        except Exception as error:  # a fault of ours stops neither the other steps nor the page
            etape = failed(nom, error)
        self.etapes.append(etape)
        self._write(lambda: self._verrou.keep(len(self.etapes), etape))

    def end(self) -> None:
        """Say that the night came to its end, with the highest status met so far."""
        self._write(lambda: self._verrou.end(max(one.statut for one in self.etapes)))

    def _write(self, record: Callable[[], None]) -> None:
        if self.stopped is None:
            try:
                record()
            except StorageError as error:
                self.stopped = error
