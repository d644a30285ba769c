"""The committee (지방세심의위원회): its members, for how long, and who does not sit in which case."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appeals.bench_states import Ground, Office, Profession, RecusalKind, RecusalStatus
from appeals.models.case import Case

OPEN = (RecusalStatus.ASKED, RecusalStatus.MOOT)


class Member(models.Model):
    """Somebody whom a body's committee has, or had; when, its commissions say. `name` is how rulings name them."""

    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    profession = models.CharField(max_length=14, choices=Profession.choices)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(profession__in=Profession.values) & ~Q(name=""), name="appeals_member_profession"
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class Commission(models.Model):
    """A member's time in office (위촉 기간), both days included; `ended_on`: the last one where it ended early.

    A member has one at a time, a committee one chair and one vice-chair: exclusion constraints in `sql/committee.sql`.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="commissions")
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+", db_index=False)
    office = models.CharField(max_length=6, choices=Office.choices, default=Office.MEMBER)
    begins_on = models.DateField()
    ends_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    ended_because = models.CharField(max_length=300, default="", blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(office__in=Office.values, ends_on__gte=F("begins_on")), name="appeals_commission_days"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, ended_at=None, ended_because="")
                | Q(ended_by__isnull=False, ended_at__isnull=False, ended_on__range=(F("begins_on"), F("ends_on")))
                & ~Q(ended_because=""),
                name="appeals_commission_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.member_id} from {self.begins_on}"


class Absence(models.Model):
    """Days on which a member can't sit, both included: they are not drawn for them. Append-only."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="absences")
    from_on = models.DateField()
    until_on = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="appeals_absence_days")]

    def __str__(self) -> str:
        return f"{self.member_id} away from {self.from_on}"


class Recusal(models.Model):
    """A member does not sit in a case: excluded (제척), challenged (기피) or stepped aside (회피).

    A challenge waits for the chair, or for the vice-chair where the chair is challenged; the others stand at once.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="recusals")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="recusals")
    kind = models.CharField(max_length=10, choices=RecusalKind.choices)
    ground = models.CharField(max_length=8, choices=Ground.choices)
    reason = models.CharField(max_length=2000)
    status = models.CharField(max_length=8, choices=RecusalStatus.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=2000, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RecusalKind.values, ground__in=Ground.values, status__in=RecusalStatus.values)
                & ~Q(reason=""),
                name="appeals_recusal_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind=RecusalKind.CHALLENGED, status__in=OPEN, decided_by=None, decided_at=None)
                | Q(kind=RecusalKind.CHALLENGED, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(status__in=OPEN)
                & ~Q(decided_by=F("member"))
                & ~Q(because="")
                | ~Q(kind=RecusalKind.CHALLENGED) & Q(status=RecusalStatus.STANDS, decided_by=None, decided_at=None),
                name="appeals_recusal_decided",
            ),
            models.UniqueConstraint(
                "case", "member", condition=Q(kind=RecusalKind.CHALLENGED), name="appeals_challenged_once"
            ),
            models.UniqueConstraint(
                "case", "member", condition=Q(status=RecusalStatus.STANDS), name="appeals_recused_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: member {self.member_id}, case {self.case_id}"
