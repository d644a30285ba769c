"""Sealing a number where it is typed or uploaded, for the worker to open (`accounts.vault`)."""

from accounts.vault.sealing import UnableToOpenSeal, open_seal, seal

__all__ = ["UnableToOpenSeal", "open_seal", "seal"]
