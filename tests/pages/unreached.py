"""Which routes are pages, and where those are looked at that no walk reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import CellType
from typing import Any

from tests.architecture.test_routes import routes

SIGNED_OUT = "the walk of a visitor, in test_in_a_browser.py"
STRANGER = "the walk of somebody whose identity is not known, in test_signed_in.py"
ACCOUNTS, PAYMENTS, RECEIPTS = (f"tests/{app}/test_in_a_browser.py" for app in ("accounts", "payments", "receipts"))
COUNTER = "follows a form: tests/payments/test_counter_pages.py"
CASES = "follows a form: tests/appeals/test_in_a_browser.py"
DECISIONS = "tests/appeals/test_decisions.py"
FIGURES = "tests/appeals/test_figures.py"
SEALING = "tests/appeals/test_sealing.py"
BESIDE = "tests/appeals/test_beside_in_a_browser.py"
NOTICES = "follows a form: tests/appeals/test_notices.py"
TRIBUNAL = "follows a form: tests/appeals/test_tribunal.py"
BENCH = "tests/appeals/test_bench_pages.py"
HEARINGS = "tests/appeals/test_hearings_in_a_browser.py"
CALLS = "tests/payments/test_calls_in_a_browser.py"
TRANSFERS = "tests/payments/test_remittances.py"
NO_PAGE = "leads on, or is no page"
_SIGNING_IN = {
    "language/": NO_PAGE,
    "sign-in/": SIGNED_OUT,
    "sign-in/code/": ACCOUNTS,
    "sign-in/forgotten/": SIGNED_OUT,
    "sign-in/password/<str:token>/": ACCOUNTS,
    "account/code-generator/": ACCOUNTS,
    "account/code-generator/image/": NO_PAGE,
}
# Route → where it is looked at instead. A new page that neither a link nor a path of the walk reaches belongs here.
ELSEWHERE: dict[str, dict[str, str]] = {
    "public": {
        **_SIGNING_IN,
        "sign-up/": SIGNED_OUT,
        "sign-in/identity/": STRANGER,
        "sign-in/identity/callback": NO_PAGE,
        "sign-in/identity/check/": "turns into the next page by itself: tests/accounts/test_identity.py",
        "account/code-generator/off/": "one field: tests/accounts/test_second_factor.py",
        "account/claim/": STRANGER,
        "account/claim/check/": "turns into the next page by itself: tests/accounts/test_records.py",
        "bills/<int:bill_id>/paper/<slug:secret>/": "follows a form: tests/billing/test_bill_as_a_file.py",
        "log/consistency.json": "tests/openness/test_log_in_the_open.py",
        "receipts/link/<slug:secret>": RECEIPTS,
        "l/<slug:secret>/": CALLS,
        "payments/<slug:secret>/": PAYMENTS,
        "payments/<slug:secret>/receipts/<slug:number>": "a file: tests/payments/test_pages.py",
        "payments/<slug:secret>/code.svg": "a picture: tests/payments/test_convenience_store.py",
        "pay/rest/<slug:secret>/": PAYMENTS,
        "automatic-debit/end/": "tests/payments/test_debit_pages.py",
        "automatic-debit/<slug:reference>/agreed": NO_PAGE,
        "automatic-debit/<slug:reference>/not-agreed": NO_PAGE,
        "payments/<slug:secret>/returned": NO_PAGE,
        "model-taxpayers/<int:year>/": "tests/mileage/test_selection.py",
        "model-taxpayers/<int:year>/draw.json": "a file: tests/mileage/test_selection.py",
        "payments/<slug:secret>/not-agreed": NO_PAGE,
        "appeals/draws/<int:draw_id>/": BESIDE,
        "appeals/draws/<int:draw_id>/draw.json": "a file: tests/appeals/test_draws_kept.py",
        "decisions/<int:year>-<int:number>/": DECISIONS,
        "decisions/<int:year>-<int:number>/decision.json": DECISIONS,
        "refunds/claims/<int:claim_id>/": "tests/refunds/test_in_a_browser.py",
        "refunds/claims/<int:claim_id>/files/<int:file_id>/": "a file: tests/refunds/test_claim_files.py",
        "appeals/notices/<int:notice_id>/": NOTICES,
        "decisions/figures.json": "a file: tests/appeals/test_figures.py",
        "decisions/figures.csv": "a file: tests/appeals/test_figures.py",
        "appeals/<int:case_id>/satisfaction/": FIGURES,
        "returns/of-bill/<int:bill_id>/": NO_PAGE,
        "appeals/tribunal/<int:referral_id>/": TRIBUNAL,
        "appeals/tribunal/<int:referral_id>/file.pdf": "a file: tests/appeals/test_tribunal.py",
        "appeals/<int:case_id>/": CASES,
        "appeals/<int:case_id>/advocate/": BESIDE,
        "appeals/<int:case_id>/counsel/": BESIDE,
        "appeals/<int:case_id>/write/": CASES,
        "appeals/<int:case_id>/filed/": CASES,
        "appeals/<int:case_id>/seal/": SEALING,
        "appeals/<int:case_id>/files/<int:file_id>": "a file: tests/appeals/test_pages.py",
        "appeals/<int:case_id>/files/<slug:side>.pdf": "a file: tests/appeals/test_side_files.py",
        "appeals/<int:case_id>/hearing.ics": "a file: tests/appeals/test_hearings.py",
        "appeals/hearings/all.ics": "a file: tests/appeals/test_public_calendar.py",
        "appeals/hearings/cases/<str:number>.ics": "a file: tests/appeals/test_public_calendar.py",
        "appeals/hearings/<slug:day>.ics": "a file: tests/appeals/test_public_calendar.py",
        "appeals/hearings/<slug:day>/": HEARINGS,
        "appeals/hearings/seats/<int:session_id>/": HEARINGS,
        "appeals/hearings/seat/<slug:token>/": HEARINGS,
    },
    "office": {
        **_SIGNING_IN,
        "bills/<int:bill_id>/changes/<int:change_id>/": "tests/billing/test_pages_of_changes.py",
        "extensions/<int:act_id>/": "tests/billing/test_pages_of_changes.py",
        "payments/objections/<int:dispute_id>/": "tests/payments/test_objections.py",
        "payments/objections/<int:dispute_id>/evidence/<int:file_id>": "tests/payments/test_objections.py",
        "payments/counter/take/": COUNTER,
        "payments/counter/taken/<int:payment_id>/": COUNTER,
        "payments/drawers/<int:drawer_id>/": COUNTER,
        "payments/days/<slug:day>/differences.csv": "a file: tests/payments/test_treasurer_pages.py",
        "payments/differences/<int:difference_id>/": "tests/payments/test_treasurer_pages.py",
        "payments/distribution.csv": "a file: tests/payments/test_treasurer_pages.py",
        "calls/<int:call_id>/": CALLS,
        "calls/<int:call_id>/pay/": CALLS,
        "calls/<int:call_id>/keys/<slug:reference>/": CALLS,
        "mileage/files/<int:batch_id>/": "tests/mileage/test_leaving_the_house.py",
        "mileage/files/<int:batch_id>/file": "a file: tests/mileage/test_leaving_the_house.py",
        "payments/mandates/<int:mandate_id>/end/": "tests/payments/test_debit_pages.py",
        "refunds/claims/<int:claim_id>/": "tests/refunds/test_in_a_browser.py",
        "refunds/claims/<int:claim_id>/files/<int:file_id>/": "a file: tests/refunds/test_claim_files.py",
        "appeals/contest/<int:bill_id>/": NO_PAGE,
        "appeals/<int:case_id>/publish/": DECISIONS,
        "appeals/notices/<int:notice_id>/": NOTICES,
        "appeals/notices/<int:notice_id>/write/": NOTICES,
        "appeals/<int:case_id>/seals/": SEALING,
        "appeals/tribunal/bills/<int:bill_id>/": TRIBUNAL,
        "appeals/tribunal/<int:referral_id>/": TRIBUNAL,
        "appeals/tribunal/<int:referral_id>/file.pdf": "a file: tests/appeals/test_tribunal.py",
        "appeals/<int:case_id>/deliveries/": "follows a case: tests/appeals/test_deliveries.py",
        "appeals/committee/<int:member_id>/": BENCH,
        "appeals/panels/<int:panel_id>/": BENCH,
        "appeals/bench/cases/<int:case_id>/": BENCH,
        "appeals/bench/panels/<int:panel_id>/papers.pdf": "a file: tests/appeals/test_bench_pages.py",
        "appeals/advocates/<int:officer_id>/": BESIDE,
        "appeals/advocates/fairness.json": "tests/appeals/test_beside.py",
        "appeals/advocate/<int:case_id>/": BESIDE,
        "appeals/<int:case_id>/": CASES,
        "appeals/<int:case_id>/write/": "tests/appeals/test_pages.py",
        "appeals/<int:case_id>/filed/": "tests/appeals/test_pages.py",
        "appeals/<int:case_id>/files/<int:file_id>": "a file: tests/appeals/test_pages.py",
        "appeals/<int:case_id>/files/<slug:side>.pdf": "a file: tests/appeals/test_side_files.py",
        "appeals/hearings/plans/<int:plan_id>/": HEARINGS,
        "appeals/hearings/rooms/<int:session_id>/": HEARINGS,
        "appeals/hearings/<int:slot_id>/": HEARINGS,
        "payments/transfers/<int:batch_id>/": TRANSFERS,
        "payments/transfers/<int:batch_id>/file.xml": TRANSFERS,
        "payments/transfers/failed/<int:transfer_id>/": TRANSFERS,
        "payments/<int:payment_id>/cancel/": "tests/payments/test_cancellations.py",
        "taxpayers/new/<int:newcomer_id>/": "turns into the record by itself: tests/accounts/test_counter.py",
    },
}


def pages(face: str) -> set[str]:
    """Routes of a face that somebody can open, without those that only take a form."""
    return {place.removeprefix("/") for place, pattern in routes(face) if _answers_get(pattern.callback)}


def unreached(face: str, seen: set[str]) -> list[str]:
    """Pages that were neither seen nor are looked at elsewhere."""
    return sorted(pages(face) - seen - set(ELSEWHERE[face]))


def _answers_get(view: Callable[..., Any]) -> bool:
    return all("GET" in methods for methods in _method_lists(view))


def _method_lists(view: Callable[..., Any] | None) -> Iterator[list[str]]:
    """What `require_http_methods` was told, through all decorators."""
    while view is not None:
        cells: tuple[CellType, ...] = getattr(view, "__closure__", None) or ()
        names = view.__code__.co_freevars if hasattr(view, "__code__") else ()
        for name, cell in zip(names, cells, strict=True):
            if name == "request_method_list":
                yield cell.cell_contents
        view = getattr(view, "__wrapped__", None)
