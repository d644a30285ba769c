"""The pool of special tax advocates (세무변호인), what was declared about them, and whose advocate somebody is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appeals.advocate_states import Declared, Found, Left
from appeals.models.case import Case
from appeals.models.draw import Draw


class Advocate(models.Model):
    """An officer of the pool, as they stand now. `knows`: tax to 1, 2 or 3; `districts`: codes of bodies of which they
    are given no case; `team`: where they work, of `hearing_teams`; `most`: cases at once; `phone`, `room`: for
    petitioners."""

    officer = models.OneToOneField("accounts.Officer", on_delete=models.PROTECT, primary_key=True, related_name="+")
    in_pool = models.BooleanField(default=True)
    knows = models.JSONField(default=dict, blank=True)
    districts = models.JSONField(default=list, blank=True)
    team = models.CharField(max_length=20, default="", blank=True)
    most = models.SmallIntegerField()
    phone = models.CharField(max_length=40, default="", blank=True)
    room = models.CharField(max_length=100, default="", blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(most__range=(0, 100)), name="appeals_advocate_most")]

    def __str__(self) -> str:
        return f"advocate {self.officer_id}"


class Declaration(models.Model):
    """What was declared about an advocate, by whom and when. Append-only."""

    advocate = models.ForeignKey(Advocate, on_delete=models.PROTECT, related_name="declarations")
    what = models.CharField(max_length=10, choices=Declared.choices)
    facts = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(what__in=Declared.values), name="appeals_declaration_what")]
        indexes = [models.Index(fields=["at"], name="appeals_declared_at")]

    def __str__(self) -> str:
        return f"{self.what} of advocate {self.advocate_id}"


class AdvocateAbsence(models.Model):
    """From day to day an advocate is not there (부재)."""

    advocate = models.ForeignKey(Advocate, on_delete=models.PROTECT, related_name="absences")
    begins = models.DateField()
    ends = models.DateField()
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="appeals_advocateabsence_days")]

    def __str__(self) -> str:
        return f"advocate {self.advocate_id} from {self.begins} to {self.ends}"


class Conflict(models.Model):
    """An advocate is not free towards a petitioner (이해관계), as they said. Append-only."""

    advocate = models.ForeignKey(Advocate, on_delete=models.PROTECT, related_name="conflicts")
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("advocate", "taxpayer", name="appeals_conflict_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="appeals_conflict_says_why"),
        ]

    def __str__(self) -> str:
        return f"conflict of advocate {self.advocate_id}"


class DrawCase(models.Model):
    """A case in a draw of advocates, by its mark there; a case is in one open draw at a time."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="draws")
    mark = models.CharField(max_length=20)
    found = models.CharField(max_length=6, choices=Found.choices, default="", blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("draw", "case", name="appeals_drawcase_once"),
            models.UniqueConstraint("case", condition=Q(done_at=None), name="appeals_drawcase_open"),
            models.CheckConstraint(
                condition=Q(done_at=None, found="") | Q(done_at__isnull=False, found__in=Found.values),
                name="appeals_drawcase_found",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} in draw {self.draw_id}"


class Advocacy(models.Model):
    """Somebody is a case's advocate, as a draw said, until they leave it. `told_at`: when they were written to."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="advocacies")
    advocate = models.ForeignKey(Advocate, on_delete=models.PROTECT, related_name="advocacies")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=8, choices=Left.choices, default="", blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", condition=Q(ended_at=None), name="appeals_advocacy_one"),
            models.UniqueConstraint("case", "draw", name="appeals_advocacy_of_draw"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | Q(ended_at__isnull=False, ended_why__in=Left.values),
                name="appeals_advocacy_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"advocate {self.advocate_id} of case {self.case_id}"


class AnotherAsked(models.Model):
    """The petitioner asked for another advocate: once in a case. Append-only."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="another_asked")
    advocacy = models.OneToOneField(Advocacy, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000, default="", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"another advocate for case {self.case_id}"
