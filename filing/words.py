"""What returns and the things that they ask for are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """A kind of return: its name, what it is for, and how its `object` is called."""

    name: Promise
    text: Promise
    object: Promise | str = ""
    object_hint: Promise | str = ""


WORDS: Final[Mapping[str, Words]] = {
    "acquisition_house": Words(
        _("Acquisition tax: a house bought"),
        _("A house or flat, or a share of one, for money."),
        _("Which house"),
        _("Its address, or the number in the register."),
    ),
    "acquisition": Words(
        _("Acquisition tax: anything else"),
        _("Land, other buildings, gifts, inheritances, vehicles, machinery, memberships."),
        _("What was acquired"),
        _("Its address, number in a register, or name."),
    ),
    "resident_office": Words(
        _("Resident tax: place of business"),
        _("Each place of business on 1 July, filed in August."),
        _("Which place of business"),
        _("Its name or address."),
    ),
    "resident_employees": Words(
        _("Resident tax: employees"),
        _("What employees of a place of business were paid in a month, filed until the 10th of the next."),
        _("Which place of business"),
        _("Its name or address."),
    ),
    "local_income_personal": Words(
        _("Local income tax: a person's year"), _("On all income of a year that is taxed together, filed in May.")
    ),
    "local_income_corporate": Words(
        _("Local income tax: a corporation's business year"),
        _("On the income of a business year, filed within four months after its end."),
    ),
    "registration": Words(
        _("Registration tax"),
        _("Before something is entered in a public register."),
        _("What the entry is about"),
        _("The address, vehicle number or company name in the register."),
    ),
    "leisure": Words(
        _("Leisure tax"),
        _("What was taken for betting tickets in a month, filed until the 10th of the next."),
        _("Where the tickets were sold"),
        _("The name of the race course or office."),
    ),
    "automobile_prepaid": Words(
        _("Automobile tax paid ahead"), _("The tax of a car for the rest of the year, less for paying early.")
    ),
    "tobacco": Words(
        _("Tobacco consumption tax"),
        _("Tobacco of one kind taken out in a month, filed until the 20th of the next."),
        _("From where it was taken out"),
        _("The name of the factory or the customs area."),
    ),
}
LABELS: Final[Mapping[str, Promise]] = {
    "vehicle_number": _("Vehicle"),
    "acquired_on": _("Day of acquisition"),
    "price": _("Price or value, in won"),
    "whole_price": _("Value of the whole house, in won"),
    "homes": _("How many houses the household has with this one"),
    "regulated": _("It is a house in a regulated area (조정대상지역)"),
    "corporation": _("A corporation acquires it"),
    "small": _("It is exempt from the special tax for rural development (a small house)"),
    "kind": _("What it is"),
    "abroad": _("An heir lives abroad"),
    "year": _("Year"),
    "month": _("Month"),
    "owner": _("Who runs it"),
    "capital": _("Capital, in won"),
    "area_m2": _("Whole area used, in square metres"),
    "polluting": _("It is under an order of the environment authorities"),
    "payroll": _("What employees were paid in the month, in won"),
    "monthly_average": _("Monthly average of it over the last twelve months, in won"),
    "base": _("Tax base, in won"),
    "confirmed": _("The books have to be confirmed (성실신고확인)"),
    "begins": _("First day of the business year"),
    "ends": _("Last day of the business year"),
    "family": _("A corporation of few owners that lives of rents and interest"),
    "entered_on": _("Day on which the entry is applied for"),
    "in_the_metropolis": _("A corporation founded in or moved to the capital region within five years"),
    "tickets_sold": _("Taken for tickets in the month, in won"),
    "quantity": _("How much: pieces, grams or millilitres"),
    "without_leaf": _("Made without tobacco leaf or nicotine drawn from it"),
}
HINTS: Final[Mapping[str, Promise]] = {
    "price": _("Of what was acquired; of a share only the share's."),
    "whole_price": _("Only if a share was acquired: the rate follows from the whole."),
    "homes": _("A house that is held for a time only between two is not counted."),
    "capital": _("Only of a company."),
    "area_m2": _("For example 512.5."),
    "base": _("As in your return of the national tax; of an entry the value or claim, 0 for one with a fixed sum."),
    "payroll": _("Without what is not taxed."),
}
WRONG: Final[Mapping[str, Promise]] = {
    "not_over": _("This time is not over yet, so nothing is to be filed for it."),
    "less_than_share": _("The whole house can't be worth less than the share."),
    "needed": _("Enter the capital of the company."),
    "longer_than_a_year": _("A business year ends after it begins and lasts at most twelve months."),
    "amended_often": _("This was amended fifty times. Ask the office."),
}
CHOICES: Final[Mapping[str, Promise]] = {
    "person": _("a person"),
    "company": _("a company with capital"),
    "other_company": _("a company or body without capital"),
    "purchase": _("bought: land or a building that is no house"),
    "purchase_farmland": _("bought: farmland"),
    "gift": _("given"),
    "gift_to_nonprofit": _("given to a non-profit body"),
    "inheritance": _("inherited"),
    "inheritance_farmland": _("inherited: farmland"),
    "original": _("built, or otherwise acquired first"),
    "division_of_common_property": _("a share of what was owned together"),
    "passenger_car": _("passenger car"),
    "passenger_car_light": _("light passenger car"),
    "motorcycle": _("motorcycle"),
    "vehicle": _("other vehicle"),
    "vehicle_light": _("other light vehicle"),
    "vehicle_business": _("vehicle for business"),
    "machinery": _("machinery that is registered"),
    "machinery_unregistered": _("machinery that is not registered"),
    "standing_timber": _("standing timber"),
    "mining_fishing_right": _("mining or fishing right"),
    "membership": _("membership"),
    "preservation": _("preservation of ownership"),
    "transfer_for_money": _("transfer of ownership for money"),
    "transfer_free": _("transfer of ownership without payment"),
    "transfer_by_inheritance": _("transfer of ownership by inheritance"),
    "superficies": _("superficies"),
    "mortgage": _("mortgage"),
    "easement": _("easement"),
    "lease_on_deposit": _("lease on deposit"),
    "lease": _("lease"),
    "auction_or_attachment": _("auction, attachment or injunction"),
    "provisional": _("provisional entry"),
    "land_other": _("other entry about land or a building"),
    "vehicle_mortgage": _("mortgage on a vehicle"),
    "vehicle_other": _("other entry about a vehicle"),
    "machinery_mortgage": _("mortgage on machinery"),
    "machinery_other": _("other entry about machinery"),
    "company_founded": _("a company founded"),
    "company_capital": _("capital of a company raised"),
    "nonprofit_founded": _("a non-profit body founded"),
    "nonprofit_capital": _("capital of a non-profit body raised"),
    "head_office_moved": _("head office moved"),
    "branch_founded": _("branch founded"),
    "company_other": _("other entry about a company"),
    "trade_name": _("trade name"),
    "other": _("other entry"),
    "cigarette": _("cigarettes (pieces)"),
    "pipe": _("pipe tobacco (g)"),
    "cigar": _("cigars (g)"),
    "cut": _("cut tobacco (g)"),
    "liquid": _("electronic cigarettes: liquid (ml)"),
    "heated_stick": _("electronic cigarettes: sticks to be heated (pieces)"),
    "heated_other": _("electronic cigarettes: other to be heated (g)"),
    "water_pipe": _("water pipe tobacco (g)"),
    "chewing": _("chewing tobacco (g)"),
    "snuff": _("snuff (g)"),
}
