"""`fse masse`: every return under a folder read on every core, by payer and day; matched with what was sent.

    SORTIE/retours/<relation>/caisse=…/jour=…/*.parquet     the rows of the returns, by practice
    SORTIE/fichiers.parquet                                 every logical file, with its verdict
    SORTIE/rapprochement/<relation>/*.parquet               with archives of sendings: what the matching stores
    SORTIE/rapport.json                                     the report
    SORTIE/travail/                                         what the next run carries on from

The same command again carries on after a kill, and does again only what its inputs changed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fse.app.masse.ledger import Ledger, Result
from fse.app.masse.lock import only_run
from fse.app.masse.matching.facts import Facts, archives_of, empty_entities, gather_facts
from fse.app.masse.matching.pruning import parts_of
from fse.app.masse.matching.returned import Returns, without
from fse.app.masse.matching.slices import RAPPROCHEMENT, Match, slices_of
from fse.app.masse.matching.spark import check_spark
from fse.app.masse.matching.totals import added
from fse.app.masse.reading.container import MARQUES
from fse.app.masse.reading.files import Unite, check_name, plan_units, take_stock
from fse.app.masse.reading.owners import NOBODY, gather_owners, keep_owners
from fse.app.masse.reading.parts import DOUBLONS, LECTURE, RETOURS, TRAVAIL, sweep, write_again, write_part
from fse.app.masse.reading.settling import Settled, Taken, TakeOut, retraits, settle
from fse.app.masse.reading.unit import ReadUnit
from fse.app.masse.report import Rapport, report_of
from fse.app.masse.volume import volume
from fse.app.masse.work import Progress, Quiet, Task, Travail, U, processus_by_default, refused, run_units
from fse.app.operations.journal.exporter import entity_names
from fse.app.reports.fichiers import replace_file
from fse.base.errors import StorageError, UsageError
from fse.base.french import system_reason
from fse.base.resources import require

FICHIERS = "fichiers.parquet"
_SPACE = 2.0
"""Bytes written for each byte read, matching included: measured 1.6 on small files, less on large ones."""

Watch = Callable[[str], Progress]
"""Who follows each phase, by its French name."""


@dataclass(slots=True)
class _Run:
    """One run, its phases timed and its failures kept."""

    sortie: Path
    processus: int | None
    watch: Watch
    phases: dict[str, float] = field(default_factory=dict)
    works: list[Travail] = field(default_factory=list)

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.phases[phase] = self.phases.get(phase, 0.0) + time.perf_counter() - start

    def work(self, phase: str, units: Sequence[U], task: Task[U], *, processus: int | None) -> Travail:
        """One phase of units."""
        ledger = Ledger(self.sortie / TRAVAIL / phase, self.sortie)
        with self.timed(phase):
            work = run_units(units, task, ledger, processus=processus, progress=self.watch(phase))
        self.works.append(work)
        return work


def masse(
    entree: Path,
    sortie: Path,
    *,
    envois: Sequence[Path] = (),
    processus: int | None = None,
    spark: str | None = None,
    marque: str = "T",
    watch: Watch = lambda phase: Quiet(),
) -> Rapport:
    """Read every return under `entree` into `sortie`, and match them with the archives in `envois` when there are any.

    `spark`: the address of a Spark Connect server that reaches the same folders, which then matches; DuckDB otherwise.
    `marque`: the mark of the returns that count, T or D; those of another are set aside.
    Raises `UsageError` (folders, archives, `masse.marque`, `masse.faits_contraires`, `masse.spark`,
    `masse.spark_sans_envois`, an extra that is missing), `StorageError` (what the system refuses, `masse.place`,
    `masse.occupe`, `masse.spark`): what was finished stays finished.
    """
    require("pyarrow", extra="masse")
    _check_folders(entree, sortie)
    if marque not in MARQUES:
        raise UsageError(
            "masse.marque",
            f"La marque « {marque} » n'est pas de celles qui se comptent : T (test) ou D (démonstration).",
            action="Donner --marque T ou --marque D.",
        )
    if spark is not None:
        _check_spark(spark, envois)
    try:
        with only_run(sortie / TRAVAIL / "verrou"):
            return _run(_Run(sortie, processus, watch), entree, envois, spark, marque)
    except OSError as error:
        raise refused(error) from error


def _run(run: _Run, entree: Path, envois: Sequence[Path], spark: str | None, marque: str) -> Rapport:
    with run.timed("inventaire"):
        archives = archives_of(envois)
        facts = gather_facts(archives, run.sortie) if archives else None
        owners = gather_owners(facts.relations if facts else {})
        whose = run.sortie / TRAVAIL / "cabinets.parquet"
        key = keep_owners(whose, owners.cabinets)
        stock = take_stock(entree)
        units = plan_units(stock.contenus, run.sortie / TRAVAIL / "plan.json", f"{entree.resolve()} {key} {marque}")
        _check_space(run.sortie, sum(unit.poids for unit in units))
    task = ReadUnit(entree, run.sortie, (whose, key), marque)
    read, settled = _read(run, units, task, facts.taken if facts else Taken())
    returns = _returns(run, settled, facts) if facts else None
    matched = _match(run, read, settled, returns, spark) if returns else _unmatched(run.sortie)
    rapport = report_of(
        settled.files,
        read.resultats,
        matched,
        phases=run.phases,
        works=run.works,
        unites=units,
        laisses=stock.laisses,
        disputes=_disputes(run.sortie, read.resultats, owners.disputes),
        returns=returns,
    )
    replace_file(run.sortie / "rapport.json", json.dumps(rapport.content, ensure_ascii=False, indent=2).encode())
    return rapport


def _read(run: _Run, units: Sequence[Unite], task: ReadUnit, taken: Taken) -> tuple[Travail, Settled]:
    """Read the units, take out what another had first; a unit that lost a file which is its own again is read again."""
    removed = Ledger(run.sortie / TRAVAIL / DOUBLONS)
    while True:
        read = run.work(LECTURE, units, task, processus=run.processus)
        with run.timed(DOUBLONS):
            settled = settle({nom: _table(run.sortie, one["fichiers"]) for nom, one in read.resultats.items()}, taken)
        again = [
            nom
            for nom, (source, one) in removed.finished().items()
            if not set(one["empreintes"]) <= settled.losers.get(nom, frozenset())
        ]
        if not again:
            break
        for nom in again:
            Ledger(run.sortie / TRAVAIL / LECTURE).forget(nom)
            removed.forget(nom)
        run.works.pop()
    run.work(DOUBLONS, retraits(settled, read.resultats), TakeOut(run.sortie), processus=run.processus)
    with run.timed(DOUBLONS):
        kept = {chemin for one in read.resultats.values() for chemin in one["parties"]}
        sweep(run.sortie, RETOURS, kept)
        write_part(run.sortie, FICHIERS, settled.files)
    return read, settled


def _returns(run: _Run, settled: Settled, facts: Facts) -> Returns:
    """The facts, without the returns that were read here."""
    with run.timed("inventaire"):
        mine = settled.files.filter(pc.equal(settled.files["verdict"], "recu"))
        return without(facts, frozenset(mine["empreinte"].to_pylist()), run.sortie)


def _match(run: _Run, read: Travail, settled: Settled, returns: Returns, spark: str | None) -> dict[str, Any]:
    facts = returns.facts
    with run.timed("inventaire"):
        relations = _relations(run.sortie, read.resultats, facts)
        cabinets = _cabinets(relations["identifiant"][0], facts)
        if any(one["parties"] for one in read.resultats.values()):
            cabinets.add(NOBODY)  # a file that names nobody names none in `identifiant`
        state: list[object] = [facts.cle, spark or ""]
        state += [(nom, one["empreinte"]) for nom, one in read.resultats.items()]
        state += [(nom, sorted(gone)) for nom, gone in sorted(settled.losers.items())]
        slices = slices_of(cabinets, facts.factures, hashlib.sha256(repr(state).encode()).hexdigest())
        parts = parts_of(relations)
    cores = run.processus or processus_by_default()
    count = 1 if spark else max(min(cores, len(slices)), 1)
    task = Match(run.sortie, parts, spark, coeurs=max(cores // count, 1))
    work = run.work("rapprochement", slices, task, processus=count)
    sweep(run.sortie, RAPPROCHEMENT, {part for one in work.resultats.values() for part in one["parties"]})
    return {
        "tranches": {"faites": len(work.resultats), "en_echec": len(work.echecs)},
        **added(work.resultats.values()),
    }


def _unmatched(sortie: Path) -> dict[str, Any]:
    """Nothing, and nothing left of a former run that matched: it would contradict the tables of this one."""
    ledger = Ledger(sortie / TRAVAIL / RAPPROCHEMENT)
    for nom in ledger.finished():
        ledger.forget(nom)
    with suppress(FileNotFoundError):
        shutil.rmtree(sortie / RAPPROCHEMENT)
    return {}


def _disputes(
    sortie: Path, results: Mapping[str, Result], disputes: Mapping[str, Sequence[str]]
) -> dict[str, Sequence[str]]:
    """Of the numbers that several practices declare, those that returns name for nobody."""
    named: set[str] = set()
    if disputes:
        for one in results.values():
            rows = _table(sortie, one["identifiants"]).to_pylist()
            named |= {row["prestataire"] for row in rows if row["cabinet"] == NOBODY}
    return {number: cabinets for number, cabinets in disputes.items() if number in named}


def _relations(sortie: Path, results: Mapping[str, Result], facts: Facts) -> dict[str, list[Path]]:
    """The Parquet files of every relation: those of the archives, and what was read."""
    found = {name: list(paths) for name, paths in facts.relations.items()}
    for name, paths in empty_entities(sortie).items():
        found[name] += paths
    names = set(entity_names())
    for one in results.values():
        for chemin in one["parties"]:
            relation = chemin.split("/")[1]
            if relation in names:
                found[relation].append(sortie / chemin)
    tables = [pq.ParquetFile(path).read() for path in found["identifiant"]]
    tables += [_table(sortie, one["identifiants"]) for one in results.values()]
    merged = pa.concat_tables(tables).group_by(["cabinet", "brut", "prestataire"]).aggregate([])
    found["identifiant"] = [write_again(sortie, f"{TRAVAIL}/identifiant.parquet", merged)]
    return found


def _cabinets(identifiants: Path, facts: Facts) -> set[str]:
    """Every practice that sent, or that something came back for."""
    there = pq.ParquetFile(identifiants).read(["cabinet"]).column(0).unique().to_pylist()
    return {*there, *facts.factures}


def _table(sortie: Path, chemin: str) -> Any:
    return pq.ParquetFile(sortie / chemin).read()


def _check_folders(entree: Path, sortie: Path) -> None:
    try:
        there, reason = entree.is_dir(), "ce dossier n'existe pas"
    except OSError as error:
        there, reason = False, system_reason(error)
    if not there:
        raise UsageError(
            "entree.absente",
            f"Les retours ne peuvent pas être lus : {reason}.",
            action="Donner le dossier des retours à lire, et le droit de l'ouvrir.",
            lieu=str(entree),
        )
    check_name(sortie)
    if sortie.resolve().is_relative_to(entree.resolve()):
        raise UsageError(
            "masse.sortie_dans_entree",
            "La sortie est dans le dossier à lire : elle y serait lue à son tour.",
            action="Donner à --sortie un dossier ailleurs.",
            lieu=str(sortie),
        )


def _check_space(sortie: Path, read: int) -> None:
    """Refuse to start what the disk will not hold. Raises `StorageError` (`masse.place`)."""
    written = sum(path.stat().st_size for path in (sortie / RETOURS).rglob("*.parquet"))
    needed, free = int(read * _SPACE) - written, shutil.disk_usage(sortie).free
    if needed > free:
        raise StorageError(
            "masse.place",
            f"La place manque : il faut environ {volume(needed)} de plus pour la sortie, il en reste {volume(free)}.",
            action="Faire de la place ou donner un autre disque à --sortie. Ce qui était terminé est gardé.",
            lieu=str(sortie),
        )


def _check_spark(spark: str, envois: Sequence[Path]) -> None:
    if not envois:
        raise UsageError(
            "masse.spark_sans_envois",
            "Il n'y a rien à rapprocher : --spark demande --envois.",
            action="Ajouter --envois et ses archives, ou retirer --spark.",
        )
    check_spark(spark)
