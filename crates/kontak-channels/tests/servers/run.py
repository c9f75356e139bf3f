#!/usr/bin/env python3
"""Tries the e-mail adapter beside Dovecot, Pigeonhole and aiosmtpd.

    python3 crates/kontak-channels/tests/servers/run.py

Where Dovecot is missing and this runs as root, it is installed from Debian (and not started);
aiosmtpd comes from PyPI into target/servers. Both are started on free ports of the loopback
interface, Dovecot as an ordinary user with a mailbox in a temporary folder; mails are delivered, the
tests of `servers` run against them, and both are stopped.
"""

import asyncio
import contextlib
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
CACHE = ROOT / "target" / "servers"
DATA = ROOT.parent / "shared" / "data" / "mail"
DOVECOT = "/usr/sbin/dovecot"
PACKAGES = ["dovecot-imapd", "dovecot-lmtpd", "dovecot-sieve"]

CONFIG = """
base_dir = {tmp}/run
state_dir = {tmp}/state
log_path = {tmp}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{tmp}/mail
# Mails to the desk are handed on to it.
passdb {{
  driver = static
  username_filter = desk@*
  args = proxy=y host=127.0.0.1 port={desk} protocol=lmtp nopassword=y
}}
passdb {{
  driver = static
  args = password=rahasia
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={tmp}/home
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
lmtp_proxy = yes
postmaster_address = postmaster@desk.example
submission_host = 127.0.0.1:{sink}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:{tmp}/vacation.sieve
  sieve_vacation_min_period = 0
}}
"""

VACATION = """require ["vacation"];
vacation :addresses "siti@gmail.com" "Saya cuti sampai Senin.";
"""


def run(*command, **options):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def install_dovecot():
    """Dovecot knows its folders by their names, so it cannot be unpacked elsewhere."""
    if os.getuid() == 0:
        # In runlevel 1 a package does not start its service.
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def use_aiosmtpd():
    library = CACHE / "python"
    if not (library / "aiosmtpd").exists():
        run(sys.executable, "-m", "pip", "install", "--quiet", "--target", str(library), "aiosmtpd")
    sys.path.insert(0, str(library))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def started_dovecot(sink):
    tmp = Path(tempfile.mkdtemp(prefix="kontak-dovecot-"))
    # Dovecot serves no mail as root, so root becomes nobody.
    uid, gid = (65534, 65534) if os.getuid() == 0 else (os.getuid(), os.getgid())
    ports = {"desk": free_port(), "imap": free_port(), "lmtp": free_port(), "sink": sink}
    config = CONFIG.format(
        tmp=tmp, uid=uid, gid=gid,
        user=run("id", "-un", str(uid)).strip(), group=run("getent", "group", str(gid)).split(":")[0],
        **ports,
    )  # fmt: skip
    (tmp / "dovecot.conf").write_text(config)
    (tmp / "vacation.sieve").write_text(VACATION)
    for folder in ["home", "mail", "run", "state"]:
        (tmp / folder).mkdir()
    become = []
    if os.getuid() == 0:
        run("chown", "-R", f"{uid}:{gid}", str(tmp))
        become = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    command = [*become, DOVECOT, "-F", "-c", str(tmp / "dovecot.conf")]
    server = subprocess.Popen(command)
    try:
        for port in (ports["imap"], ports["lmtp"]):
            wait_for(port, server)
        yield ports
    except Exception:
        if (tmp / "log").exists():
            print((tmp / "log").read_text()[-4_000:], file=sys.stderr)
        raise
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(tmp, ignore_errors=True)


def wait_for(port, server):
    for _ in range(300):
        if server.poll() is not None:
            sys.exit("servers: Dovecot did not start")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    sys.exit(f"servers: nothing listens on port {port}")


@contextlib.contextmanager
def started_sinks(folder):
    """A server that takes mails, and one that dies when it has one."""
    from aiosmtpd.controller import Controller

    class Takes:
        async def handle_DATA(self, server, session, envelope):
            number = len(list(folder.iterdir()))
            head = f"X-Return-Path: <{(envelope.mail_from or '').strip('<>')}>\r\n".encode()
            (folder / f"{number:03}.eml").write_bytes(head + envelope.original_content)
            return "250 2.0.0 taken"

    class Dies:
        async def handle_DATA(self, server, session, envelope):
            server.transport.abort()
            await asyncio.sleep(0)
            return "250 2.0.0 nobody hears this"

    sinks = [Controller(handler(), "127.0.0.1", free_port()) for handler in (Takes, Dies)]
    for sink in sinks:
        sink.start()
    try:
        yield [sink.port for sink in sinks]
    finally:
        for sink in sinks:
            sink.stop()


def deliver(lmtp):
    """Mails over LMTP: a few that stand beside this file, and the optional data."""
    files = sorted(HERE.glob("*.eml")) + sorted(DATA.glob("eml/*.eml"))
    taken = 0
    with smtplib.LMTP("127.0.0.1", lmtp) as server:
        for file in files:
            try:
                server.sendmail("siti@gmail.com", ["layanan"], file.read_bytes())
                taken += 1
            except smtplib.SMTPException as error:
                print(f"servers: Dovecot refuses {file.name}: {error}")
    return taken


def main():
    if not Path(DOVECOT).exists() and shutil.which("apt-get"):
        install_dovecot()
    if not Path(DOVECOT).exists():
        print(f"servers: SKIPPED: no {DOVECOT}; on Debian, apt-get install {' '.join(PACKAGES)}")
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    use_aiosmtpd()
    with (
        tempfile.TemporaryDirectory() as folder,
        started_sinks(Path(folder)) as (takes, dies),
        started_dovecot(takes) as ports,
    ):
        taken = deliver(ports["lmtp"])
        print(f"servers: {taken} mails delivered")
        environment = {
            **os.environ,
            "KONTAK_DESK_LMTP": str(ports["desk"]),
            "KONTAK_IMAP": f"127.0.0.1:{ports['imap']}",
            "KONTAK_LMTP": str(ports["lmtp"]),
            "KONTAK_MAILS": str(taken),
            "KONTAK_SMTP": str(takes),
            "KONTAK_SMTP_DIES": str(dies),
            "KONTAK_SINK": folder,
        }
        command = "cargo test --locked -p kontak-channels --all-features --test it servers:: -- --nocapture --test-threads=1"
        status = subprocess.run(command.split(), cwd=ROOT, env=environment).returncode
    sys.exit(status)


if __name__ == "__main__":
    main()
