from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from accounts.enums import NumberKind


class VaultRecord(models.Model):
    """One number, encrypted under a key of its own, which is wrapped by a key of the vault (envelope encryption).

    `blind_index` is a keyed hash: it finds the record of a number at hand and tells nothing without the key.
    """

    kind = models.CharField(max_length=10, choices=NumberKind.choices)
    blind_index = models.BinaryField(max_length=32)
    key_id = models.CharField(max_length=40)
    wrapped_key = models.BinaryField(max_length=60)
    ciphertext = models.BinaryField(max_length=64)
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT)
    stored_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "blind_index"], name="accounts_number_once"),
            models.UniqueConstraint(fields=["taxpayer", "kind"], name="accounts_one_number_of_a_kind"),
        ]
        indexes = [models.Index("key_id", name="accounts_vault_by_key")]

    def __str__(self) -> str:
        return f"vault record {self.pk}"
