"""Files that people bring as evidence (증거): bounded, looked at before anybody opens them, and never run."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import structlog
from django import forms
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core import audit
from core.db.transactions import forbid_in_transaction
from core.errors import Refusal
from core.scan.clam import ScannerSilent, is_clean
from core.scan.picture import drawn_anew
from core.uploads import SIGNATURES, read_upload

MOST_BYTES: Final = 5 * 1024 * 1024
AT_ONCE: Final = 50
KINDS: Final = ("pdf", "png", "jpeg")
TYPES: Final = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
log = structlog.get_logger(__name__)


class Scan(models.TextChoices):
    """What is known of a file that somebody brought. Only what is clean, or was drawn anew as a picture, is shown."""

    WAITING = "waiting", _("Being checked")
    CLEAN = "clean", _("Checked")
    PICTURE = "picture", _("Shown as a picture")
    KEPT = "kept", _("Kept unopened: no scanner is set up, and it is no picture")
    INFECTED = "infected", _("Contains malicious software: nobody can open it")


OPENS: Final = (Scan.CLEAN, Scan.PICTURE)


class EvidenceFile(models.Model):
    """What every app keeps of such a file. In the database, so that row-level security covers it.

    `picture` is the file drawn anew by a process of its own, where no scanner is set up. The rest never changes.
    """

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=4, choices=[("pdf", "PDF"), ("png", "PNG"), ("jpeg", "JPEG")])
    content = models.BinaryField()
    size = models.IntegerField()
    scan = models.CharField(max_length=8, choices=Scan.choices, default=Scan.WAITING)
    picture = models.BinaryField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="%(app_label)s_%(class)s_scan"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="%(app_label)s_%(class)s_kind"),
            models.CheckConstraint(
                condition=Q(scan=Scan.PICTURE, picture__isnull=False) | ~Q(scan=Scan.PICTURE) & Q(picture=None),
                name="%(app_label)s_%(class)s_picture",
            ),
        ]
        indexes = [models.Index("id", name="%(app_label)s_%(class)s_to_scan", condition=Q(scan=Scan.WAITING))]

    def __str__(self) -> str:
        return f"{self.name}: {self.scan}"

    def opened(self) -> tuple[str, str, bytes] | None:
        """Name, media type and content, if it may be opened: what the scanner passed, or a picture drawn anew."""
        if self.scan not in OPENS:
            return None
        if self.picture is not None:
            return f"{self.pk}.png", TYPES["png"], bytes(self.picture)
        return f"{self.pk}.{self.kind}", TYPES[self.kind], bytes(self.content)


class EvidenceField(forms.FileField):
    """A file of that kind in a form; cleaned it is name, kind and content, or None."""

    def __init__(self, *, label: Any, required: bool = False) -> None:
        super().__init__(
            label=label,
            required=required,
            allow_empty_file=True,
            help_text=_("PDF, PNG or JPEG, at most 5 MB each, 10 files and 20 MB together."),
            widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg,.pdf,.png,.jpg,.jpeg"}),
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = super().clean(data, initial)
        if not given:
            return None
        try:
            content = read_upload(given, max_bytes=MOST_BYTES, kinds=KINDS)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return given.name, next(kind for kind in KINDS if content.startswith(SIGNATURES[kind])), content


def answer_with(*, name: str, kind: str, content: bytes) -> HttpResponse:
    """A file to be kept, not shown: it is never run in the page's name."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


def look_at_waiting(files: type[EvidenceFile], *, about: str, at: datetime) -> int:
    """Scan what waits, or without a scanner draw pictures anew; how many were dealt with. Outside any transaction.

    A scanner that is silent is asked again in the next round; nothing is shown meanwhile. `about`: what audit records
    of an infected file are about, such as `appeal`.
    """
    forbid_in_transaction()
    rows = files._default_manager.filter(scan=Scan.WAITING).order_by("pk")
    done = 0
    for pk in list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        try:
            done += _look_at(files, pk, about)
        except ScannerSilent:
            log.warning("evidence.scanner_silent", about=about, file=pk)
            break
    return done


def _look_at(files: type[EvidenceFile], pk: int, about: str) -> int:
    file = files._default_manager.filter(pk=pk).only("kind", "content").first()
    if file is None:
        return 0
    found, picture = _verdict(bytes(file.content), file.kind)
    changed = files._default_manager.filter(pk=pk, scan=Scan.WAITING).update(scan=found, picture=picture)
    if changed and found == Scan.INFECTED:
        audit.record(action=f"{about}.file_infected", subject=f"file:{pk}")
    return changed


def _verdict(content: bytes, kind: str) -> tuple[Scan, bytes | None]:
    if settings.CLAMAV_ADDRESS:
        return (Scan.CLEAN if is_clean(content, address=settings.CLAMAV_ADDRESS) else Scan.INFECTED), None
    picture = drawn_anew(content) if kind in ("png", "jpeg") else None
    return (Scan.KEPT, None) if picture is None else (Scan.PICTURE, picture)
