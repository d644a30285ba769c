"""A case, the lines of its docket, the files of both sides, and requests to mend a petition."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from appeals.states import HOLDING, Event, How, Kind, Side, Status, Wish
from core.evidence import EvidenceFile

SIDES = (Side.PETITIONER, Side.OFFICE, Side.CLERK)


class Case(models.Model):
    """A bill that its payer contests (이의신청), or one that was only noticed (과세전적부심사), from the draft on.

    `body` levied it, `authority` hears it. `served_on`: when the notice arrived, as the petitioner says;
    `hindered_until`: when force majeure ended that kept them from filing. `filed_at` counts for the petitioner's term,
    `received_at`, when the right authority had it, for the decision's; `longer_at`: they were told once that a review
    takes longer. Deadlines are computed from these, never stored.
    `sealed`: a seal stands on the whole case, as the rows of `Seal` say; a trigger keeps it.
    """

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OBJECTION)
    number = models.CharField(max_length=30, null=True, unique=True)  # noqa: DJ001 (a draft has none)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="+")
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    at_counter = models.BooleanField(default=False)
    served_on = models.DateField(null=True)
    hindered_until = models.DateField(null=True)
    hindrance = models.CharField(max_length=1000, default="", blank=True)
    grounds = models.TextField(max_length=10_000, default="", blank=True)
    wish = models.CharField(max_length=8, choices=Wish.choices, default=Wish.CANCEL)
    wish_amount = models.BigIntegerField(null=True)
    public_hearing = models.BooleanField(default=False)
    interpreter = models.CharField(max_length=60, default="", blank=True)
    accessibility = models.CharField(max_length=300, default="", blank=True)
    remote = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="ko")
    unavailable = models.JSONField(default=list, blank=True)
    filed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    longer_at = models.DateTimeField(null=True)
    sealed = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="appeals_case_status"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="appeals_case_kind"),
            models.CheckConstraint(
                condition=Q(status__in=(Status.DRAFT, Status.DISCARDED), number=None, filed_at=None, received_at=None)
                | ~Q(status__in=(Status.DRAFT, Status.DISCARDED))
                & Q(number__isnull=False, filed_at__isnull=False, received_at__isnull=False, served_on__isnull=False)
                & ~Q(grounds=""),
                name="appeals_case_filed",
            ),
            models.CheckConstraint(
                condition=Q(wish=Wish.CANCEL, wish_amount=None)
                | Q(wish=Wish.REDUCE, wish_amount__gt=0)
                | Q(status__in=(Status.DRAFT, Status.DISCARDED)),
                name="appeals_case_wish",
            ),
            models.CheckConstraint(
                condition=Q(hindered_until=None, hindrance="") | Q(hindered_until__isnull=False) & ~Q(hindrance=""),
                name="appeals_case_hindrance",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(received_at__gte=F("filed_at")), name="appeals_case_received"
            ),
            models.CheckConstraint(
                condition=Q(longer_at=None) | Q(kind=Kind.PRE_ASSESSMENT), name="appeals_case_longer"
            ),
            models.UniqueConstraint("bill", "kind", condition=Q(status__in=HOLDING), name="appeals_case_one_a_bill"),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "-id"], name="appeals_case_of_taxpayer"),
            models.Index(fields=["authority", "status"], name="appeals_case_of_authority"),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"


class Entry(models.Model):
    """A line of the docket: what happened, who did it, when, and how whoever it concerns was served. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    event = models.CharField(max_length=16, choices=Event.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(max_length=10_000, default="", blank=True)
    how = models.CharField(max_length=8, choices=How.choices, default="", blank=True)
    tracking = models.CharField(max_length=40, default="", blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(event__in=Event.values), name="appeals_entry_event"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="appeals_entry_side"),
            models.CheckConstraint(condition=Q(how__in=("", *How.values)), name="appeals_entry_how"),
            models.CheckConstraint(condition=~Q(how=How.POST) | ~Q(tracking=""), name="appeals_entry_tracked"),
            models.UniqueConstraint("case", "text", condition=Q(event=Event.REMINDED), name="appeals_reminded_once"),
        ]
        indexes = [models.Index(fields=["case", "id"], name="appeals_entry_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.event}"


class Evidence(EvidenceFile):
    """A file that a side brought (증거)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    side = models.CharField(max_length=10, choices=[(s.value, s.label) for s in SIDES])

    def __str__(self) -> str:
        return f"file {self.pk} of case {self.case_id}"


class Paged(models.Model):
    """How many pages a file has once it was looked at: what numbers the pages of its side. Of filed cases."""

    file = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="paged")
    pages = models.SmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pages__gt=0), name="appeals_paged_some")]

    def __str__(self) -> str:
        return f"file {self.file_id}: {self.pages} pages"


class Mending(models.Model):
    """A petition is to be mended (보정): what is missing, by which day; its days don't count towards the decision."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mendings")
    asked_on = models.DateField()
    due_on = models.DateField()
    agreed = models.BooleanField(default=False)
    text = models.CharField(max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=F("asked_on")) & ~Q(text=""), name="appeals_mending_asks"),
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(done_on__gte=F("asked_on")), name="appeals_mending_done"
            ),
            models.UniqueConstraint("case", condition=Q(done_on=None), name="appeals_one_mending"),
        ]

    def __str__(self) -> str:
        return f"mending of case {self.case_id} by {self.due_on}"


class Letter(models.Model):
    """The petitioner was written to about a line of the docket. Append-only: a line without one waits to be told."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="letter")
    addresses = models.IntegerField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"letter about {self.entry_id}"
