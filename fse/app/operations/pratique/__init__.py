"""What a doctor reads of their own practice: fees without overrun, frequency of urgency majorations."""

from fse.app.operations.pratique.fiche import Medecin, PeriodeSuivie, Pratique
from fse.app.operations.pratique.pratique import pratique

__all__ = ["Medecin", "PeriodeSuivie", "Pratique", "pratique"]
