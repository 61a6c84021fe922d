"""Independent oracles of the tests: facts of the norm retyped by hand, with hand-made readers and checkers over them.

Nothing here imports `fse` nor reads `schemas/` (architecture, decision 19): when a test compares the product with an
oracle, the two come from the same public description by two different hands. Only the standard library is used, and
sqlglot in `sql_linter`.
"""
