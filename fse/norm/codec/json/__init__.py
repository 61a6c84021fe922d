"""The JSON of `schemas/json/factures.schema.json`: the same documents as XML, to and from the same model.

One convention, derived from the model: an object is an item and its keys are the names of its attributes; repeated
items are an array under their plural name; whole numbers (amounts in centimes among them) are numbers, yes or no is a
boolean, anything else is the text that XML holds (`"0000"`, `"2026-10-05"`, `"1.50"`). What has no value is left out.
"""

from fse.norm.codec.json.reading import read
from fse.norm.codec.json.writing import build

__all__ = ["build", "read"]
