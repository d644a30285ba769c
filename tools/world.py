"""The world outside as `make up` and `make demo` play it: what sandbox/ is told, and what our processes are told of it.

The two sides share secrets as a city and its gateway do; they are made once and kept in var/secrets.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from etax.environment import environment
from tools.checkout import CHECKOUT
from tools.ports import HOST, Ports
from tools.supervisor import Program

CALLBACK_PATH = "/callbacks/sandbox_acquirer"
TOSS_CALLBACK_PATH = "/callbacks/toss"
IDENTITY_CLIENT = "etax-public"
IDENTITY_CALLBACK = "/sign-in/identity/callback"
ATM_BANK = "088"
# The bank whose range of numbers the city gives out itself, where an administrator chooses it.
POOL_BANK = "088"
ATM_KEY = f"ETAX_ATM_KEY_{ATM_BANK}"


def webhook_secret() -> str:
    """As *Standard Webhooks* writes it: whsec_ and base64."""
    return "whsec_" + base64.b64encode(environment.secret("ETAX_ACQUIRER_WEBHOOK_SECRET").encode()[:64]).decode()


def environment_of_faces(ports: Ports, store: Path) -> dict[str, str]:
    """What every process of ours is told about the world, whose memory lies in `store`."""
    return {
        "ETAX_PUBLIC_URL": ports.url("public"),
        "ETAX_OFFICE_URL": ports.url("office"),
        "ETAX_ACQUIRER_URL": ports.url("acquirer"),
        "ETAX_ACQUIRER_KEY": environment.secret("ETAX_ACQUIRER_KEY"),
        "ETAX_ACQUIRER_WEBHOOK_SECRET": webhook_secret(),
        "ETAX_TOSS_URL": ports.url("toss"),
        "ETAX_TOSS_KEY": environment.secret("ETAX_TOSS_KEY"),
        "ETAX_IDENTITY_ISSUER": ports.url("identity"),
        "ETAX_IDENTITY_CLIENT_ID": IDENTITY_CLIENT,
        "ETAX_IDENTITY_CLIENT_SECRET": environment.secret("ETAX_IDENTITY_CLIENT_SECRET"),
        "ETAX_ATM_BANKS": ATM_BANK,
        ATM_KEY: environment.key(ATM_KEY),
        "ETAX_SMTP_HOST": HOST,
        "ETAX_SMTP_PORT": str(ports.smtp),
        "ETAX_POOL_BANKS": POOL_BANK,
        "ETAX_BANK_FILES_FOLDER": str(_bank_files(store)),
        "ETAX_SMS_URL": ports.url("sms"),
        "ETAX_SMS_KEY": environment.secret("ETAX_SMS_KEY"),
    }


def sandbox_programs(ports: Ports, store: Path) -> list[Program]:
    """Two gateways and their banks, a cash machine, the banks that send files, identity, mail, SMS: a store each."""
    acquirer = [
        *("--secret-key", environment.secret("ETAX_ACQUIRER_KEY"), "--webhook-secret", webhook_secret()),
        *("--webhook-url", ports.url("intake") + CALLBACK_PATH, "--retry-base", "2"),
    ]
    toss = [
        *("--secret-key", environment.secret("ETAX_TOSS_KEY")),
        *("--webhook-url", ports.url("intake") + TOSS_CALLBACK_PATH, "--retry-base", "2"),
    ]
    identity = ["--clients", str(_clients_file(ports, store))]
    mail = ["--smtp-port", str(ports.smtp)]
    atm = ["--city", f"{HOST}:{ports.atm_host}", "--bank", ATM_BANK, "--key", environment.key(ATM_KEY)]
    bank = ["--accounts", str(_accounts_file(store)), "--folder", str(_bank_files(store))]
    sms = ["--secret-key", environment.secret("ETAX_SMS_KEY")]
    extra = {
        "acquirer": acquirer,
        "toss": toss,
        "atm": atm,
        "bank": bank,
        "identity": identity,
        "mail": mail,
        "sms": sms,
    }
    return [_part(part, options, ports, store) for part, options in extra.items()]


def _bank_files(store: Path) -> Path:
    """Where banks and city exchange files."""
    return (store / "bankfiles").absolute()


def _accounts_file(store: Path) -> Path:
    """The city's accounts with their virtual numbers, as the pack's youngest table names them."""
    pack = CHECKOUT / "etax" / "cities" / environment.text("ETAX_CITY", "seoul") / "banks.yaml"
    table = yaml.safe_load(pack.read_text(encoding="utf-8"))["tables"][-1]["body"]
    accounts = [
        {"bank": one["code"], "name": one["name_ko"], "account": one["account"], **one["numbers"]}
        for one in table["banks"]
    ]
    file = store / "accounts.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(accounts, ensure_ascii=False, indent=1), encoding="utf-8")
    return file


def _part(part: str, options: list[str], ports: Ports, store: Path) -> Program:
    folder = store / part
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "sandbox", part, "--port", str(getattr(ports, part)), "--store", str(folder)]
    return Program(part, [*command, *options], ready=f"{ports.url(part)}/healthz")


def identity_private_key() -> str:
    """PEM. Only the worker has it: who fetches an id_token cannot read it."""
    return environment.secret("ETAX_IDENTITY_PRIVATE_KEY", make=_new_private_key)


def _new_private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _public_key() -> dict[str, str]:
    """As a JSON Web Key for encryption."""
    private = load_pem_private_key(identity_private_key().encode(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError("ETAX_IDENTITY_PRIVATE_KEY is not an RSA key")
    numbers = private.public_key().public_numbers()
    named = {"kty": "RSA", "use": "enc", "alg": "RSA-OAEP-256", "kid": "1"}
    return {**named, "n": _base64url(numbers.n), "e": _base64url(numbers.e)}


def _base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


def _clients_file(ports: Ports, store: Path) -> Path:
    client = {
        "client_id": IDENTITY_CLIENT,
        "client_secret": environment.secret("ETAX_IDENTITY_CLIENT_SECRET"),
        "client_name": {"ko": "지방세", "en": "Local taxes"},
        "redirect_uris": [ports.url("public") + IDENTITY_CALLBACK],
        "jwks": {"keys": [_public_key()]},
        "resident_number": True,
    }
    file = store / "clients.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps({"clients": [client]}, ensure_ascii=False, indent=1))
    return file
