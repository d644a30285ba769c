"""Addresses and credentials of payment gateways; a face takes only those that it needs."""

from __future__ import annotations

import base64

from etax.environment import environment

Options = dict[str, str]


def gateways(*, calls: bool, callbacks: bool) -> dict[str, Options]:
    """Those of this process: the sandbox's, and Toss Payments where its address is set."""
    found = {"sandbox_acquirer": acquirer(calls=calls, callbacks=callbacks)}
    if environment.text("ETAX_TOSS_URL", ""):
        found["toss"] = toss(calls=calls)
    for bank in environment.items("ETAX_POOL_BANKS", ""):
        found[f"statement:{bank}"] = {"adapter": "bank_pool", "bank": bank}
    return found


def toss(*, calls: bool) -> Options:
    """Toss Payments: the secret key with which it is called. Its webhooks are proved by what it gave at issue."""
    return {
        "url": environment.url("ETAX_TOSS_URL", ("http", "https")),
        "currency": environment.text("ETAX_CURRENCY", "KRW"),
        "key": environment.secret("ETAX_TOSS_KEY") if calls else "",
    }


def acquirer(*, calls: bool, callbacks: bool) -> Options:
    """The sandbox acquirer: the key with which it is called, the secret with which its callbacks are signed."""
    url = environment.url("ETAX_ACQUIRER_URL", ("http", "https"), "http://127.0.0.1:8601")
    return {
        "url": url,
        "currency": environment.text("ETAX_CURRENCY", "KRW"),
        "key": environment.secret("ETAX_ACQUIRER_KEY") if calls else "",
        "webhook_secret": webhook_secret() if callbacks else "",
    }


def webhook_secret() -> str:
    """In the form of Standard Webhooks; whoever starts the sandbox gives it this one."""
    given = environment.secret("ETAX_ACQUIRER_WEBHOOK_SECRET")
    return given if given.startswith("whsec_") else "whsec_" + base64.b64encode(given.encode()[:64]).decode()


def atm_keys() -> dict[str, list[str]]:
    """The keys of the banks whose machines call us (`ETAX_ATM_BANKS`), the newest first; two while one is changed."""
    keys = {}
    for bank in environment.items("ETAX_ATM_BANKS", "088"):
        name = f"ETAX_ATM_KEY_{bank}"
        old = f"{name}_OLD"
        has_old = any(given in environment.values for given in (old, f"{old}_FILE"))
        keys[bank] = [environment.key(name), *([environment.key(old)] if has_old else [])]
    return keys
