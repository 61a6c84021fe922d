"""Supporting documents of invoices: deposited, sent once the lot is acknowledged, followed until they are accepted.

Source: regles.md A.8 (SCOR, decree of 10 January 2012), a model that we take for every profession. The transport is
ours: docs/pieces.md.
"""
