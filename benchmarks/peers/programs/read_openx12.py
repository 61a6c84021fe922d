"""openx12 makes dictionaries of claims and services."""

import sys
from pathlib import Path

from openx12 import x835
from serving import serve

path = Path(sys.argv[1])


def told(found):
    return {
        "claims": len(found.claims),
        "centimes": sum(round(100 * float(one["claim_payment_amount"])) for one in found.claims),
    }


serve(lambda: x835.parse(path.read_text(encoding="ascii")), told)
