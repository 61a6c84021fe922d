"""How fast a NOEMIE return and a B2 file are read: their bytes alone, by columns, record by record.

    .venv/bin/python benchmarks/columns.py [--rounds 7] [--megabytes 24]

The files are made from the layouts, with synthetic values. In each round the three are measured one after another, so
that a busy moment of the machine touches all of them; the record codec reads a smaller file of the same making, and is
compared by byte. A first round is not counted. Times are wall clock. Memory is the peak of a fresh process that reads
the large file by columns, beside one that only imports what it needs.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from fse.norm.layout import EntityRow, frame, load_edition, read
from fse.norm.layout.columns import Account, read_columns

B2 = load_edition("b2", "ps-2003")
NOEMIE = load_edition("noemie", "ps-2007")
PRESTATAIRE = "001234566"
CHUNK = 1 << 20
MADE = 50
"""Groups of invoices that differ; a file repeats them."""
INVOICES = 100
"""Invoices of a group."""


def some_day() -> date:
    """A day of 2024."""
    return date(2024, 1, 1) + timedelta(days=random.randrange(366))


def noemie_group(ordinal: int) -> bytes:
    """A transfer: each invoice has its parts, one in five a reject."""
    day = some_day()
    entities = [
        NOEMIE.build("040", {"beneficiaire_reglement": PRESTATAIRE}),
        NOEMIE.build("071", {"date_comptable": day, "libelle_virement_1": "CPAM 998", "organisme_payeur": "CPAM998"}),
        NOEMIE.build("081", {"code_retour": "01", "lieu_execution": PRESTATAIRE}),
    ]
    for _ in range(INVOICES):
        number = random.randrange(1, 10**9)
        head = {"numero_facture": number, "numero_lot": 1, "date_lot": day, "nature_assurance": "10"}
        paid = random.choice([0, 1855, -500, random.randrange(10**6)])
        part = {"montant_demande": abs(paid), "etat": "P", "montant_rembourse": paid}
        entities += [NOEMIE.build("102", {**head, "date_facture": day}), NOEMIE.build("198", part)]
        if random.random() < 0.5:
            entities.append(NOEMIE.build("199", {**part, "numero_amc": "99800001", "numero_adherent": "ADH123"}))
        if random.random() < 0.2:
            reject = {"code_rejet": "9901", "libelle_rejet": "QUANTITÉ REFUSÉE", "niveau_rejet": "L", "partie": "O"}
            entities.append(NOEMIE.build("294", {**reject, "rang_rejet": 1, "numero_ligne": 1}))
    entities.append(NOEMIE.build("990", {"identification_niveau": f"071{ordinal:014}", "nombre": 1, "somme": 1}))
    return b"".join(entities)


def b2_lot(ordinal: int) -> bytes:
    """A lot of invoices of one to three lines."""
    key = {"prestataire": PRESTATAIRE, "nir": "2951099998000", "cle_nir": "20"}
    lot = {"prestataire": PRESTATAIRE, "organisme_destinataire": "998", "numero_lot": ordinal, "date_lot": some_day()}
    records = [B2.build("1", {**lot, "nom_prestataire": "DOCTEUR ESSAI"})]
    for _ in range(INVOICES):
        one = {**key, "numero_facture": random.randrange(1, 10**9)}
        head = {"date_facture": some_day(), "regime": "01", "caisse": "998", "centre": "0000", "nature_assurance": "10"}
        rights = {"justificatif_droits": "4", "date_naissance": "951301", "destinataire_reglement": "15"}
        lines = random.randint(1, 3)
        fee = {"prix_unitaire": 2650, "base": 2650, "taux": 70, "montant_amo": 1855, "montant_amc": 0}
        act = {"executant": PRESTATAIRE, "date_soins": some_day(), "code_acte": "C", "lieu": "0"}
        totals = {"total_honoraires": lines * 2650, "total_amo": lines * 1855, "total_amc": 0, "part_assure": 0}
        records += [
            B2.build("2", {**one, **head, **rights}),
            *[B2.build("4", {**one, **act, **fee, "quantite": 1, "honoraires": 2650})] * lines,
        ]
        records.append(B2.build("5", {**one, **totals, "nombre_lignes": lines}))
    end = {"prestataire": PRESTATAIRE, "numero_lot": ordinal, "nombre_factures": INVOICES, "nombre_lignes": INVOICES}
    totals = {"total_honoraires": 0, "total_amo": 0, "total_amc": 0}
    records.append(B2.build("6", {**end, **totals, "nombre_entetes": INVOICES, "nombre_totaux": INVOICES}))
    return b"".join(records)


def noemie_file(groups: list[bytes]) -> bytes:
    """A return of these groups."""
    envelope = {
        "type_emetteur": "CP",
        "numero_emetteur": "00000019980000",
        "type_destinataire": "TP",
        "numero_destinataire": PRESTATAIRE,
        "identifiant_fichier": "000007",
        "marque": "T",
    }
    tail = {"nombre_enregistrements": 0, "nombre_lots": 1, "total": 0}
    head = NOEMIE.build("000", {**envelope, "date_creation": some_day()})
    return frame(NOEMIE, [head, *groups, NOEMIE.build("999", {**envelope, **tail})])


def b2_file(lots: list[bytes]) -> bytes:
    """A file of these lots."""
    envelope = {
        "type_emetteur": "TP",
        "numero_emetteur": "00000001234566",
        "type_destinataire": "CT",
        "numero_destinataire": "998",
        "identifiant_fichier": "000001",
    }
    tail = {"nombre_enregistrements": 0, "nombre_lots": 1}
    return b"".join(
        [B2.build("000", {**envelope, "date_creation": some_day()}), *lots, B2.build("999", {**envelope, **tail})]
    )


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file."""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def by_bytes(path: Path) -> int:
    """The floor: the bytes are read, and nothing else."""
    return sum(len(chunk) for chunk in chunks_of(path))


