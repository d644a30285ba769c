"""The file of a bill for the Tax Tribunal as one PDF: index, page numbers, hash. Office only, as its clerk reads it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from appeals.selectors import cases
from appeals.selectors.tribunal import ReferralShown
from appeals.services.asking import one
from appeals.services.desk import NotYoursToDo
from appeals.services.sitting_papers import MOST_BYTES, part_of
from billing import selectors as bills
from billing.explain import sentences
from core import audit, clock
from receipts.services.bind_papers import Part, Words, bind_papers, index_of

LANGUAGE: Final = "ko"


def make_file(*, referral: ReferralShown, officer_id: int, at: datetime) -> None:
    """Bind the file and keep it: from then on it stays as it went to the Tribunal. Raises NotYoursToDo."""
    with translation.override(LANGUAGE):
        content = bind_papers(
            title=gettext("File for the Tax Tribunal: %(number)s") % {"number": referral.number},
            subtitle=gettext("%(body)s. Made on %(day)s.")
            % {"body": referral.body, "day": clock.local_date(at).isoformat()},
            parts=_parts(referral, at=at),
            words=Words(contents=gettext("Contents"), left_out=gettext("Not in this file")),
        )
    entries, pages = index_of(content)
    with transaction.atomic():
        values = [referral.id, content, pages, json.dumps(entries, ensure_ascii=False), at]
        if not one("SELECT appeals_keep_referral_file(%s, %s, %s, %s, %s)", values):
            raise NotYoursToDo
        audit.record(action="appeal.tribunal_file_made", subject=f"referral:{referral.id}", actor_id=officer_id)


def _parts(referral: ReferralShown, *, at: datetime) -> list[Part]:
    parts = [_claim(referral), _bill(referral, at=at)]
    if referral.case_id is not None:
        found = cases.detail(referral.case_id, at=at)
        part, _ = part_of(found, MOST_BYTES)
        parts.append(replace(part, title=gettext("Objection")))  # the cover names no case
        if found.ruling is not None and found.ruling.served:
            said = [(found.ruling.label, found.ruling.reasons)]
            if found.anew is not None and found.anew.served:
                said.append((found.anew.label, found.anew.reasons))
            parts.append(Part(title=gettext("Decision on the objection"), texts=said))
    parts.append(Part(title=gettext("Answer of the levying office"), texts=[("", referral.answer)]))
    return parts


def _claim(referral: ReferralShown) -> Part:
    texts = [
        (gettext("Petitioner"), referral.name),
        (gettext("Levied by"), referral.body),
        (gettext("Number at the Tribunal"), referral.tribunal_number or "–"),
        (gettext("The Tribunal was seized on"), f"{referral.seized_on.isoformat()} ({referral.route_label})"),
        (gettext("What is asked"), referral.claims or "–"),
    ]
    return Part(title=gettext("Claim before the Tax Tribunal"), texts=texts)


def _bill(referral: ReferralShown, *, at: datetime) -> Part:
    found = bills.bill_detail(bill_id=referral.bill_id, at=at)
    steps = [
        f"{one.text} {f'{one.amount:,}' if one.amount is not None else ''} ({one.article})"
        for one in sentences(found.steps)
    ]
    lines = [f"{line.name_ko}: {line.owed.amount:,}" for line in found.today.lines]
    texts = [
        (gettext("Tax"), f"{found.summary.tax_ko} {found.summary.period}"),
        (gettext("What is taxed"), found.summary.object_ref),
        (gettext("Electronic payment number"), found.epay_number),
        (gettext("Issued on"), clock.local_date(found.issued_at).isoformat()),
        (gettext("Sums in won"), "\n".join(lines)),
        (gettext("How it was computed"), "\n".join(steps) or "–"),
    ]
    return Part(title=gettext("The bill"), texts=texts)
