"""python -m sandbox acquirer|atm|bank|toss|identity|mail|sms"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sandbox.acquirer import app as acquirer
from sandbox.atm import app as atm
from sandbox.bank import app as bank
from sandbox.identity import app as identity
from sandbox.mail import app as mail
from sandbox.options import BadOption
from sandbox.sms import app as sms
from sandbox.store import StoreInUse
from sandbox.toss import app as toss


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m sandbox", description="The world outside. No real money, no real people."
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--host", default="127.0.0.1")
    common.add_argument("--port", type=int, required=True, help="0 takes a free one")
    common.add_argument("--store", type=Path, required=True, help="directory of this process alone")
    common.add_argument("--public-url", help="how browsers reach it")
    parts = top.add_subparsers(dest="part", required=True)

    shop = argparse.ArgumentParser(add_help=False, parents=[common])
    shop.add_argument("--secret-key")
    shop.add_argument("--webhook-url")
    shop.add_argument("--webhook-events", help="which kinds of callback are sent; default: all")
    shop.add_argument("--retry-base", type=float, default=60.0)
    shop.add_argument("--callback-timeout", type=float, default=10.0)

    card = parts.add_parser("acquirer", parents=[shop])
    card.add_argument("--webhook-secret")

    parts.add_parser("toss", parents=[shop])

    machine = parts.add_parser("atm", parents=[common])
    machine.add_argument("--city", required=True, help="host:port of the city's host")
    machine.add_argument("--bank", default="088")
    machine.add_argument("--key", required=True, help="64 hexadecimal digits")

    files = parts.add_parser("bank", parents=[common])
    files.add_argument("--accounts", type=Path, required=True, help="JSON: the city's account at each bank")
    files.add_argument("--folder", type=Path, required=True, help="where banks and city exchange files")
    files.add_argument("--notice-every", type=float, default=5.0, help="seconds between two notices")

    people = parts.add_parser("identity", parents=[common])
    people.add_argument("--clients", type=Path, required=True)
    people.add_argument("--people", type=Path)

    post = parts.add_parser("mail", parents=[common])
    post.add_argument("--smtp-port", type=int, required=True, help="0 takes a free one")

    text = parts.add_parser("sms", parents=[common])
    text.add_argument("--secret-key")
    text.add_argument("--senders", default="0200000000", help="registered numbers, separated by commas")
    text.add_argument("--deliver-after", type=float, default=1.0, help="seconds that a message is under way")
    return top


def main() -> None:
    options = parser().parse_args()
    parts_by_name = {
        "acquirer": acquirer,
        "atm": atm,
        "bank": bank,
        "toss": toss,
        "identity": identity,
        "mail": mail,
        "sms": sms,
    }
    run = parts_by_name[options.part].run
    try:
        run(options)
    except (BadOption, StoreInUse, OSError) as error:
        sys.exit(f"sandbox {options.part}: {error}")


if __name__ == "__main__":
    main()
