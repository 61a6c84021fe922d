"""The month of the demo's speech therapist, line by line, computed by hand and retyped: nothing of `fse`.

Tariffs, métropole, October 2026: AMO 2.60 (regles.md E.1), IFN and IFS 4.00 (F.2), IK in the plain 0.24 (F.2). An
assessment of renewal is worth 70 % (F.1). Coefficients: F.3. A fraction of a centime is rounded half up, once a line.

Kilometres billed (E.7): both ways less 2 km each way. 7 km: 14 - 4 = 10, so 2.40.
"""

from __future__ import annotations

Ligne = tuple[str, str, int, int]

IFS, IFN, IK_10 = ("IFS", "1", 1, 400), ("IFN", "1", 1, 400), ("IK", "1", 10, 240)
LANGAGE_ECRIT = ("AMO", "11.6", 1, 3016)
LANGAGE_ORAL = ("AMO", "12.6", 1, 3276)
APHASIE = ("AMO", "15.7", 1, 4082)
PARKINSON = ("AMO", "15.6", 1, 4056)
HANDICAP = ("AMO", "13.8", 1, 3588)
GROUPE = ("AMO", "9", 1, 2340)
VOIX = ("AMO", "11.4", 1, 2964)

MOIS: dict[str, list[list[Ligne]]] = {
    "O-01": [[("AMO", "34.02", 1, 8845)], *[[LANGAGE_ECRIT]] * 4],  # 88.452
    "O-02": [[LANGAGE_ORAL]] * 3,
    "O-03": [[("AMO", "39.99", 1, 10397), IFS], *[[APHASIE, IFS]] * 4],  # 103.974
    "O-04": [[PARKINSON, IFN, IK_10]] * 3,
    "O-05": [[("AMO", "34.03", 1, 8848)]],  # 88.478
    "O-06": [[("AMO", "40.02", 1, 7284)], *[[HANDICAP]] * 3],  # 104.052 at 70 %: 72.8364
    "O-07": [[GROUPE]] * 2,
    "O-08": [[VOIX]] * 2,
}
"""Invoice → sessions → lines: code, coefficient billed, quantity, centimes."""

TOTAUX = {
    "O-01": 20909,
    "O-02": 9828,
    "O-03": 28725,
    "O-04": 14088,
    "O-05": 8848,
    "O-06": 18048,
    "O-07": 4680,
    "O-08": 5928,
}
"""Added by hand."""

TOTAL = 111054

OBLIGATIONS = {
    ("O-01", "orthophonie-compte-rendu"),
    ("O-03", "orthophonie-compte-rendu"),
    ("O-05", "orthophonie-compte-rendu"),
    ("O-05", "orthophonie-ordonnance-attendue"),
    ("O-06", "orthophonie-compte-rendu"),
}
"""What the month leaves to do on its last day: a report after each assessment, and the prescription of one patient."""
