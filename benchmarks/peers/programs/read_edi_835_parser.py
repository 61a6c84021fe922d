"""edi-835-parser makes objects of claims and services; it checks nothing of the envelope."""

import sys

from edi_835_parser import parse
from serving import serve

path = sys.argv[1]


def told(found):
    claims = found.transaction_sets[0].claims
    return {"claims": len(claims), "centimes": sum(round(100 * float(one.claim.paid_amount)) for one in claims)}


serve(lambda: parse(path), told)
