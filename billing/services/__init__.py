"""Use cases of billing: load a city pack, import, approve and issue a roll, apply a payment, cancel a bill."""

from billing.services.apply_payment import AppliedPayment, Credit, apply_payment
from billing.services.approve_roll import RollHasNoRows, RollNotStaged, SameOfficerApproval, approve_roll, withdraw_roll
from billing.services.bring_roll import (
    MAX_BYTES,
    NoSuchTermOfTax,
    RollAlreadyImported,
    RollIsBinary,
    RollIsEmpty,
    RollIsTooLarge,
    TaxNotBilledByRoll,
    YearNotKnown,
    bring_roll,
)
from billing.services.cancel_roll import (
    NobodyAskedToCancel,
    NoticesWentOut,
    RollNotIssued,
    SameOfficerCancels,
    ask_to_cancel_roll,
    cancel_bills_of_roll,
    decide_to_cancel_roll,
    notices_go_out,
)
from billing.services.entitlements import record_entitlement
from billing.services.import_roll import import_roll
from billing.services.intended import StillWaits, drop_intended, issue_intended, release_intended
from billing.services.issue_alone import Demand, issue_alone
from billing.services.issue_chunk import CHUNK
from billing.services.issue_roll import (
    RollNotApproved,
    begin_issue,
    finish_if_complete,
    issue_part,
    issue_roll,
    request_issue,
)
from billing.services.lapse import lapse_unpaid
from billing.services.life.acts import BillNotInForce, ReasonNeeded, SameOfficerDecides, TooLittleLeft
from billing.services.life.claims import NothingUnpaid, NotPrescribedYet
from billing.services.life.correct import correct_on_claim
from billing.services.life.enforce import NotHappenedYet, NotLateThen, PrescribedBefore, ReminderTooLong
from billing.services.life.engine import (
    Asked,
    ChangeNotWaiting,
    ChangeWaits,
    carry_out,
    decide_change,
)
from billing.services.life.extensions import (
    ExtensionNotWaiting,
    ExtensionWithoutReason,
    decide_extension,
    extend_new_bills,
    move_due_dates,
    propose_extension,
)
from billing.services.life.prescribe import name_prescribed
from billing.services.life.reduce import NothingToReduce, ReducedToNothing, ReducedTooMuch
from billing.services.life.reissue import FactStands
from billing.services.life.standing import (
    DatesImpossible,
    DeferredTooLong,
    FactAlreadyStands,
    NoSuchFact,
    PartsDoNotSum,
    PlanNotAllowed,
)
from billing.services.life.vehicle_left import EnterTheSums, NotACarsBill, NotLeftThen, vehicle_left
from billing.services.life.wishes import (
    cancel_bill,
    defer_bill,
    end_fact,
    hold_auction,
    note_contest,
    note_reminder,
    note_seizure,
    plan_instalments,
    reduce_bill,
    reissue_bill,
    revive_bill,
    write_off_bill,
)
from billing.services.load_city import BadCityPack, load_city
from billing.services.open_bill import open_bill
from billing.services.paper import NoPaper, ask_for_paper, state_paper
from billing.services.recompute_bills import Count, Recomputed, recompute_bills

__all__ = [
    "CHUNK",
    "MAX_BYTES",
    "AppliedPayment",
    "Asked",
    "BadCityPack",
    "BillNotInForce",
    "ChangeNotWaiting",
    "ChangeWaits",
    "Count",
    "Credit",
    "DatesImpossible",
    "DeferredTooLong",
    "Demand",
    "EnterTheSums",
    "ExtensionNotWaiting",
    "ExtensionWithoutReason",
    "FactAlreadyStands",
    "FactStands",
    "NoPaper",
    "NoSuchFact",
    "NoSuchTermOfTax",
    "NobodyAskedToCancel",
    "NotACarsBill",
    "NotHappenedYet",
    "NotLateThen",
    "NotLeftThen",
    "NotPrescribedYet",
    "NothingToReduce",
    "NothingUnpaid",
    "NoticesWentOut",
    "PartsDoNotSum",
    "PlanNotAllowed",
    "PrescribedBefore",
    "ReasonNeeded",
    "Recomputed",
    "ReducedToNothing",
    "ReducedTooMuch",
    "ReminderTooLong",
    "RollAlreadyImported",
    "RollHasNoRows",
    "RollIsBinary",
    "RollIsEmpty",
    "RollIsTooLarge",
    "RollNotApproved",
    "RollNotIssued",
    "RollNotStaged",
    "SameOfficerApproval",
    "SameOfficerCancels",
    "SameOfficerDecides",
    "StillWaits",
    "TaxNotBilledByRoll",
    "TooLittleLeft",
    "YearNotKnown",
    "apply_payment",
    "approve_roll",
    "ask_for_paper",
    "ask_to_cancel_roll",
    "begin_issue",
    "bring_roll",
    "cancel_bill",
    "cancel_bills_of_roll",
    "carry_out",
    "correct_on_claim",
    "decide_change",
    "decide_extension",
    "decide_to_cancel_roll",
    "defer_bill",
    "drop_intended",
    "end_fact",
    "extend_new_bills",
    "finish_if_complete",
    "hold_auction",
    "import_roll",
    "issue_alone",
    "issue_intended",
    "issue_part",
    "issue_roll",
    "lapse_unpaid",
    "load_city",
    "move_due_dates",
    "name_prescribed",
    "note_contest",
    "note_reminder",
    "note_seizure",
    "notices_go_out",
    "open_bill",
    "plan_instalments",
    "propose_extension",
    "recompute_bills",
    "record_entitlement",
    "reduce_bill",
    "reissue_bill",
    "release_intended",
    "request_issue",
    "revive_bill",
    "state_paper",
    "vehicle_left",
    "withdraw_roll",
    "write_off_bill",
]
