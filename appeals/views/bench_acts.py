"""What a member who sits in a case may do in it now; who may, the database decides once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import OfficerFacts
from appeals import services
from appeals.bench_forms import DrafterForm, NoteForm, ReadForm, RecuseForm, UnableForm, VoteForm
from appeals.bench_states import Ground
from appeals.selectors.bench_facts import Deliberation
from appeals.selectors.facts import CaseDetail
from appeals.services import committee, votes
from appeals.states import Outcome, Status, outcome_label
from appeals.views import office
from appeals.views.offering import Act
from core import clock

Work = Callable[[dict[str, Any]], str]


def of_the_case(found: CaseDetail, inside: Deliberation, officer: OfficerFacts) -> dict[str, Act]:
    if not found.summary.running:
        return {}
    case_id, officer_id = found.summary.id, officer.account_id
    acts = {} if inside.carried else _voting(found, inside)
    if inside.carried:
        acts |= _writing(found, inside, officer_id) | _signing(found, inside, officer_id)
    acts["note"] = Act(title=_("Write a note"), button=_("Keep the note"), make=NoteForm, work=_notes(case_id))
    if not inside.carried:
        acts["aside"] = _aside(case_id, inside.own, officer_id)
    return acts


def _voting(found: CaseDetail, inside: Deliberation) -> dict[str, Act]:
    case_id, acts, of_kind = found.summary.id, {}, {"kind": found.summary.kind}

    def opens(_said: dict[str, Any]) -> str:
        votes.open_tally(case_id=case_id, at=clock.now())
        return gettext("The vote is open. Each member at the table votes at their own desk.")

    def votes_for(said: dict[str, Any]) -> str:
        votes.vote(case_id=case_id, outcome=Outcome(said["outcome"]), at=clock.now())
        return gettext("Your vote counts. Until the vote is closed you may change it.")

    def closes(_said: dict[str, Any]) -> str:
        carried = votes.close_tally(case_id=case_id, at=clock.now())
        if not carried:
            return gettext(
                "No ruling has the votes of more than half of those at the table. Deliberate and vote again."
            )
        return gettext("Carried: %(outcome)s") % {"outcome": outcome_label(found.summary.kind, carried)}

    if inside.open is not None:
        acts["vote"] = Act(title=_("Vote"), button=_("Cast the vote"), make=VoteForm, work=votes_for, facts=of_kind)
        if inside.open.presides == inside.own:
            acts["close"] = Act(
                title=_("Close the vote"),
                text=_("Who has not voted counts as present. What is carried stands."),
                button=_("Close the vote"),
                work=closes,
            )
    elif inside.presides and found.summary.status == Status.PENDING:
        acts["open"] = Act(title=_("Open the vote"), button=_("Open the vote"), work=opens)
    return acts


def _writing(found: CaseDetail, inside: Deliberation, officer_id: int) -> dict[str, Act]:
    case_id, acts = found.summary.id, {}
    carried = inside.carried
    if carried is None:
        return {}

    def names(said: dict[str, Any]) -> str:
        votes.name_drafter(case_id=case_id, member_id=said["member"])
        return gettext("It is noted who drafts the ruling.")

    if carried.presides == inside.own and not inside.sha256:
        others = [
            (str(one.member_id), one.name) for one in inside.bench if one.member_id != inside.own and not one.barred
        ]
        facts = {"members": others, "initial": {"member": str(carried.drafter or "")}}
        acts["drafter"] = Act(
            title=_("Who drafts the ruling"), button=_("Name them"), make=DrafterForm, facts=facts, work=names
        )
    if carried.drafter == inside.own:
        acts["draft"] = Act(
            title=_("Write the ruling"),
            button=_("Keep the draft of the ruling"),
            make=lambda data, **_facts: office.ruling_form(found, data),
            work=_drafts(case_id, found, officer_id),
        )
    return acts


def _signing(found: CaseDetail, inside: Deliberation, officer_id: int) -> dict[str, Act]:
    case_id, acts = found.summary.id, {}
    if not inside.sha256:
        return {}
    read = {"initial": {"sha256": inside.sha256}}
    seals = inside.seals == inside.own
    others = [(str(one.member_id), one.name) for one in inside.unsigned if one.member_id != inside.own]

    def signs(said: dict[str, Any]) -> str:
        votes.sign_as_member(case_id=case_id, sha256=said["sha256"], officer_id=officer_id, at=clock.now())
        return gettext("You have signed what you read.")

    def sets_seal(said: dict[str, Any]) -> str:
        services.sign_ruling(case_id=case_id, sha256=said["sha256"], officer_id=officer_id, at=clock.now())
        return gettext("The ruling is signed. The clerk serves it.")

    def notes_unable(said: dict[str, Any]) -> str:
        votes.note_unable(
            case_id=case_id, member_id=said["member"], why=said["why"], officer_id=officer_id, at=clock.now()
        )
        return gettext("It is noted why the member can't sign.")

    if inside.signs and not seals:
        acts["sign"] = Act(
            title=_("Sign the ruling"),
            text=_("You sign exactly the text above."),
            button=_("Sign"),
            make=ReadForm,
            facts=read,
            work=signs,
        )
    if seals and not others:
        acts["seal"] = Act(
            title=_("Sign and seal the ruling"),
            text=_("Everybody else who decided has signed exactly the text above."),
            button=_("Sign and seal"),
            make=ReadForm,
            facts=read,
            work=sets_seal,
        )
    if others and (seals or _vice_for_the_chair(inside)):
        acts["unable"] = Act(
            title=_("A member can't sign"),
            button=_("Note it"),
            make=UnableForm,
            facts={"members": others},
            work=notes_unable,
        )
    return acts


def _vice_for_the_chair(inside: Deliberation) -> bool:
    return any(one.member_id == inside.own and one.place == 1 for one in inside.bench)


def _aside(case_id: int, own: int, officer_id: int) -> Act:
    def steps_aside(said: dict[str, Any]) -> str:
        committee.recuse(
            case_id=case_id,
            member_id=own,
            ground=Ground(said["ground"]),
            reason=said["reason"],
            officer_id=officer_id,
            at=clock.now(),
        )
        return gettext("You don't sit in this case.")

    return Act(
        title=_("Step aside in this case"),
        text=_("You then see nothing of it any more. The quorum is counted without you."),
        button=_("Step aside"),
        make=RecuseForm,
        work=steps_aside,
        danger=True,
    )


def _notes(case_id: int) -> Work:
    def notes(said: dict[str, Any]) -> str:
        votes.write_note(case_id=case_id, text=said["text"], at=clock.now())
        return gettext("The note is kept.")

    return notes


def _drafts(case_id: int, found: CaseDetail, officer_id: int) -> Work:
    def drafts(said: dict[str, Any]) -> str:
        form = office.ruling_form(found, None)
        services.draft_ruling(case_id=case_id, says=form.says(said), officer_id=officer_id, at=clock.now())
        return gettext("The draft is kept. Who decided signs it.")

    return drafts
