"""The XML of `schemas/xsd/factures.xsd`: the invoices that practice software gives, to and from the model."""

from fse.norm.codec.xml.reading import read
from fse.norm.codec.xml.writing import build

__all__ = ["build", "read"]
