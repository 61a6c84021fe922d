"""Keys outside the program: PKCS#12 files (tests only) and, later, the professional's PKCS#11 card.

A room of floor 4: it opens a key into what `fse.domain.signature` signs with, and knows neither lot nor journal.
"""
