from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.states import Channel


class GatewayChannel(models.Model):
    """Which gateway serves a channel. Changed by an administrator, in force at the next payment.

    A channel without a row is served by `settings.DEFAULT_GATEWAY`.
    """

    channel = models.CharField(max_length=20, choices=Channel.choices, unique=True)
    gateway = models.CharField(max_length=40)
    enabled = models.BooleanField(default=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(channel__in=Channel.values), name="payments_channel_known")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.gateway}"
