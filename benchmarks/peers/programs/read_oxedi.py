"""oxedi makes typed tables and balances what is paid; what it finds wrong it says."""

import sys
from pathlib import Path

import oxedi
from serving import serve

path = Path(sys.argv[1])


def work():
    found = oxedi.parse(path.read_bytes())
    return found, found.tables, found.diagnostics


def told(result):
    found, tables, diagnostics = result
    return {
        "claims": len(tables["claims"]),
        "centimes": int(100 * found.sum_payments()),
        "valid": not diagnostics,
    }


serve(work, told)
