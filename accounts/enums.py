"""Roles, levels and kinds: what other apps may name without touching a table."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What an officer may do; an officer may hold several."""

    ASSESSOR = "assessor", _("Assessor")
    COLLECTOR = "collector", _("Collector")
    APPROVER = "approver", _("Approver of levies")
    REFUND_APPROVER = "refund_approver", _("Approver of refunds")
    TREASURER = "treasurer", _("Treasurer")
    CASHIER = "cashier", _("Cashier at a counter")
    CALL_AGENT = "call_agent", _("Call-centre agent")
    COURT_CLERK = "court_clerk", _("Clerk of the tax court")
    SPECIAL_TAX_ADVOCATE = "special_tax_advocate", _("Special tax advocate")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    CHAIR = "chair", _("Committee chair")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Assurance(IntegerChoices):
    """How sure the city is of who this is."""

    NONE = 0, _("Not verified")
    EMAIL = 1, _("E-mail address verified")
    IDENTITY = 2, _("Identity verified")


class AuthorityKind(TextChoices):
    """Why one person may act for another's record."""

    AGENT = "agent", _("Agent by power of attorney")
    DELEGATE = "delegate", _("Delegate of a business")
    HEIR = "heir", _("Heir")
    CO_OWNER = "co_owner", _("Co-owner")


class NumberKind(TextChoices):
    """Kinds of numbers that the vault keeps."""

    RESIDENT = "resident"
    BUSINESS = "business"
    CORPORATE = "corporate"


class Relation(TextChoices):
    """Whose file an officer may not touch (지방세기본법 시행령 제2조의 친족)."""

    SELF = "self", _("Myself")
    SPOUSE = "spouse", _("Spouse")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Child")
    SIBLING = "sibling", _("Brother or sister")
    OTHER = "other", _("Other relative")
