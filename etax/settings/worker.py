"""Background jobs: the only process that opens the vault, signs documents and seals the log."""

import secrets

from accounts.identity.keys import new_private_key
from accounts.vault.keys import parse_wrapping_keys
from etax.environment import VAR, BadSetting, environment
from etax.settings.base import *  # noqa: F403
from etax.settings.base import face_database
from etax.settings.gateways import gateways

FACE = "worker"
ROOT_URLCONF = "etax.faces.worker"
GATEWAYS = gateways(calls=True, callbacks=True)
DATABASES = {"default": face_database("worker")}
# Text messages: only the worker sends any.
SMS = {
    "url": environment.url("ETAX_SMS_URL", ("http", "https"), "http://127.0.0.1:8607"),
    "key": environment.secret("ETAX_SMS_KEY"),
    "sender": environment.text("ETAX_SMS_SENDER", "0200000000"),
}
# Where banks drop their files by SFTP, in a folder for each bank: docs/protocols/bankfiles.md.
BANK_FILES_FOLDER = environment.text("ETAX_BANK_FILES_FOLDER", str(VAR / "bankfiles"))
# ClamAV, for files that people bring; without it only pictures are shown, drawn anew: docs/appeals.md.
CLAMAV_ADDRESS = environment.text("ETAX_CLAMAV_ADDRESS", "")
LOG_SIGNING_KEY = environment.secret("ETAX_LOG_SIGNING_KEY")

# The key that signs documents, as files or behind another signer: docs/signing.md.
DOCUMENT_SIGNER = environment.text("ETAX_DOCUMENT_SIGNER", "receipts.signing.software.from_settings")
if DOCUMENT_SIGNER == "receipts.signing.software.from_settings":
    DOCUMENT_KEY = environment.file("ETAX_DOCUMENT_KEY", VAR / "signing" / "key.pem")
    DOCUMENT_CERTIFICATE = environment.file("ETAX_DOCUMENT_CERTIFICATE", VAR / "signing" / "certificate.pem")
DOCUMENT_ROOTS = environment.file("ETAX_DOCUMENT_ROOTS", VAR / "signing" / "roots.pem")
DOCUMENT_KEY_PASSWORD = environment.values.get("ETAX_DOCUMENT_KEY_PASSWORD", "")

# The identity vault. Nobody else has these keys.
VAULT_KEYS = environment.secret("ETAX_VAULT_KEYS", make=lambda: f"first:{secrets.token_hex(32)}")
try:
    parse_wrapping_keys(VAULT_KEYS)
except ValueError as error:
    raise BadSetting("ETAX_VAULT_KEYS", str(error)) from None
VAULT_PRIVATE_KEY = environment.key("ETAX_VAULT_PRIVATE_KEY")
BLIND_INDEX_KEY = environment.key("ETAX_BLIND_INDEX_KEY")
IDENTITY_PRIVATE_KEY = environment.secret("ETAX_IDENTITY_PRIVATE_KEY", make=new_private_key)
