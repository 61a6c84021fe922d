"""Rebuild a file from what `fse lire --format jsonl` says: fse lire --format jsonl F | python reconstruire.py > F2

The `cadrage` objects are placed first, at their offsets; then the fields of the records are poured, in order, into
the gaps, for a record may straddle the flag bytes of a return.
"""

import json
import sys

objects = [json.loads(line) for line in sys.stdin]
framing = {one["octet"]: one["brut"].encode("latin-1") for one in objects if one["type"] == "cadrage"}
texts = [champ["brut"] for one in objects if one["type"] != "cadrage" for champ in one["champs"]]
poured, data, used = "".join(texts).encode("latin-1"), bytearray(), 0
for octet in sorted(framing):
    gap = octet - len(data)
    data += poured[used : used + gap] + framing[octet]
    used += gap
sys.stdout.buffer.write(data + poured[used:])
