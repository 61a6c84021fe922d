"""How long what is kept must be kept: the legal delays by name, with their source."""

from __future__ import annotations

DOUBLE_ELECTRONIQUE = 90
"""Days from its sending for which the electronic double of a sheet, and of its answers, is kept at least; longer when
it is not settled yet (CSS R161-47). It is also the delay of what a practice keeps of a person: input, sheet, identity.
Nothing here deletes by itself: what a practice must keep longer for other duties (accounts, care), it keeps."""
