"""pyx12 validates a file against its implementation guide; no acknowledgement is written."""

import sys

from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document
from serving import serve

path = sys.argv[1]
serve(lambda: x12n_document(ParamsBase(), path, None, None), lambda valid: {"valid": valid})
