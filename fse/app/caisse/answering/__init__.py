"""Answers: judged invoices and a scenario to NOEMIE returns. Only third-party parts are answered.

Nothing is kept between two runs: the same lots, scenario and day give the same bytes. Returns of the older generation
are read by `fse`, never written. Conventions: precisions "Defaults of the NOEMIE fields"; noemie.md 1.3 bis.
"""
