"""ansi-x12 makes segments and envelopes, and checks these; it knows no claim."""

import sys
from pathlib import Path

from serving import serve
from x12 import inspect_x12_interchange, parse_x12_interchange, tokenize_x12

path = Path(sys.argv[1])


def work():
    document = tokenize_x12(path.read_bytes())
    return document, inspect_x12_interchange(parse_x12_interchange(document))


serve(work, lambda found: {"claims": sum(one.tag == "CLP" for one in found[0].segments)})
