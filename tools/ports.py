"""Where the processes of a checkout listen: always on this machine only, on fixed ports where they are free."""

from __future__ import annotations

import socket
from dataclasses import dataclass, fields

from tools.cluster import free_port

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """One port for each process that is spoken to."""

    public: int = 8000
    office: int = 8001
    intake: int = 8002
    acquirer: int = 8601
    identity: int = 8602
    mail: int = 8603
    smtp: int = 8604
    toss: int = 8605
    atm: int = 8606
    sms: int = 8607
    bank: int = 8608
    atm_host: int = 8583

    def url(self, name: str) -> str:
        return f"http://{HOST}:{getattr(self, name)}"


def usual_ports() -> Ports:
    """The usual ones; another in place of each that is taken."""
    usual = Ports()
    return Ports(**{field.name: free_or_another(getattr(usual, field.name)) for field in fields(Ports)})


def free_ports() -> Ports:
    """As many that nobody uses."""
    return Ports(**{field.name: free_port() for field in fields(Ports)})


def free_or_another(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return free_port()
    return port
