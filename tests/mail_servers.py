"""Real mail servers for tests: Postfix (SMTP, STARTTLS) hands over to Dovecot (LMTP), which POP3S reads. Loopback only.

    from tests.mail_servers import mail_servers  # a pytest fixture: one pair of servers a test process

    def test_x(mail_servers):
        cabinet, caisse = mail_servers.account("cabinet"), mail_servers.account("caisse")

Nothing leaves the machine: every domain but `*.invalid` of the accounts is refused. Each server has its own folder and
free ports, is a child of the test process and is stopped by it. Postfix starts as root only (or through `sudo -n`);
Dovecot as anybody. Without them tests are skipped, and fail where CI=true.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Literal

import pytest

from tests.mail_certificates import Authority

_ACCOUNTS = 1000
_START = 15.0  # seconds; a start takes about one
_ROOT = os.geteuid() == 0
USER, GROUP = (65534, 65534) if _ROOT else (os.geteuid(), os.getegid())  # Dovecot serves nobody's mail, or ours
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True)
class Account:
    """A mailbox: its address is also its account name."""

    address: str
    password: str


class MailServers:
    """Running servers. `authority` is the file that vouches for them; connect to the *name* `localhost`."""

    host = "localhost"

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.folder = folder
        self.ca = authority
        self.authority = str(authority.file)
        self.smtp_port, self.tls_port, self.lmtp_port, self.pop3_port, self.auth_port = free_ports(5)
        self._accounts = 0

    def account(self, name: Literal["boite", "cabinet", "caisse"] = "boite") -> Account:
        """A mailbox that nobody else has, empty."""
        self._accounts += 1
        assert self._accounts < _ACCOUNTS, "more accounts in _ACCOUNTS"
        return _account(name, self._accounts)

    def maildir(self, account: Account) -> Path:
        """Where Dovecot keeps the messages of an account, one file each, in `new` and `cur`."""
        return self.folder / "mail" / account.address / "Maildir"

    def count(self, account: Account) -> int:
        """How many messages there are, seen on the disk."""
        folders = [self.maildir(account) / one for one in ("new", "cur")]
        return sum(len(list(one.iterdir())) for one in folders if one.is_dir())

    def wait(self, account: Account, messages: int, seconds: float = 15.0) -> None:
        """Wait until the account has so many messages."""
        until = time.monotonic() + seconds
        while (count := self.count(account)) < messages:
            assert time.monotonic() < until, f"{count} of {messages} messages arrived\n{self.log()}"
            time.sleep(0.02)

    def deliver(self, account: Account, *messages: bytes, sender: str = "") -> None:
        """Put messages in a mailbox, as Postfix would: without Postfix, exactly these bytes after its own headers."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as client:
            for message in messages:
                client.sendmail(sender, [account.address], message)

    def log(self) -> str:
        """What the servers wrote, to be shown when something is wrong."""
        return "".join(one.read_text(errors="replace")[-4000:] for one in self.folder.glob("*.log"))


@pytest.fixture(scope="session")
def mail_servers() -> Iterator[MailServers]:
    """Postfix and Dovecot, running until the end of the test process."""
    with running() as servers:
        yield servers


@contextmanager
def running() -> Iterator[MailServers]:
    """Both servers, for these lines only; they start again on other ports when somebody took theirs."""
    with ExitStack() as stack:
        for tries_left in (2, 1, 0):
            try:
                servers = stack.enter_context(_running())
                break
            except RuntimeError:
                if not tries_left:
                    raise
        yield servers


