"""endesive signs lots of the same bytes with a PKCS#12 key: detached CMS with signed attributes.

Its package `plain` imports a verification that OpenSSL 3.0.10 and later break; `signer.sign` is what it calls.
"""

import sys
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from endesive.signer import sign
from serving import serve

key, certificate, chain = pkcs12.load_key_and_certificates(Path(sys.argv[1]).read_bytes(), sys.argv[2].encode())
lots = [Path(sys.argv[3]).read_bytes()] * int(sys.argv[4])
serve(
    lambda: [sign(lot, key, certificate, chain, "sha256", attrs=True) for lot in lots],
    lambda made: {"signatures": len(made)},
)
