"""Delays of transmission and dates computed by hand with a paper calendar. Nothing of `fse` is imported.

Delays: regles.md A-04, A-20 to A-26, A-41; b2.md 11. Easter Sunday: 31 March 2024, 5 April 2026,
28 March 2027. "Working days": Monday to Friday without public holidays; the day of the fact does not count (our
reading).
"""

from __future__ import annotations

from datetime import date

# name → (value, unit, regime, what the article must say)
DELAYS: dict[str, tuple[int, str, str, str]] = {
    "transmission_paiement_direct": (3, "jours_ouvres", "droit", "R161-47 I 1° a"),
    "transmission_tiers_payant": (8, "jours_ouvres", "droit", "R161-47 I 1° b"),
    "accuse_attendu": (2, "jours_ouvres", "droit", "R161-47 I 1°"),
    "reemission": (2, "jours_ouvres", "droit", "R161-47 I 1°"),
    "ordre_virement": (5, "jours_ouvres", "projet-2011", "article 60"),
    "papier_envoi": (8, "jours", "droit", "R161-47 I 2°"),
    "papier_paiement": (20, "jours", "projet-2011", "article 65"),
    "double_electronique": (90, "jours", "droit", "R161-47"),
    "cahier_des_charges": (18, "mois", "projet-2011", "article 59.1"),
}

# (calendar, day of the fact, working days, last day in time)
WORKING_DAYS: tuple[tuple[str, date, int, date], ...] = (
    # no holiday: Monday 5 October 2026 → Tuesday 6, Wednesday 7, Thursday 8
    ("metropole", date(2026, 10, 5), 3, date(2026, 10, 8)),
    # over a week-end: Thursday 8 October 2026 → Friday 9, Monday 12
    ("metropole", date(2026, 10, 8), 2, date(2026, 10, 12)),
    # a fact on a Saturday or a Sunday: Monday is the first day
    ("metropole", date(2026, 10, 10), 1, date(2026, 10, 12)),
    ("metropole", date(2026, 10, 11), 1, date(2026, 10, 12)),
    # 8 days: 6, 7, 8, 9, 12, 13, 14, 15 October
    ("metropole", date(2026, 10, 5), 8, date(2026, 10, 15)),
    # Easter 2026: Thursday 2 April → Friday 3, (Monday 6 Easter) Tuesday 7, Wednesday 8
    ("metropole", date(2026, 4, 2), 3, date(2026, 4, 8)),
    # the same where Good Friday is a holiday: Tuesday 7, Wednesday 8, Thursday 9
    ("alsace-moselle", date(2026, 4, 2), 3, date(2026, 4, 9)),
    # Easter 2024: Thursday 28 March → (29 Good Friday) (1 April Monday) Tuesday 2
    ("alsace-moselle", date(2024, 3, 28), 1, date(2024, 4, 2)),
    # Good Friday in Guadeloupe is a custom: it is worked
    ("guadeloupe", date(2026, 4, 2), 1, date(2026, 4, 3)),
    # so is mid-Lent, Thursday 12 March 2026, and the day of Victor Schoelcher, Tuesday 21 July 2026
    ("guadeloupe", date(2026, 3, 11), 1, date(2026, 3, 12)),
    ("guadeloupe", date(2026, 7, 20), 1, date(2026, 7, 21)),
    ("martinique", date(2026, 7, 20), 1, date(2026, 7, 21)),
    ("saint-martin", date(2026, 7, 20), 1, date(2026, 7, 21)),
    # 1 May 2026 is a Friday, 8 May too: Thursday 30 April → 4, 5, 6, 7, 11, 12, 13 May, (14 Ascension) 15
    ("metropole", date(2026, 4, 30), 8, date(2026, 5, 15)),
    # Whit Monday 25 May 2026: Friday 22 → Tuesday 26
    ("metropole", date(2026, 5, 22), 1, date(2026, 5, 26)),
    # 14 July 2026, a Tuesday: Monday 13 → 15, 16
    ("metropole", date(2026, 7, 13), 2, date(2026, 7, 16)),
    # 15 August 2025, a Friday: Thursday 14 → Monday 18; in 2026 it is a Saturday and takes nothing
    ("metropole", date(2025, 8, 14), 1, date(2025, 8, 18)),
    ("metropole", date(2026, 8, 14), 1, date(2026, 8, 17)),
    # 1 November 2024, a Friday; 11 November 2025, a Tuesday
    ("metropole", date(2024, 10, 31), 1, date(2024, 11, 4)),
    ("metropole", date(2025, 11, 10), 1, date(2025, 11, 12)),
    # Christmas 2025, a Thursday: Wednesday 24 → Friday 26, Monday 29; where 26 December is a holiday: 29, 30
    ("metropole", date(2025, 12, 24), 2, date(2025, 12, 29)),
    ("alsace-moselle", date(2025, 12, 24), 2, date(2025, 12, 30)),
    # over the end of a year: Wednesday 30 December 2026 → 31, (1 January 2027, a Friday) Monday 4
    ("metropole", date(2026, 12, 30), 2, date(2027, 1, 4)),
    # days of the abolition of slavery (decree 83-1003): worked elsewhere
    ("guadeloupe", date(2026, 5, 26), 1, date(2026, 5, 28)),
    ("martinique", date(2026, 5, 21), 1, date(2026, 5, 26)),  # Friday 22 May, then Whit Monday
    ("guyane", date(2026, 6, 9), 1, date(2026, 6, 11)),
    ("la-reunion", date(2027, 12, 17), 1, date(2027, 12, 21)),  # 20 December 2027 is a Monday
    ("mayotte", date(2026, 4, 24), 1, date(2026, 4, 28)),  # 27 April 2026 is a Monday
    ("saint-barthelemy", date(2026, 10, 8), 1, date(2026, 10, 12)),  # 9 October 2026 is a Friday
    ("saint-martin", date(2026, 5, 27), 1, date(2026, 5, 29)),  # 28 May 2026 is a Thursday
    ("metropole", date(2026, 5, 26), 1, date(2026, 5, 27)),
    ("metropole", date(2026, 6, 9), 1, date(2026, 6, 10)),
    ("saint-pierre-et-miquelon", date(2026, 7, 13), 1, date(2026, 7, 15)),
)

