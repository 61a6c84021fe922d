"""Many units of work on every core: each finished one is recorded, a failing one stops no other, a kill loses little.

    travail = run_units(units, task, Ledger(folder), processus=2, progress=progress)

`task` and the units must be picklable (a function of a module, or `functools.partial` of one): processes are spawned,
nothing is inherited. A task writes its outputs under names that its unit alone decides, whole or not at all: after a
kill it is done again from its start.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from fse.app.masse.ledger import Ledger, Result
from fse.base.errors import FseError, StorageError, UsageError
from fse.base.french import system_reason


class Unit(Protocol):
    """A piece of work: `nom` is its own, the same at each run, and fit for a file name; `source` says what it is made
    from (a change of it and the unit is done again); `poids` is what progress counts (bytes, rows).
    """

    @property
    def nom(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def poids(self) -> int: ...


U = TypeVar("U", bound=Unit)
Task = Callable[[U], Result]


class Progress(Protocol):
    """Who is told how far a run is."""

    def start(self, total: int, finished: int) -> None:
        """The weight of all units, and of those that an earlier run finished."""
        ...

    def advance(self, poids: int) -> None:
        """One more unit, done or failed."""
        ...

    def end(self) -> None:
        """No more is coming."""
        ...


class Quiet:
    """Tells nobody."""

    def start(self, total: int, finished: int) -> None:
        del total, finished

    def advance(self, poids: int) -> None:
        del poids

    def end(self) -> None:
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Echec:
    """A unit that could not be done: the error, and what to do. It is tried again at the next run."""

    unite: str
    code: str
    message: str
    action: str
    lieu: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Travail:
    """What became of the units: the result of each finished one by name, in their order; how many of these an earlier
    run had done (`reprises`); those that failed, in their order.
    """

    resultats: dict[str, Result]
    reprises: int
    echecs: tuple[Echec, ...]


def run_units(
    units: Sequence[U],
    task: Task[U],
    ledger: Ledger,
    *,
    processus: int | None = None,
    progress: Progress | None = None,
) -> Travail:
    """Do the units that are not done, on `processus` processes (one a core by default; with 1, in this one).

    An error of a task is reported with its unit, and so is a process that dies (no memory left): it was given only
    that unit when it died. Raises `StorageError` when the system refuses to write, or to start processes (what is
    finished stays finished), `UsageError` (`masse.processus`) below one process, `ValueError` when two units have one
    name.
    """
    count = processus_by_default() if processus is None else processus
    if count < 1:
        raise UsageError("masse.processus", "Il faut au moins un processus.", action="Donner --processus 1 ou plus.")
    names = [unit.nom for unit in units]
    if len(set(names)) != len(names):
        raise ValueError("two units have one name")
    known = ledger.finished()
    results = {one.nom: known[one.nom][1] for one in units if one.nom in known and known[one.nom][0] == one.source}
    todo = [unit for unit in units if unit.nom not in results]
    told = progress or Quiet()
    total = sum(unit.poids for unit in units)
    told.start(total, total - sum(unit.poids for unit in todo))
    work = _Work(task, ledger, told)
    try:
        if min(count, len(todo)) <= 1:
            work.here(todo)
        else:
            try:
                work.there(todo, min(count, len(todo)))
            except OSError as error:  # what a task meets comes back as its outcome: this is of the processes
                raise _no_process(error) from error
    finally:
        told.end()
    made = results | work.results
    return Travail(
        resultats={name: made[name] for name in names if name in made},
        reprises=len(results),
        echecs=tuple(work.failures[name] for name in names if name in work.failures),
    )


def processus_by_default() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(slots=True)
class _Work(Generic[U]):
    task: Task[U]
    ledger: Ledger
    progress: Progress
    results: dict[str, Result] = field(default_factory=dict)
    failures: dict[str, Echec] = field(default_factory=dict)

    def here(self, units: Sequence[U]) -> None:
        """One after the other, in this process."""
        for unit in units:
            self._take(unit, _do(self.task, self.ledger, unit))

    def there(self, units: Sequence[U], count: int) -> None:
        """On `count` processes. When one dies, those that were in flight are tried again one by one."""
        waiting = deque(units)
        suspects: deque[U] = deque()
        while waiting or suspects:
            if suspects:
                dead = self._pool(deque([suspects.popleft()]), 1)
                for unit in dead:
                    self._take(unit, _died(unit))
            else:
                suspects.extend(self._pool(waiting, count))

    def _pool(self, waiting: deque[U], count: int) -> list[U]:
        """Do what waits, until nothing does or a process dies; the units that were then in flight."""
        flying: dict[Future[Outcome], U] = {}
        pool = ProcessPoolExecutor(count, mp_context=_context(), initializer=_prepare)
        try:
            while waiting or flying:
                while waiting and len(flying) < count:
                    flying[pool.submit(_do, self.task, self.ledger, waiting[0])] = waiting[0]
                    waiting.popleft()
                for done in wait(flying, return_when=FIRST_COMPLETED).done:
                    outcome = done.result()
                    self._take(flying.pop(done), outcome)
        except BrokenProcessPool:
            return list(flying.values())
        finally:  # on an interruption too, what is in flight is brought to its end
            pool.shutdown(wait=True, cancel_futures=True)
        return []

    def _take(self, unit: U, outcome: Outcome) -> None:
        if isinstance(outcome, _Refused):
            raise StorageError(outcome.code, outcome.message, action=outcome.action, lieu=outcome.lieu)
        if isinstance(outcome, Echec):
            self.failures[unit.nom] = outcome
        else:
            self.results[unit.nom] = outcome
        self.progress.advance(unit.poids)


@dataclass(frozen=True, slots=True)
class _Refused:
    """What the disk refuses one unit, it would refuse the others."""

    code: str
    message: str
    action: str
    lieu: str


Outcome = Result | Echec | _Refused


def _do(task: Task[U], ledger: Ledger, unit: U) -> Outcome:
    """Do a unit and record it, in whatever process."""
    try:
        result = task(unit)
        ledger.record(unit.nom, unit.source, result)
    except StorageError as error:
        return _Refused(error.code, error.message, error.action, error.lieu)
    except FseError as error:
        return Echec(unite=unit.nom, code=error.code, message=error.message, action=error.action, lieu=error.lieu)
    except OSError as error:
        if error.errno in _FOR_ALL:
            return _refusal(error)
        return _failed(unit, f"Le système a refusé : {_reason(error)}.", str(error.filename or ""))
    except MemoryError:
        return _died(unit)
    except Exception as error:  # a mistake of ours in one unit must not cost the night of the others
        for number in _FOR_ALL:
            if os.strerror(number) in str(error):  # an engine says in its words what the system refused it
                return _refusal(OSError(number, os.strerror(number)))
        return _failed(unit, f"Erreur interne ({type(error).__name__} : {error}).", "")
    return result


_FULL = {errno.ENOSPC, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else [])}
_RIGHTS = {errno.EACCES, errno.EPERM, errno.EROFS}
_HANDLES = {errno.EMFILE, errno.ENFILE}
_FOR_ALL = _FULL | _RIGHTS | _HANDLES | {errno.EIO, errno.EFBIG}
"""What the system refuses one unit for, it would refuse the others."""

_KEPT = "Tout ce qui était terminé est gardé."
_RESUMES = "puis relancer la même commande : elle reprend où elle s'est arrêtée."


_WORDS = {
    errno.EMFILE: "trop de fichiers sont ouverts",
    errno.ENFILE: "trop de fichiers sont ouverts sur la machine",
    errno.EFBIG: "un fichier dépasserait la taille permise",
    errno.EPIPE: "le processus qui les lance s'est arrêté",
}


def refused(error: OSError) -> StorageError:
    """What is said when the system does not let the output be written or read again: its reason, and what to do."""
    code, action = "masse.systeme", f"Vérifier le dossier de --sortie et son disque, {_RESUMES}"
    if error.errno in _FULL:
        code, action = "masse.disque", f"Faire de la place, {_RESUMES}"
    elif error.errno in _RIGHTS:
        code, action = "masse.droits", f"Donner à ce compte le droit d'écrire sous --sortie, {_RESUMES}"
    elif error.errno in _HANDLES:
        code, action = "masse.fichiers_ouverts", f"Augmenter le nombre de fichiers ouverts (ulimit -n), {_RESUMES}"
    elif error.errno == errno.EFBIG:
        code, action = "masse.taille", f"Lever la limite de taille d'un fichier (ulimit -f, ou le disque), {_RESUMES}"
    return StorageError(
        code,
        f"Le système refuse la sortie : {_reason(error)}. {_KEPT}",
        action=action,
        lieu=str(error.filename or ""),
    )


def _no_process(error: OSError) -> StorageError:
    return StorageError(
        "masse.processus_refuse",
        f"Le système refuse de lancer plusieurs processus : {_reason(error)}. {_KEPT}",
        action="Relancer la même commande avec --processus 1 : elle reprend où elle s'est arrêtée.",
    )


def _reason(error: OSError) -> str:
    """Why; libraries raise some that have no number, with words of their own."""
    if error.errno is None:
        return str(error)
    return _WORDS.get(error.errno) or system_reason(error)


def _refusal(error: OSError) -> _Refused:
    said = refused(error)
    return _Refused(said.code, said.message, said.action, said.lieu)


def _failed(unit: Unit, message: str, lieu: str) -> Echec:
    action = "Relancer la même commande : seul ce qui manque est refait. Si cela se répète, nous envoyer ce message."
    return Echec(unite=unit.nom, code="masse.unite", message=message, action=action, lieu=lieu)


def _died(unit: Unit) -> Echec:
    return Echec(
        unite=unit.nom,
        code="masse.processus_mort",
        message="Le processus qui traitait cette unité a été arrêté par le système, sans doute faute de mémoire.",
        action="Relancer la même commande avec --processus 1 : seul ce qui manque est refait.",
        lieu="",
    )


def _context() -> multiprocessing.context.BaseContext:
    """Processes that inherit nothing: a fork of threads that hold locks never ends."""
    return multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")


def _prepare() -> None:
    """In each process: an interruption is the affair of the first one, whose death is ours too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
