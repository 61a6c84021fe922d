"""What all tests share: the Hypothesis profiles and a clean environment. What one subject needs lies beside its tests.

That skips are listed with their reason at the end, and that no connection leaves the machine, are options of pytest in
`pyproject.toml`.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

for name in [name for name in os.environ if name.startswith("FSE_")]:
    del os.environ[name]