def by_column(path: Path) -> int:
    """The number of rows, when nothing was handed over to the record codec."""
    account = None
    for item in read_columns(partial(chunks_of, path)):
        account = item
    if not isinstance(account, Account) or account.relais is not None or account.relues:
        raise SystemExit(f"{path.name} is not regular: {account}")
    return sum(account.lignes.values())


def by_record(path: Path) -> int:
    """The number of rows."""
    return sum(isinstance(item, EntityRow) for item in read(chunks_of(path)))


def seconds(task: Callable[[Path], int], path: Path) -> float:
    """How long it takes."""
    start = time.perf_counter()
    task(path)
    return time.perf_counter() - start


def spread(values: Iterable[float], form: str) -> str:
    """Median and quartiles."""
    first, middle, third = quantiles(values, n=4, method="inclusive")
    return f"{middle:{form}} ({first:{form}} to {third:{form}})"


def peak(path: Path | None) -> float:
    """Megabytes that a fresh process takes at most to read this file by columns; to import what it needs for `None`."""
    command = [sys.executable, __file__, "--peak", str(path or "")]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def print_peak(path: str) -> None:
    """What `peak` asks of its process (Linux: `ru_maxrss` would count what the parent holds)."""
    if path:
        by_column(Path(path))
    else:
        for _ in read_columns(lambda: [noemie_file([noemie_group(1)])]):
            pass
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)


def measure(name: str, large: Path, small: Path, rounds: int) -> None:
    """One file, all three ways; prints a paragraph."""
    rows, few = by_column(large), by_record(small)
    tasks = {"bytes": (by_bytes, large), "columns": (by_column, large), "records": (by_record, small)}
    times: dict[str, list[float]] = {task: [] for task in tasks}
    for number in range(rounds + 1):
        for task, (run, path) in tasks.items():
            elapsed = seconds(run, path)
            if number:
                times[task].append(elapsed / path.stat().st_size)
    sizes = [path.stat().st_size for path in (large, small)]
    print(f"\n{name}: {sizes[0] / 1e6:.1f} MB and {rows} rows; {sizes[1] / 1e6:.1f} MB and {few} rows record by record")
    for task, per_byte in times.items():
        speed = 1e-6 / median(per_byte)
        records = "" if task == "bytes" else f", {speed * rows / sizes[0]:8.3f} M rec/s"
        print(f"  {task:<8} {speed:9.1f} MB/s{records}, ns a byte {spread((1e9 * one for one in per_byte), '.3f')}")
    ratios = [record / column for record, column in zip(times["records"], times["columns"], strict=True)]
    floors = [column / floor for column, floor in zip(times["columns"], times["bytes"], strict=True)]
    print(f"  columns are {spread(ratios, '.1f')} times as fast as records")
    print(f"  columns take {spread(floors, '.1f')} times as long as reading the bytes")
    print(f"  memory at most {peak(large):.0f} MB, of which {peak(None):.0f} MB to import and read next to nothing")


def main() -> None:
    """Make the files, measure, print."""
    parser = argparse.ArgumentParser(description="The columnar codec beside the record codec.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--megabytes", type=int, default=24)
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak is not None:
        print_peak(options.peak)
        return
    random.seed(1)
    print(f"{options.rounds} rounds, Python {sys.version.split()[0]}; median (first to third quartile)")
    with tempfile.TemporaryDirectory() as folder:
        for name, one, file in (("NOEMIE", noemie_group, noemie_file), ("B2", b2_lot, b2_file)):
            groups = [one(ordinal) for ordinal in range(1, MADE + 1)]
            times = max(1, options.megabytes * 1_000_000 // len(b"".join(groups)) + 1)
            paths = Path(folder) / f"{name}-large", Path(folder) / f"{name}-small"
            for path, content in zip(paths, (groups * times, groups[: MADE // 2]), strict=True):
                path.write_bytes(file(content))
            measure(name, *paths, options.rounds)


if __name__ == "__main__":
    main()
