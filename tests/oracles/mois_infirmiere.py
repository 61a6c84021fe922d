"""The month of the demo's nurse, line by line, computed by hand from the tariffs and retyped: nothing of `fse`.

Tariffs, métropole, October 2026 (regles.md E.1, E.7, G.1): AMI and AMX 3.15, BSB 18.20, DI 10.00, MAU 1.35, MCI 5.00,
MIE 3.15, night 9.15 and 18.30, Sunday 8.50, IFA and IFI 2.75, IK in the plain 0.35. A fraction of a centime is rounded
half up, once a line (E.2).

Kilometres billed (E.7): both ways less 2 km each way, whole ones. 4.6 km: 9.2 - 4 = 5.2, so 5; 10 km: 20 - 4 = 16;
3 km: 6 - 4 = 2.
"""

from __future__ import annotations

INSULINE = [("AMI", "1", 1, 315), ("AMI", "1", 1, 315)]
"""Article 5 bis: both in full, they count as one act (G.2)."""

IFA, IFI, DIMANCHE = ("IFA", "1", 1, 275), ("IFI", "1", 1, 275), ("F", "1", 1, 850)
PRISE_DE_SANG = ("AMI", "1.5", 1, 473)  # 4.725, in full beside any act (G.3)
MAU, MCI = ("MAU", "1", 1, 135), ("MCI", "1", 1, 500)
BSB, PANSEMENT_AMX = ("BSB", "1", 1, 1820), ("AMX", "4", 1, 1260)  # in full beside the package (G.3)
IK_5, IK_16, IK_2 = ("IK", "1", 5, 175), ("IK", "1", 16, 560), ("IK", "1", 2, 70)
INJECTION = ("AMI", "1", 1, 315)

Ligne = tuple[str, str, int, int]

MOIS: dict[str, list[list[Ligne]]] = {
    "I-01": [
        [*INSULINE, IFA],
        [*INSULINE, IFA],
        [*INSULINE, DIMANCHE, IFA],
        [*INSULINE, DIMANCHE, IFA],
        [*INSULINE, PRISE_DE_SANG, IFA],
    ],
    "I-02": [
        [("DI", "2.5", 1, 2500), IFA, IK_5],
        [BSB, PANSEMENT_AMX, IFI, IK_5],
        [BSB, PANSEMENT_AMX, ("AMX", "0.5", 1, 158), IFI, IK_5],  # the injection at half: 1.575 (G.3, G.5)
        [BSB, PANSEMENT_AMX, DIMANCHE, IFI, IK_5],
    ],
    "I-03": [[PRISE_DE_SANG, MAU, IFA], [PRISE_DE_SANG, MAU, IFA], [PRISE_DE_SANG, MAU]],
    "I-04": [
        [("AMI", "14", 1, 4410), IFA, IK_16],
        [("AMI", "4.1", 1, 1292), ("MN", "1", 1, 915), IFA, IK_16],  # 12.915
        [("AMI", "14", 1, 4410), IFA, IK_16],
        [("AMI", "5", 1, 1575), IFA, IK_16],
    ],
    "I-05": [
        [INJECTION, MCI, ("MM", "1", 1, 1830), IFA, IK_2],
        [INJECTION, MCI, DIMANCHE, IFA, IK_2],
        [INJECTION, MCI, ("MN", "1", 1, 915), IFA, IK_2],
    ],
    "I-06": [[INJECTION, ("MIE", "1", 1, 315), MAU]] * 2,
    "I-07": [[("AMI", "2.02", 1, 636)]],  # 6.363, no travel: same household (E.7)
    "I-08": [[("AMI", "1.1", 1, 347), ("AMI", "5.1", 1, 1607), MCI, IFA]] * 3,  # 3.465 and 16.065, both in full (G.3)
}
"""Invoice → sessions → lines: code, coefficient billed, quantity, centimes."""

TOTAUX = {
    "I-01": 6698,
    "I-02": 14548,
    "I-03": 2374,
    "I-04": 15942,
    "I-05": 7075,
    "I-06": 1530,
    "I-07": 636,
    "I-08": 8187,
}
"""Added by hand."""

TOTAL = 56990
