"""LinuxForHealth x12 makes a validated model of each transaction set."""

import sys

from linuxforhealth.x12.io import X12ModelReader
from serving import serve

path = sys.argv[1]


def work():
    with X12ModelReader(path) as reader:
        return list(reader.models())


def told(models):
    claims = [claim for model in models for header in model.loop_2000 for claim in header.loop_2100]
    return {"claims": len(claims), "centimes": int(sum(100 * one.clp_segment.claim_payment_amount for one in claims))}


serve(work, told)
