"""A plausible month drawn by a seed: the scenario of what payers answer, late, lost, twice, in pieces, taken back.

What is drawn is a scenario and nothing else: it is written, read again and played as any other, so that a month can
be kept, edited and played again.
"""

from fse.app.caisse.drawing.drawing import draw_scenario
from fse.app.caisse.drawing.rates import Taux, read_taux

__all__ = ["Taux", "draw_scenario", "read_taux"]
