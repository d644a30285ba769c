"""One-time codes: a code generator on the person's phone, and backup codes on paper."""

from __future__ import annotations

import secrets
from typing import Final

from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.functions import ask
from accounts.models import Account
from accounts.services.sign_in import WrongCode
from core.identifiers import ALPHABET

BACKUP_CODES: Final = 10
BACKUP_LENGTH: Final = 10


def check_code(*, account_id: int, code: str) -> None:
    """Six digits from the generator, or a backup code, which is then used up. Raises `WrongCode`.

    The device itself slows guessing down: after each wrong code it waits twice as long.
    """
    plain = "".join(code.split()).replace("-", "").upper()
    if len(plain) == BACKUP_LENGTH:
        if not ask("accounts_use_backup_code", plain):
            raise WrongCode
        return
    device = TOTPDevice.objects.select_for_update().filter(user_id=account_id, confirmed=True).first()
    if device is None or not plain.isascii() or not device.verify_token(plain):
        raise WrongCode


def generator_in_preparation(*, account: Account) -> TOTPDevice:
    """The generator that is being set up: its secret is shown until the first right code."""
    device: TOTPDevice
    device, _ = TOTPDevice.objects.get_or_create(user_id=account.pk, confirmed=False, defaults={"name": "app"})
    device.user = account  # spares a question that the public login may not ask
    return device


def confirm_generator(*, account: Account, code: str) -> None:
    """The first right code makes the generator count. Raises `WrongCode`."""
    device = generator_in_preparation(account=account)
    if not device.verify_token("".join(code.split())):  # type: ignore[no-untyped-call]
        raise WrongCode
    device.confirmed = True
    device.save(update_fields=["confirmed"])


def new_backup_codes() -> list[str]:
    """Ten fresh codes such as `7Q0V3-M1T9X`; older ones are void. They are shown once and kept as hashes."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(BACKUP_LENGTH)) for _ in range(BACKUP_CODES)]
    ask("accounts_keep_backup_codes", codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def has_generator() -> bool:
    """Whether the signed-in person has a confirmed generator."""
    return bool(ask("accounts_next_step_of_mine") == "code")


def backup_codes_left() -> int:
    return int(ask("accounts_backup_codes_left"))
