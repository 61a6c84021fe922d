"""NOEMIE returns by columns: many invoices at once, with the bytes and the meaning of the record codec.

    for item in read_proved(lambda: chunks_of(path)):   # Batch | Finding | FichierLu | Account
"""

from fse.norm.codec.noemie.columns.judging import FichierLu
from fse.norm.codec.noemie.columns.reading import read_proved

__all__ = ["FichierLu", "read_proved"]
