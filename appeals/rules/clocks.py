"""The clocks of a case (불복 절차의 기간), each with the article that sets it. Pure functions on dated tables.

Framework Act on Local Taxes (지방세기본법), articles 24, 90-96; its decree, article 59. The day that begins a term does
not count; a last day on which nobody works moves to the next on which people do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from billing.rules import deadlines
from billing.rules.calendar import Calendar
from billing.rules.dated import DatedTables
from billing.rules.steps import Step, Value

REST: Final = "지방세기본법 제24조"
# Of fines the act says nothing of days of rest: the Civil Act does, for every term.
REST_OF_FINES: Final = "민법 제161조"
OBJECTION: Final = "objection"


class ShorterWithoutConsent(ValueError):
    """A petition is to be mended in fewer days than the law leaves, and the petitioner did not agree."""


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Days that don't count towards the decision: a petition was being mended from one day until another."""

    begins: date
    ends: date

    @property
    def days(self) -> int:
        return (self.ends - self.begins).days


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """The last day of a term, and how it came about. `code`: file, answer, correct, decide, tribunal, notify …"""

    code: str
    last_day: date
    steps: tuple[Step, ...]

    def left(self, today: date) -> int:
        """Days that are left; below zero when it has passed."""
        return (self.last_day - today).days

    def passed(self, today: date) -> bool:
        return today > self.last_day


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """What every clock reads: the city's tables and its calendar."""

    tables: DatedTables
    calendar: Calendar

    def to_file(self, *, served: date, way: str = OBJECTION, hindered_until: date | None = None) -> Deadline:
        """Until when a notice that arrived on `served` can be contested (청구기간).

        `hindered_until`: the day on which force majeure ended, after which 14 days are left at least (article 94).
        """
        table = self.tables.at("appeal_terms", served)
        days: int = table.body["file_within_days"][way]
        last = deadlines.last_day_to_file(way=way, served=served, calendar=self.calendar, tables=self.tables)
        found = self._explained("file", table.article, served, days, last)
        if hindered_until is None:
            return found
        longer = self._after("file", "appeal_hindrance", hindered_until)
        return longer if longer.last_day > found.last_day else found

    def to_object(self, *, served: date) -> Deadline:
        """Until when a fine (과태료) can be objected to (이의제기): 60 days after its notice arrived.

        Act on the Regulation of Violations of Public Order (질서위반행위규제법), article 20.
        """
        table = self.tables.at("appeal_fine", served)
        days: int = table.body["days"]
        plain = served + timedelta(days=days)
        last = self.calendar.next_working_day(plain)
        counted = self._explained("object", table.article, served, days, last, rest=False)
        return Deadline(code="object", last_day=last, steps=(*counted.steps, *_rest(plain, last, REST_OF_FINES)))

    def to_answer(self, *, sent: date) -> Deadline:
        """Until when the levying office answers (처분청 의견), from the day on which it was sent the petition."""
        return self._after("answer", "appeal_answer", sent)

    def to_answer_tribunal(self, *, heard: date) -> Deadline:
        """Until when the levying office answers the Tax Tribunal (답변서), from the day on which it heard of it."""
        return self._after("answer", "tribunal_answer", heard)

    def to_correct(self, *, asked: date, days: int | None = None, agreed: bool = False) -> Deadline:
        """Until when a petition is to be mended (보정): 20 days, fewer only if the petitioner agreed.

        Raises ShorterWithoutConsent.
        """
        table = self.tables.at("appeal_correction", asked)
        by_law: int = table.body["days"]
        chosen = by_law if days is None else days
        if chosen < 1 or (chosen < by_law and not agreed):
            raise ShorterWithoutConsent
        last = self.calendar.next_working_day(asked + timedelta(days=chosen))
        return self._explained("correct", table.article, asked, chosen, last)

    def to_decide(
        self, *, received: date, pauses: Iterable[Pause] = (), review: bool = False, longer: bool = False
    ) -> Deadline:
        """Until when the authority decides (결정기간), days of mending not counted. A pre-assessment review has its own
        days, and more of them where it was told once that it takes `longer` (article 88)."""
        table = self.tables.at("review_decision" if review else "appeal_decision", received)
        days: int = table.body["days"] + (table.body["longer_days"] if longer else 0)
        uncounted = list(pauses)
        plain = received + timedelta(days=days + sum(pause.days for pause in uncounted))
        last = self.calendar.next_working_day(plain)
        counted = self._explained("decide", table.article, received, days, received + timedelta(days=days), rest=False)
        article = self.tables.at("appeal_correction", received).article
        steps = [*counted.steps]
        for pause in uncounted:
            values: dict[str, Value] = {
                "days": pause.days,
                "from": pause.begins.isoformat(),
                "until": pause.ends.isoformat(),
            }
            steps.append(Step(code="not_counted", article=article, values=values))
        return Deadline(code="decide", last_day=last, steps=(*steps, *_rest(plain, last)))

    def to_tribunal(self, *, after: date) -> Deadline:
        """Until when the Tax Tribunal (조세심판원) is open: counted from the day on which a decision was served, or on
        which the time to decide ran out."""
        return self._after("tribunal", "appeal_tribunal", after)

    def to_reexamine(self, *, decided: date) -> Deadline:
        """Until when what was ordered to be examined anew (재조사) is."""
        return self._after("reexamine", "appeal_reexamination", decided)

    def to_counsel(self, *, asked: date) -> Deadline:
        """Until when a request for an appointed professional (선정대리인) is answered."""
        return self._after("counsel", "appointed_counsel", asked)

    def to_notify(self, *, hearing: date) -> Deadline:
        """Until when those who may speak have to know of the meeting: three days before, and never on a day of rest."""
        table = self.tables.at("appeal_hearing_notice", hearing)
        days: int = table.body["days_before"]
        plain = last = hearing - timedelta(days=days)
        while not self.calendar.is_working_day(last):
            last -= timedelta(days=1)
        values: dict[str, Value] = {"days": days, "of": hearing.isoformat(), "day": plain.isoformat()}
        step = Step(code="days_before", article=table.article, values=values)
        return Deadline(code="notify", last_day=last, steps=(step, *_rest(plain, last)))

    def _after(self, code: str, table_name: str, begins: date) -> Deadline:
        table = self.tables.at(table_name, begins)
        days: int = table.body["days"]
        last = self.calendar.next_working_day(begins + timedelta(days=days))
        return self._explained(code, table.article, begins, days, last)

    @staticmethod
    def _explained(code: str, article: str, begins: date, days: int, last: date, *, rest: bool = True) -> Deadline:
        plain = begins + timedelta(days=days)
        values: dict[str, Value] = {"days": days, "of": begins.isoformat(), "day": plain.isoformat()}
        step = Step(code="days_after", article=article, values=values)
        return Deadline(code=code, last_day=last, steps=(step, *(_rest(plain, last) if rest else ())))


def _rest(plain: date, last: date, article: str = REST) -> tuple[Step, ...]:
    if plain == last:
        return ()
    return (Step(code="day_of_rest", article=article, values={"day": plain.isoformat(), "last": last.isoformat()}),)
