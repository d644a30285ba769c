"""The world outside as `make up` and `make demo` play it: what sandbox/ is told, and what our processes are told of it.

The two sides share secrets as a city and its gateway do; they are made once and kept in var/secrets.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

from etax.environment import environment
from tools.ports import HOST, Ports
from tools.supervisor import Program

CALLBACK_PATH = "/callbacks/sandbox"
IDENTITY_CLIENT = "etax-public"
IDENTITY_CALLBACK = "/sign-in/identity/callback"


def webhook_secret() -> str:
    """As *Standard Webhooks* writes it: whsec_ and base64."""
    return "whsec_" + base64.b64encode(bytes.fromhex(environment.secret("ETAX_SANDBOX_WEBHOOK_KEY"))).decode()


def environment_of_faces(ports: Ports) -> dict[str, str]:
    """What every process of ours is told about the world."""
    return {
        "ETAX_PUBLIC_URL": ports.url("public"),
        "ETAX_ACQUIRER_URL": ports.url("acquirer"),
        "ETAX_ACQUIRER_SECRET_KEY": environment.secret("ETAX_ACQUIRER_SECRET_KEY"),
        "ETAX_ACQUIRER_WEBHOOK_SECRET": webhook_secret(),
        "ETAX_IDENTITY_ISSUER": ports.url("identity"),
        "ETAX_IDENTITY_CLIENT_ID": IDENTITY_CLIENT,
        "ETAX_IDENTITY_CLIENT_SECRET": environment.secret("ETAX_IDENTITY_CLIENT_SECRET"),
        "ETAX_SMTP_HOST": HOST,
        "ETAX_SMTP_PORT": str(ports.smtp),
    }


def sandbox_programs(ports: Ports, store: Path) -> list[Program]:
    """Acquirer and bank, identity provider, mail catcher: a process and a store each."""
    acquirer = [
        *("--secret-key", environment.secret("ETAX_ACQUIRER_SECRET_KEY"), "--webhook-secret", webhook_secret()),
        *("--webhook-url", ports.url("intake") + CALLBACK_PATH, "--retry-base", "2"),
    ]
    identity = ["--clients", str(_clients_file(ports, store))]
    mail = ["--smtp-port", str(ports.smtp)]
    extra = {"acquirer": acquirer, "identity": identity, "mail": mail}
    return [_part(part, options, ports, store) for part, options in extra.items()]


def _part(part: str, options: list[str], ports: Ports, store: Path) -> Program:
    folder = store / part
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "sandbox", part, "--port", str(getattr(ports, part)), "--store", str(folder)]
    return Program(part, [*command, *options], ready=f"{ports.url(part)}/healthz")


def _clients_file(ports: Ports, store: Path) -> Path:
    client = {
        "client_id": IDENTITY_CLIENT,
        "client_secret": environment.secret("ETAX_IDENTITY_CLIENT_SECRET"),
        "client_name": {"ko": "지방세", "en": "Local taxes"},
        "redirect_uris": [ports.url("public") + IDENTITY_CALLBACK],
        "jwks": {"keys": []},
        "resident_number": True,
    }
    file = store / "clients.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps({"clients": [client]}, ensure_ascii=False, indent=1))
    return file
