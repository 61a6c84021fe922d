"""One test key for all the tests of the simulator: making a key takes a while."""

from datetime import UTC, datetime

import pytest

from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.trial_pki import create_test_key
from tests.app.caisse.world import ANNE, Pki


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    created = create_test_key(tmp_path_factory.mktemp("pki"), "secret", "DURAND ANNE", ANNE, datetime.now(UTC))
    return Pki(open_pkcs12(created.praticien, "secret"), created.ancre.read_bytes())
