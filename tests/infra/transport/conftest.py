"""The servers of these tests, and what reaches them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from fse.infra.transport.tls import Serveur
from tests.mail_servers import Account, MailServers
from tests.mail_servers import mail_servers as mail_servers

Reach = Callable[..., Serveur]


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
