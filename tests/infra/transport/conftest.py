"""The servers of these tests, and what reaches them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from fse.infra.transport.tls import Serveur
from tests.mail_certificates import Authority, Identity
from tests.mail_servers import Account, MailServers
from tests.mail_servers import mail_servers as mail_servers

Reach = Callable[..., Serveur]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Vouches for the servers that fail."""
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def identity(authority: Authority) -> Identity:
    """The certificate of such a server."""
    return authority.identity()


@pytest.fixture
def smtp(mail_servers: MailServers) -> Reach:
    """The way to Postfix for an account; anything of it can be changed."""
    return partial(_reach, mail_servers, mail_servers.smtp_port)


@pytest.fixture
def pop3(mail_servers: MailServers) -> Reach:
    """The way to Dovecot for an account; anything of it can be changed."""
    return partial(_reach, mail_servers, mail_servers.pop3_port)


def _reach(servers: MailServers, usual: int, account: Account, **changes: Any) -> Serveur:
    way = Serveur(
        serveur="localhost", port=usual, compte=account.address, autorites=servers.authority, delai=10, delai_final=10
    )
    return replace(way, **changes)
