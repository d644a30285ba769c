"""Brokers that a test may kill: RabbitMQ as a throw-away process on free ports, with a port mapper of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

# Debian's command in the path changes the user; the one behind it runs as the caller.
BEHIND = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
LISTEN = "127.0.0.1"


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((LISTEN, 0))
        return int(probe.getsockname()[1])


def until_it_listens(port: int, *, within: float) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex((LISTEN, port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens at {port} after {within:.0f} s")


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for the process and all its children."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(10)


class RabbitMQ:
    """A node whose queues lie in `folder`, so that it finds them again after it was killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._mapper_port, self._distribution_port = free_port(), free_port()
        self._mapper: subprocess.Popen[bytes] | None = None
        self._node: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{LISTEN}:{self.port}//"

    def start(self) -> None:
        env = self._environment()
        if self._mapper is None:
            mapper = shutil.which("epmd") or "epmd"
            command = [mapper, "-port", str(self._mapper_port), "-address", LISTEN]
            self._mapper = subprocess.Popen(command, env=env, start_new_session=True)
            until_it_listens(self._mapper_port, within=20)
        server = str(BEHIND) if BEHIND.exists() else "rabbitmq-server"
        with (self.folder / "output").open("ab") as output:
            self._node = subprocess.Popen(
                [server], env=env, cwd=self.folder, stdout=output, stderr=output, start_new_session=True
            )
        until_it_listens(self.port, within=90)

    def kill(self) -> None:
        if self._node is not None:
            kill_group(self._node)
            self._node = None

    def remove(self) -> None:
        self.kill()
        if self._mapper is not None:
            kill_group(self._mapper)
            self._mapper = None

    def _environment(self) -> dict[str, str]:
        for name in ("home", "data", "log"):
            (self.folder / name).mkdir(exist_ok=True)
        (self.folder / "enabled_plugins").write_text("[].")
        return {
            "PATH": f"{os.environ['PATH']}:/usr/sbin",
            "HOME": str(self.folder / "home"),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": LISTEN,
            "RABBITMQ_NODENAME": f"etax{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": LISTEN,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "none-either"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "no-environment"),
            # One scheduler that sleeps when there is nothing to do: a third less of the machine at each start.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
        }
