"""The month of the demo's general practitioner, line by line, computed by hand and retyped: nothing of `fse`.

Tariffs, métropole, October 2026. G and VG 30.00, MCG 5.00: regles.md E.1. SNP 15.00, SHE 5.00, CRN 42.50, CRM 51.50,
CRD 26.50, VRM 59.50, MD 10.00, MU 22.60, MN 35.00 (general practitioner): the table of source 003, regles.md E.9.
MHP 5.00 since 22 December 2024 and MRT 15.00: E.9. IK 0.61 in the plain: lesml.org (2022), ikmanager.com. The
electrocardiogram, 14.26, is the price that the doctor gives (CCAM, DEQP003).

Kilometres billed (E.7): both ways less 2 km each way. 9 km: 18 - 4 = 14, so 8.54; 12 km: 24 - 4 = 20, so 12.20; 6 km:
12 - 4 = 8, so 4.88.

Shares (I.4): 70 % in the care path, 30 % outside it; 100 % of a long illness, of maternity from the sixth month on, of
a work accident. A fraction of a centime is rounded half up, once a line. An overrun is asked of the patient alone.
"""

from __future__ import annotations

Ligne = tuple[str, str, int, int]

G, VG, MD = ("G", "1", 1, 3000), ("VG", "1", 1, 3000), ("MD", "1", 1, 1000)
SNP, SHE, MRT, MHP = ("SNP", "1", 1, 1500), ("SHE", "1", 1, 500), ("MRT", "1", 1, 1500), ("MHP", "1", 1, 500)
CRD, CRN, CRM, VRM = ("CRD", "1", 1, 2650), ("CRN", "1", 1, 4250), ("CRM", "1", 1, 5150), ("VRM", "1", 1, 5950)
MU, MN, MCG = ("MU", "1", 1, 2260), ("MN", "1", 1, 3500), ("MCG", "1", 1, 500)
ECG, GRATUIT = ("ATM", "1", 1, 1426), ("G", "1", 1, 0)
IK_8, IK_14, IK_20 = ("IK", "1", 8, 488), ("IK", "1", 14, 854), ("IK", "1", 20, 1220)

MOIS: dict[str, list[Ligne]] = {
    "M-01": [G],
    "M-02": [G],
    "M-03": [G],
    "M-04": [G],
    "M-05": [G, SNP],
    "M-06": [VG, MD, IK_14],
    "M-07": [G, SNP, SHE],
    "M-08": [G, MRT],
    "M-09": [G, CRD],
    "M-10": [G, MHP],
    "M-11": [G, ECG],
    "M-12": [G, CRN],
    "M-13": [VG, MD, VRM, IK_20],
    "M-14": [G, CRM],
    "M-15": [VG, MU, ECG, IK_8],
    "M-16": [G],
    "M-17": [G],
    "M-18": [G],
    "M-19": [VG, MD],
    "M-20": [GRATUIT],
    "M-21": [G],
    "M-22": [G],
    "M-23": [G, MCG],
    "M-24": [G, MN],
    "M-25": [G],
}
"""Invoice → lines of its one session: code, coefficient billed, quantity, centimes at the tariff."""

DEPASSEMENTS = {"M-16": 1000}
"""What is asked above the tariff, in centimes."""

TOTAUX = {
    "M-01": (3000, 2100, 0),
    "M-02": (3000, 2100, 0),
    "M-03": (3000, 3000, 0),  # long illness
    "M-04": (3000, 2100, 900),  # C2S: the complementary takes what is left
    "M-05": (4500, 3150, 0),
    "M-06": (4854, 4854, 0),  # long illness
    "M-07": (5000, 3500, 0),
    "M-08": (4500, 3150, 0),
    "M-09": (5650, 3955, 0),  # 21.00 + 18.55
    "M-10": (3500, 2450, 0),
    "M-11": (4426, 3098, 0),  # 21.00 + 9.982
    "M-12": (7250, 5075, 0),  # 21.00 + 29.75
    "M-13": (11170, 7819, 0),  # 21.00 + 7.00 + 41.65 + 8.54
    "M-14": (8150, 5705, 0),  # 21.00 + 36.05
    "M-15": (7174, 5022, 0),  # 21.00 + 15.82 + 9.982 + 3.416
    "M-16": (4000, 2100, 0),  # 30.00 and the overrun of 10.00
    "M-17": (3000, 3000, 0),  # work accident
    "M-18": (3000, 900, 0),  # outside the path: 30 %
    "M-19": (4000, 4000, 0),  # long illness
    "M-20": (0, 0, 0),
    "M-21": (3000, 2100, 0),
    "M-22": (3000, 3000, 0),  # maternity
    "M-23": (3500, 2450, 0),
    "M-24": (6500, 4550, 0),
    "M-25": (3000, 2100, 900),
}
"""Invoice → fees, overrun included, AMO, AMC. Added by hand."""

TOTAL, TOTAL_AMO, TOTAL_AMC = 111174, 81278, 1800

QUALIFICATIFS = {"M-16": "E", "M-20": "G"}
"""The qualifier of the expense (b2.md 6): the patient's demand, a free act. None on the other lines."""

INDICATEURS = {
    "T": {"M-01", "M-02", "M-03", "M-04", "M-06", "M-08", "M-10", "M-11", "M-15", "M-16", "M-17", "M-19", "M-20"}
    | {"M-24", "M-25"},
    "U": {"M-05", "M-07", "M-09", "M-12", "M-13", "M-14"},
    "S": {"M-18"},
    "R": {"M-21", "M-22"},
    "H": {"M-23"},
}
"""The letter of the care path (schemas/codes/indicateur_parcours.csv) → the invoices that have it."""
