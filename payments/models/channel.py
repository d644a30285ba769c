from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.states import Channel


class GatewayChannel(models.Model):
    """A gateway that serves a channel, and its place in the order. Changed by an administrator, in force at once.

    A channel without a row is served by `settings.DEFAULT_GATEWAY`; one whose rows are all closed is closed.
    """

    channel = models.CharField(max_length=20, choices=Channel.choices)
    position = models.SmallIntegerField(default=1)
    gateway = models.CharField(max_length=40)
    enabled = models.BooleanField(default=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="payments_channel_known"),
            models.CheckConstraint(condition=Q(position__gt=0), name="payments_channel_position"),
            models.UniqueConstraint("channel", "position", name="payments_channel_one_in_place"),
            models.UniqueConstraint("channel", "gateway", name="payments_channel_gateway_once"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.gateway}"


class GatewayHealth(models.Model):
    """How a gateway has answered lately, known to all processes (`payments/sql/routing.sql` writes it).

    `failures`: questions in a row that nobody answered. While `rests_until` lies ahead no payment begins there; a
    worker's probe at `probe_at` ends the rest early, or prolongs it.
    """

    gateway = models.CharField(max_length=40, primary_key=True)
    failures = models.IntegerField()
    rests_until = models.DateTimeField(null=True)
    probe_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.gateway}: {self.failures}"