# (published, corrected, last day to have it): 18 civil months, the last of the month when there is no such day
SPECIFICATION: tuple[tuple[date, date | None, date], ...] = (
    (date(2025, 3, 10), None, date(2026, 9, 10)),
    (date(2025, 8, 31), None, date(2027, 2, 28)),
    (date(2025, 3, 10), date(2025, 6, 15), date(2026, 12, 15)),
)

# (day of the fact, deadline, last day in time), mainland
DEADLINES: tuple[tuple[date, str, date], ...] = (
    (date(2026, 10, 5), "transmission_paiement_direct", date(2026, 10, 8)),
    (date(2026, 10, 5), "transmission_tiers_payant", date(2026, 10, 15)),
    (date(2026, 4, 30), "transmission_tiers_payant", date(2026, 5, 15)),
    (date(2026, 10, 8), "accuse_attendu", date(2026, 10, 12)),
    (date(2026, 10, 12), "reemission", date(2026, 10, 14)),
    (date(2026, 12, 23), "ordre_virement", date(2026, 12, 31)),  # 24, 28, 29, 30, 31: the 25th is a Friday
    (date(2026, 12, 23), "papier_envoi", date(2026, 12, 31)),  # calendar days
    (date(2026, 10, 5), "papier_paiement", date(2026, 10, 25)),
    (date(2026, 10, 5), "double_electronique", date(2027, 1, 3)),  # 26 + 30 + 31 days, then 3
)
