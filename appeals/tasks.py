from __future__ import annotations

from celery import shared_task

from appeals.services.advocate_letters import write_to_advocates
from appeals.services.assign import gather
from appeals.services.bench_letters import write_to_members
from appeals.services.delivery import end_public_notices
from appeals.services.draws import advance_draws
from appeals.services.figures import tell_figures
from appeals.services.follow import open_tribunals
from appeals.services.intended import issue_due, tell_of_notices
from appeals.services.letters import write_letters
from appeals.services.look_at_files import look_at_files
from appeals.services.planning import make_plans
from appeals.services.remind import remind
from appeals.services.seats import forget_seats, mail_seats
from appeals.services.side_file import count_pages
from appeals.services.survey import count_answers
from core import clock


@shared_task(name="appeals.scan", ignore_result=True)
def scan() -> None:
    """Have files looked at that were brought."""
    look_at_files(at=clock.now())
    count_pages(at=clock.now())


@shared_task(name="appeals.talk", ignore_result=True)
def talk() -> None:
    """Write to petitioners, their advocates, and members of the committee."""
    at = clock.now()
    write_letters(at=at)
    write_to_advocates(at=at)
    write_to_members(at=at)
    tell_of_notices(at=at)


@shared_task(name="appeals.plan", ignore_result=True)
def plan() -> None:
    """Have the solver make the plans that clerks asked for."""
    make_plans(at=clock.now())


@shared_task(name="appeals.seats", ignore_result=True)
def seats() -> None:
    """Write about seats at hearings, and forget who sat."""
    mail_seats(at=clock.now())
    forget_seats(at=clock.now())


@shared_task(name="appeals.watch", ignore_result=True)
def watch() -> None:
    """Time that ran out, or is about to."""
    open_tribunals(at=clock.now())
    end_public_notices(at=clock.now())
    remind(at=clock.now())
    issue_due(at=clock.now())


@shared_task(name="appeals.figures", ignore_result=True)
def figures() -> None:
    """Tell the figures of a year that is over, and count what petitioners thought."""
    at = clock.now()
    tell_figures(at=at)
    count_answers(at=at)


@shared_task(name="appeals.draw", ignore_result=True)
def draw() -> None:
    """Take draws as far as the log has come."""
    advance_draws(at=clock.now())


@shared_task(name="appeals.gather", ignore_result=True)
def gather_cases() -> None:
    """Cases without an advocate are drawn about."""
    gather(at=clock.now())
