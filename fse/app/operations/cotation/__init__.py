"""Pricing in a practice: what its journal knows of the patient, its tariff, and the document that comes out."""
