"""NOEMIE returns by columns: many invoices at once, with the bytes and the meaning of the record codec.

for item in read_proved(lambda: chunks_of(path)):   # Batch | Finding | FichierLu | Account
for item in read_together([content, …]):            # many small contents: Batch | Told
"""

from fse.norm.codec.noemie.columns.judging import FichierLu
from fse.norm.codec.noemie.columns.reading import read_proved
from fse.norm.codec.noemie.columns.together import Told, read_together

__all__ = ["FichierLu", "Told", "read_proved", "read_together"]