@contextmanager
def _running() -> Iterator[MailServers]:
    need("dovecot", "dovecot-core dovecot-pop3d dovecot-lmtpd")
    need("postfix", "postfix")
    if not _ROOT and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
        _missing("Postfix starts as root only")
    folder = Path(mkdtemp(prefix="fse-mail-"))  # not pytest's, which only its owner may cross
    folder.chmod(0o755)
    try:
        servers = MailServers(folder, Authority(folder))
        with _dovecot(servers), _postfix(servers):
            yield servers
    finally:
        if not _ROOT:
            subprocess.run(["sudo", "-n", "rm", "-rf", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def need(command: str, packages: str) -> str:
    """The path of a command, or the test is skipped; it fails where CI=true."""
    found = shutil.which(command, path=_PATH)
    if found is None:
        _missing(f"{command} is not installed: apt-get install {packages}")
    return found


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _account(name: str, rank: int) -> Account:
    return Account(f"{name}.{rank}@essai.invalid", f"secret-{rank}-é")


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody has just now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


# --- Dovecot ---------------------------------------------------------------------------------------------------------


@contextmanager
def _dovecot(servers: MailServers) -> Iterator[None]:
    folder = servers.folder
    user, group = pwd.getpwuid(USER).pw_name, grp.getgrgid(GROUP).gr_name
    identity = servers.ca.identity()
    mail = folder / "mail"
    mail.mkdir()
    os.chown(mail, USER, GROUP)
    accounts = [_account(name, rank) for name in ("boite", "cabinet", "caisse") for rank in range(_ACCOUNTS)]
    lines = [f"{one.address}:{{PLAIN}}{one.password}:{USER}:{GROUP}::{mail}/{one.address}\n" for one in accounts]
    (folder / "accounts").write_text("".join(lines))  # at once: Dovecot looks for changes every few seconds
    (folder / "accounts").chmod(0o644)
    (folder / "dovecot.conf").write_text(
        f"""
base_dir = {folder}/dovecot
state_dir = {folder}/dovecot-state
log_path = {folder}/dovecot.log
listen = 127.0.0.1
protocols = pop3 lmtp
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = required
ssl_cert = <{identity.certificate}
ssl_key = <{identity.key}
ssl_min_protocol = TLSv1.2
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_fsync = never
first_valid_uid = 1
pop3_uidl_format = %v-%u
passdb {{
  driver = passwd-file
  args = {folder}/accounts
}}
userdb {{
  driver = passwd-file
  args = {folder}/accounts
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {servers.auth_port}
  }}
}}
service pop3-login {{
  chroot =
  service_count = 0
  inet_listener pop3 {{
    port = 0
  }}
  inet_listener pop3s {{
    port = {servers.pop3_port}
    ssl = yes
  }}
}}
service lmtp {{
  chroot =
  user = {user}
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {servers.lmtp_port}
  }}
}}
service stats {{
  chroot =
}}
"""
    )
    command = [need("dovecot", "dovecot-core"), "-F", "-c", str(folder / "dovecot.conf")]
    with _process(servers, command, servers.pop3_port, servers.lmtp_port, servers.auth_port):
        yield


# --- Postfix ---------------------------------------------------------------------------------------------------------


@contextmanager
def _postfix(servers: MailServers) -> Iterator[None]:
    folder = servers.folder
    config = folder / "postfix"
    config.mkdir()
    queue = folder / "queue"
    queue.mkdir()  # what is in it, `postfix start-fg` makes, in two seconds
    if _ROOT:
        _make_queue(queue, folder / "data")
    identity = servers.ca.identity()
    (config / "main.cf").write_text(
        f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
mail_owner = postfix
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks =
alias_maps =
alias_database =
local_transport = error:5.1.2 nothing is local
default_transport = error:5.1.2 nothing leaves this machine
virtual_mailbox_domains = essai.invalid
virtual_mailbox_maps =
virtual_transport = lmtp:inet:127.0.0.1:{servers.lmtp_port}
smtpd_reject_unlisted_recipient = no
disable_dns_lookups = yes
smtputf8_enable = no
biff = no
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {identity.certificate}
smtpd_tls_key_file = {identity.key}
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{servers.auth_port}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
message_size_limit = 20000000
delay_warning_time = 0
"""
    )
    (config / "master.cf").write_text(
        f"""
127.0.0.1:{servers.smtp_port} inet n - n - - smtpd
127.0.0.1:{servers.tls_port}  inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup     unix  n       -       n       60      1       pickup
cleanup    unix  n       -       n       -       0       cleanup
qmgr       unix  n       -       n       300     1       qmgr
tlsmgr     unix  -       -       n       1000?   1       tlsmgr
rewrite    unix  -       -       n       -       -       trivial-rewrite
bounce     unix  -       -       n       -       0       bounce
defer      unix  -       -       n       -       0       bounce
trace      unix  -       -       n       -       0       bounce
verify     unix  -       -       n       -       1       verify
flush      unix  n       -       n       1000?   0       flush
proxymap   unix  -       -       n       -       -       proxymap
showq      unix  n       -       n       -       -       showq
error      unix  -       -       n       -       -       error
retry      unix  -       -       n       -       -       error
lmtp       unix  -       -       n       -       -       lmtp
anvil      unix  -       -       n       -       1       anvil
postlog    unix-dgram n  -       n       -       1       postlogd
"""
    )
    as_root = [] if _ROOT else ["sudo", "-n"]
    if not _ROOT:
        subprocess.run([*as_root, "chown", "-R", "root", str(config)], check=True)
    command = [*as_root, need("postfix", "postfix"), "-c", str(config), "start-fg"]
    if _ROOT:
        shown = subprocess.run(
            [need("postconf", "postfix"), "-dh", "daemon_directory"], capture_output=True, check=True
        )
        command = [f"{shown.stdout.decode().strip()}/master", "-c", str(config), "-s"]
    with _process(servers, command, servers.smtp_port, servers.tls_port) as server:
        try:
            yield
        finally:  # the command waits for its daemon, whose id is there, and ends with it
            pid = (queue / "pid" / "master.pid").read_text().strip()
            subprocess.run([*as_root, "kill", pid], check=False)
            server.wait(_START)


def _make_queue(queue: Path, data: Path) -> None:
    """Make the folders of Postfix, as its file `postfix-files` has them: its daemon then starts at once."""
    owner, group = pwd.getpwnam("postfix").pw_uid, grp.getgrnam("postdrop").gr_gid
    private = (
        "active",
        "bounce",
        "corrupt",
        "defer",
        "deferred",
        "flush",
        "hold",
        "incoming",
        "private",
        "saved",
        "trace",
    )
    for path, mode in ((data, 0o700), (queue / "maildrop", 0o730), (queue / "public", 0o710)):
        path.mkdir()
        os.chown(path, owner, group)
        path.chmod(mode)
    for name in private:
        (queue / name).mkdir(0o700)
        os.chown(queue / name, owner, -1)
    (queue / "pid").mkdir(0o755)


@contextmanager
def _process(servers: MailServers, command: list[str], *ports: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server in the foreground, a child of ours, from when it listens there; it ends those that it starts."""
    with (servers.folder / "output.log").open("ab") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            until = time.monotonic() + _START
            for port in ports:
                while not _listens(port):
                    if server.poll() is not None or time.monotonic() > until:
                        raise RuntimeError(f"{command[0]} does not start\n{servers.log()}")
                    time.sleep(0.02)
            yield server
        finally:
            server.terminate()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
