"""What an adapter inherits for everything that its gateway does not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NoReturn

from payments.gateways.base import (
    Capability,
    EvidenceFile,
    GatewayPayment,
    HostedPage,
    IssuedAccount,
    IssuedCode,
    NotCapable,
    Objection,
    Order,
    Outcome,
    PhoneEntry,
    ReturnAccount,
    SettlementLine,
)
from payments.gateways.mandate import DebitRefusal, GatewayMandate, MandateWish


class Undeclared:
    """Every optional call of `Gateway`, refused: calling what is not declared is a mistake, and says so."""

    name = ""
    banks: Mapping[str, str] = {}
    most_by_code = 0
    refusals: Mapping[str, DebitRefusal] = {}

    def open_page(self, *, order: Order, success_url: str, fail_url: str) -> Outcome[HostedPage]:
        self._refuse(Capability.HOSTED_PAGE)

    def open_phone_entry(self, *, order: Order, telephone: str) -> Outcome[PhoneEntry]:
        self._refuse(Capability.PHONE_ENTRY)

    def confirm(self, *, reference: str, gateway_key: str, amount: int) -> Outcome[GatewayPayment]:
        self._refuse(Capability.CONFIRM)

    def capture(self, *, reference: str, gateway_key: str, amount: int) -> Outcome[GatewayPayment]:
        self._refuse(Capability.CAPTURE)

    def issue_account(self, *, order: Order, bank: str, holder: str, expires_at: datetime) -> Outcome[IssuedAccount]:
        self._refuse(Capability.ISSUE_ACCOUNT)

    def close_account(self, *, gateway_key: str) -> Outcome[GatewayPayment]:
        self._refuse(Capability.CLOSE_ACCOUNT)

    def issue_code(self, *, order: Order, expires_at: datetime) -> Outcome[IssuedCode]:
        self._refuse(Capability.ISSUE_CODE)

    def cancel(
        self,
        *,
        gateway_key: str,
        reason: str,
        amount: int | None,
        believed: int,
        key: str,
        to: ReturnAccount | None = None,
    ) -> Outcome[GatewayPayment]:
        self._refuse(Capability.CANCEL)

    def settlements(self, *, start: date, end: date, page: int) -> Outcome[Sequence[SettlementLine]]:
        self._refuse(Capability.SETTLEMENTS)

    def objection(self, *, movement_id: str) -> Outcome[Objection]:
        self._refuse(Capability.REPRESENT)

    def represent(
        self, *, movement_id: str, statement: str, evidence: Sequence[EvidenceFile], key: str
    ) -> Outcome[Objection]:
        self._refuse(Capability.REPRESENT)

    def open_mandate(self, *, wish: MandateWish, success_url: str, fail_url: str) -> Outcome[HostedPage]:
        self._refuse(Capability.MANDATE)

    def confirm_mandate(self, *, reference: str, gateway_key: str) -> Outcome[GatewayMandate]:
        self._refuse(Capability.MANDATE)

    def revoke_mandate(self, *, gateway_key: str) -> Outcome[GatewayMandate]:
        self._refuse(Capability.MANDATE)

    def mandate(self, *, reference: str) -> Outcome[GatewayMandate]:
        self._refuse(Capability.MANDATE)

    def debit(self, *, mandate_key: str, order: Order) -> Outcome[GatewayPayment]:
        self._refuse(Capability.DEBIT)

    def holder(self, *, bank: str, number: str) -> Outcome[str]:
        self._refuse(Capability.ACCOUNT_HOLDER)

    def _refuse(self, what: Capability) -> NoReturn:
        raise NotCapable(f"{self.name} does not declare {what}")
