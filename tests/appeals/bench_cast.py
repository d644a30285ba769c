"""A committee, a panel that sits over a case, and how it voted: set up beside the desks, under the same triggers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.access import Role
from accounts.models import Account, Officer, RoleGrant
from appeals.bench_states import Profession
from appeals.models import Member, Tally
from tests.accounts.people import open_session
from tests.billing.people import PROOF
from tests.payments.test_cancellations import Desk
from tests.support.database import AsRole, admin_connection

TODAY = "(now() AT TIME ZONE 'Asia/Seoul')::date"
PROFESSIONS = (
    Profession.OFFICIAL, Profession.LAWYER, Profession.LAWYER, Profession.TAX_ACCOUNTANT, Profession.TAX_ACCOUNTANT,
    Profession.PROFESSOR, Profession.ACCOUNTANT, Profession.LAWYER, Profession.OFFICIAL, Profession.OFFICIAL,
)  # fmt: skip


def as_owner(query: str, *values: Any) -> list[Any]:
    """Past row-level security, not past triggers and constraints."""
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        cursor = admin.execute(query, list(values))
        return cursor.fetchall() if cursor.description else []


def some_officers(many: int, *, first: int = 0, body: str = "11000") -> list[int]:
    """Accounts with the role of a committee member."""
    elder = Account.objects.get_or_create(email="elder@example.kr", defaults={"kind": "officer"})[0]
    emails = [f"judge{number}@example.kr" for number in range(first, first + many)]
    accounts = Account.objects.bulk_create([Account(email=one, kind="officer", password=PROOF) for one in emails])
    Officer.objects.bulk_create(
        [Officer(account=one, body_id=body, name=f"위원{n}") for n, one in enumerate(accounts, first)]
    )
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(
                officer_id=one.pk, role=Role.COMMITTEE_MEMBER, reason="test", asked_by=one, granted_by=elder,
                granted_at=timezone.now(),
            )
            for one in accounts
        ]
    )  # fmt: skip
    return [one.pk for one in accounts]


def a_committee(chair: int, *, spare: int = 0) -> list[int]:
    """Members in office for a year: the chair, a vice-chair, nine others and some to spare; their ids."""
    known = list(Member.objects.order_by("pk").values_list("pk", flat=True))
    if known:
        return known
    accounts = [chair, *some_officers(10 + spare)]
    professions = [Profession.JUDGE, *(PROFESSIONS * 3)][: len(accounts)]
    found = as_owner(
        "INSERT INTO appeals_member (body_id, account_id, name, profession, added_by_id, added_at) "
        "SELECT '11000', a, '위원' || n, p, a, now() "
        "FROM unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS u (a, p, n) RETURNING id",
        accounts, [str(one) for one in professions],
    )  # fmt: skip
    members = [row[0] for row in found]
    as_owner(
        "INSERT INTO appeals_commission (member_id, body_id, office, begins_on, ends_on, made_by_id, made_at, "
        "ended_because) SELECT m, '11000', CASE n WHEN 1 THEN 'chair' WHEN 2 THEN 'vice' ELSE 'member' END, "
        f"{TODAY} - 30, {TODAY} + 335, %s, now(), '' FROM unnest(%s::bigint[]) WITH ORDINALITY AS u (m, n)",
        chair, members,
    )  # fmt: skip
    return members


def a_panel(members: Sequence[int], case_ids: Sequence[int], *, came: int = 7, seats: int = 11) -> int:
    """Seated today in that order over these cases; so many of them came."""
    chair = Member.objects.get(pk=members[0]).account_id
    room = str(len(as_owner("SELECT FROM appeals_panel")) + 1)
    ((panel,),) = as_owner(
        f"INSERT INTO appeals_panel (body_id, day, part, room, seats, status, why, called_by_id, called_at) "
        f"VALUES ('11000', {TODAY}, 'am', %s, %s, 'seated', '', %s, now()) RETURNING id",
        room, seats, chair,
    )  # fmt: skip
    as_owner(
        "INSERT INTO appeals_listed (panel_id, case_id, position) "
        "SELECT %s, c, n FROM unnest(%s::bigint[]) WITH ORDINALITY AS u (c, n)",
        panel, list(case_ids),
    )  # fmt: skip
    as_owner(
        "INSERT INTO appeals_benchseat (panel_id, member_id, place, seated_at, left_because) "
        "SELECT %s, m, n - 1, now(), '' FROM unnest(%s::bigint[]) WITH ORDINALITY AS u (m, n)",
        panel, list(members[:seats]),
    )  # fmt: skip
    as_owner("UPDATE appeals_benchseat SET came_at = now() WHERE panel_id = %s AND place < %s", panel, came)
    return int(panel)


def voted(case_id: int, outcome: str, *, in_favour: int = 4) -> None:
    """Everybody at the table voted, so many of them for it, the others to reject or, if that is it, to cancel."""
    other = "cancelled" if outcome == "rejected" else "rejected"
    ((tally,),) = as_owner(
        "INSERT INTO appeals_tally (case_id, panel_id, round, presides_id, opened_at, carried) "
        "SELECT %s, panel_id, 1 + (SELECT count(*) FROM appeals_tally WHERE case_id = %s), presides, now(), '' "
        "FROM appeals_standing(%s) RETURNING id",
        case_id, case_id, case_id,
    )  # fmt: skip
    as_owner("INSERT INTO appeals_vote (tally_id, member_id, outcome) SELECT %s, member_id, '' FROM appeals_table(%s)",
             tally, case_id)  # fmt: skip
    as_owner(
        "UPDATE appeals_vote v SET voted_at = now(), outcome = CASE WHEN o.n <= %s THEN %s ELSE %s END "
        "FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM appeals_vote WHERE tally_id = %s) o "
        "WHERE o.id = v.id",
        in_favour, outcome, other, tally,
    )  # fmt: skip
    as_owner("UPDATE appeals_tally SET closed_at = now(), carried = %s WHERE id = %s", outcome, tally)


def carried(case_id: int, outcome: str, *, chair: int, **how: int) -> None:
    """A panel sat over the case, and that was carried; unless it was before."""
    if not Tally.objects.filter(case_id=case_id).exclude(carried="").exists():
        a_panel(a_committee(chair), [case_id])
        voted(case_id, outcome, **how)


def signed_by_members(case_id: int, *, but: int) -> None:
    """Everybody who decided signed the draft as it is, but the one with that account."""
    as_owner(
        "INSERT INTO appeals_signature (case_id, member_id, sha256, signed_at, unable) "
        "SELECT t.case_id, v.member_id, appeals_ruling_hash(t.case_id), now(), '' FROM appeals_tally t "
        "JOIN appeals_vote v ON v.tally_id = t.id JOIN appeals_member m ON m.id = v.member_id "
        "WHERE t.case_id = %s AND t.carried <> '' AND m.account_id <> %s "
        "AND appeals_ruling_hash(t.case_id) IS NOT NULL ON CONFLICT DO NOTHING",
        case_id, but,
    )  # fmt: skip


@dataclass(frozen=True)
class Judge:
    """A member with a desk of their own."""

    id: int
    name: str
    desk: Desk

    def does(self, work: Callable[[], Any]) -> Any:
        return self.desk.does(work)


def judges(as_role: AsRole, members: Sequence[int], *, chair: Desk) -> list[Judge]:
    """Desks of these members, in that order."""
    found = []
    for row in Member.objects.filter(pk__in=members).select_related("account").order_by("pk"):
        desk = chair
        if row.account_id != chair.id:
            secret = open_session(as_role, face="office", email=str(row.account.email), proof=PROOF)
            desk = Desk(as_role, secret, row.account_id)
        found.append(Judge(row.pk, row.name, desk))
    as_owner("UPDATE accounts_session SET awaits_code = false, code_at = now() WHERE face = 'office'")
    return found
