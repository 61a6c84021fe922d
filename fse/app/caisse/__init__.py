"""The payer simulator: reads a B2 file of test or demo as a caisse would, judges it, answers with NOEMIE returns.

Pure: bytes in, bytes out; files and dates are given by the command line. It stands in the place of the caisse, so it
may know neither the journal, nor matching, nor the incentive: it sees only what a payer receives.
"""
