"""Health networks in a practice: their descriptions, the ledger of what they pay besides the NGAP, monthly states."""
