"""The form of whoever pays: how much, in which way, and for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from payments.services import PartChoice, Way
from payments.states import Channel

MOST: Final = 9_999_999_999_999
SELF, ANOTHER = "self", "another"
WHO: Final = {SELF: _("My own, or that of somebody I act for"), ANOTHER: _("Somebody else's")}
POINTS_HELP: Final = gettext_noop(
    "You have %(number)s. A point is one won. What they do not cover is paid in the way that you choose below."
)
NEXT_PARTS: Final = gettext_noop("The next %(number)s parts of the plan: %(amount)s won")


class PayForm(forms.Form):
    """How to pay. `shown_amount` is what the page said; `form_key` makes the form count once."""

    points = forms.IntegerField(
        label=_("Pay so much of it with points"),
        required=False,
        min_value=1,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    channel = forms.ChoiceField(label=_("How do you want to pay?"), widget=forms.RadioSelect, choices=())
    bank = forms.ChoiceField(
        label=_("Bank of the virtual account"),
        help_text=_("Only for a virtual account: the bank that gives you a number for exactly this payment."),
        required=False,
        choices=(),
    )
    way = forms.ChoiceField(label=_("How much do you pay now?"), widget=forms.RadioSelect, choices=(), required=False)
    amount = forms.IntegerField(
        label=_("This much now"),
        help_text=_("In won. Only where you do not pay everything at once."),
        required=False,
        min_value=1,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    who = forms.ChoiceField(label=_("Whose tax is it?"), widget=forms.RadioSelect, choices=())
    payer = forms.CharField(
        label=_("Your name"),
        help_text=_("Only if you pay for somebody else. It stands on the receipt, beside the taxpayer's."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    told = forms.BooleanField(
        label=_(
            "I know that I have no claim against the city to get back what I pay for somebody else: anything paid back "
            "goes to the taxpayer."
        ),
        required=False,
    )
    shown_amount = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST)
    form_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        channels: Sequence[Channel],
        banks: Mapping[str, str],
        parts: PartChoice,
        payers: Sequence[str],
        points: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._available = points
        self._offer("channel", [(one.value, one.label) for one in channels])
        self._offer("bank", [("", _("Choose a bank")), *banks.items()])
        self._offer("way", _ways(parts))
        self._offer("who", [(who, WHO[who]) for who in payers])
        if Channel.VIRTUAL_ACCOUNT not in channels:
            del self.fields["bank"]
        self.fields["points"].help_text = gettext(POINTS_HELP) % {"number": f"{points:,}"}
        if not points:
            del self.fields["points"]
        if ANOTHER not in payers:
            for name in ("who", "payer", "told"):
                del self.fields[name]

    def with_points(self) -> list[BoundField]:
        return self._bound("points")

    def how(self) -> list[BoundField]:
        return self._bound("channel", "bank")

    def how_much(self) -> list[BoundField]:
        return self._bound("way", "amount")

    def whose(self) -> list[BoundField]:
        return self._bound("who", "payer", "told")

    def part_asked(self) -> bool:
        """Whether the reader has chosen less than everything: then that choice is shown open."""
        return self.is_bound and (self.data.get("way", Way.WHOLE) != Way.WHOLE or bool(self.data.get("amount")))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        points = cleaned.get("points") or 0
        all_by_points = points >= cleaned.get("shown_amount", MOST)
        if cleaned.get("channel") == Channel.VIRTUAL_ACCOUNT and not cleaned.get("bank") and not all_by_points:
            self.add_error("bank", _("Choose the bank of your virtual account."))
        self._clean_part(cleaned)
        if points > self._available:
            text = gettext("You have %(number)s points. Enter so many or fewer.")
            self.add_error("points", text % {"number": f"{self._available:,}"})
        elif points and cleaned.get("way") != Way.WHOLE:
            self.add_error("points", _("With points everything is paid at once: points first, the rest as you chose."))
        if cleaned.get("who") == ANOTHER:
            if not cleaned.get("payer"):
                self.add_error("payer", _("Enter your name."))
            if not cleaned.get("told"):
                self.add_error("told", _("Confirm that you know this."))
        else:
            cleaned["payer"] = ""
        return cleaned

    def _clean_part(self, cleaned: dict[str, Any]) -> None:
        way, _between, amount = str(cleaned.get("way") or Way.WHOLE).partition(":")
        cleaned["way"] = Way(way)
        if amount:
            cleaned["amount"] = int(amount)
        elif cleaned["way"] == Way.WHOLE:
            if cleaned.get("amount") and "amount" not in self.errors:
                self.add_error("way", _("You entered an amount: choose what it is for."))
        elif not cleaned.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Enter how much you pay now."))

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _bound(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names if name in self.fields]


def _ways(parts: PartChoice) -> list[tuple[str, Any]]:
    """Everything; the next parts of a plan; a sum of one's own where the city takes one; everything in two ways."""
    ways: list[tuple[str, Any]] = [(Way.WHOLE.value, _("Everything"))]
    for number, amount in enumerate(parts.plan[:3], start=1):
        said = {"number": number, "amount": f"{amount:,}"}
        label = gettext("The next part of the plan: %(amount)s won") if number == 1 else gettext(NEXT_PARTS)
        ways.append((f"{Way.PART.value}:{amount}", label % said))
    if parts.smallest is not None:
        label = gettext("A part of what is overdue, %(smallest)s won or more")
        ways.append((Way.PART.value, label % {"smallest": f"{parts.smallest:,}"}))
    return [*ways, (Way.SPLIT.value, _("Everything, in two ways: this much now, the rest in another way"))]
