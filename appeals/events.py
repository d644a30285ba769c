"""What the open tax court tells other apps and its own worker. Payloads carry ids and days only."""

from __future__ import annotations

from typing import Final

# A petition was filed: {"case_id"}. Written by `appeals_file`.
CASE_FILED: Final = "appeals.filed.v1"
# A notice of an intended assessment was served: {"notice_id"}. Written by `appeals_serve_notice`.
NOTICE_SERVED: Final = "appeals.notice_served.v1"
# Its payer wants the bill at once: {"notice_id"}. Written by `appeals_ask_early`.
EARLY_ASKED: Final = "appeals.early_asked.v1"
# A file was brought and waits for the scanner: {"evidence_id"}. Written by `appeals_add_file`.
FILE_ADDED: Final = "appeals.file_added.v1"
# A ruling was signed, and is to be drawn as a document: {"case_id"}. Written by `appeals_sign`.
RULING_SIGNED: Final = "appeals.ruling_signed.v1"
# A ruling was served, and is to be carried out: {"case_id"}. Written by `appeals_serve`.
RULING_SERVED: Final = "appeals.ruling_served.v1"
# The result of a re-examination was served, and is to be carried out: {"case_id"}. Written by
# `appeals_serve_reexamination`.
REEXAMINED: Final = "appeals.reexamined.v1"
# The Tax Tribunal was seized about a bill: {"referral_id"}. Written by `appeals_seize`.
TRIBUNAL_SEIZED: Final = "appeals.tribunal_seized.v1"
# The file for the Tribunal was made: {"referral_id"}. Written by `appeals_keep_referral_file`.
REFERRAL_MADE: Final = "appeals.referral_made.v1"
# The Tribunal's decision is entered, and is to be carried out: {"referral_id"}. Written by `appeals_write_tribunal` and
# `appeals_confirm_tribunal`.
TRIBUNAL_DECIDED: Final = "appeals.tribunal_decided.v1"
# The solver is to make a plan of the calendar: {"plan_id"}. Written by `appeals_ask_plan`.
PLAN_ASKED: Final = "appeals.plan_asked.v1"
# A plan was fixed, and people are to be written to: {"plan_id"}. Written by `appeals_fix_plan`.
CALENDAR_CHANGED: Final = "appeals.calendar_changed.v1"
# Somebody asked for a seat, or got one: {"session_id"}. Written by `appeals_ask_seat` and `appeals_leave_seat`.
SEAT_ASKED: Final = "appeals.seat_asked.v1"
# A case ended without a ruling: {"case_id"}. Written by `appeals_withdraw`.
CASE_WITHDRAWN: Final = "appeals.withdrawn.v1"
# The bill was changed as a ruling says: {"change_id", "final_on": day, "by": objection or tribunal}. Heard by refunds.
APPEAL_UPHELD: Final = "appeals.upheld.v1"
# A draw was told: {"draw_id", "kind": advocates or panel}. Whoever began it carries its result out.
DRAWN: Final = "appeals.drawn.v1"
# A panel was called over cases, and is to be drawn: {"panel_id"}. Written by `appeals_call_panel`.
PANEL_CALLED: Final = "appeals.panel_called.v1"
# A member gave a seat up; the next of the drawn order takes it: {"panel_id", "member_id"}. Written by
# `appeals_give_up_seat`.
SEAT_GIVEN_UP: Final = "appeals.seat_given_up.v1"
