"""The city's messages (pain.001): carried out once, answered each time they come."""

from __future__ import annotations

import hashlib
from typing import Any

from sandbox.bank import messages
from sandbox.bank.house import House
from sandbox.bank.xml import BadMessage, parsed
from sandbox.store import transaction

MESSAGE = "pain.001.001.09"
OTHER_BYTES, WRONG_SUM, NOT_THE_CITYS = "AM05", "AM10", "AC02"


class Orders:
    def __init__(self, house: House) -> None:
        self._house = house
        self._db = house.db

    def take(self, bank: str, content: bytes) -> None:
        """Carry a message out, if it is not here yet, and answer it. Raises `BadMessage` for what can't be answered."""
        body = parsed(content, MESSAGE)
        message_id = _text(body, "GrpHdr/MsgId")
        if not message_id:
            raise BadMessage("no MsgId")
        digest = hashlib.sha256(content).hexdigest()
        with transaction(self._db):
            query = "SELECT * FROM message WHERE bank = ? AND message_id = ?"
            known = self._db.execute(query, (bank, message_id)).fetchone()
            if known is None:
                refused = self._carry_out_once(bank, message_id, digest, body)
            else:
                refused = known["refused"] if known["digest"] == digest else OTHER_BYTES
            self._answer(bank, message_id, refused=refused)

    def _carry_out_once(self, bank: str, message_id: str, digest: str, body: Any) -> str:
        refused = self._refusal(bank, body)
        values = (bank, message_id, digest, refused)
        self._db.execute("INSERT INTO message (bank, message_id, digest, refused) VALUES (?, ?, ?, ?)", values)
        if not refused:
            self._carry_out(bank, message_id, body)
        return refused

    def _refusal(self, bank: str, body: Any) -> str:
        """The code with which a whole message is rejected, or nothing."""
        amounts = [_text(one, "Amt/InstdAmt") for one in body.iterfind("PmtInf/CdtTrfTxInf")]
        if any(not one.isdecimal() for one in amounts) or not amounts:
            return WRONG_SUM
        said = (_text(body, "GrpHdr/NbOfTxs"), _text(body, "GrpHdr/CtrlSum"))
        if said != (str(len(amounts)), str(sum(map(int, amounts)))):
            return WRONG_SUM
        debtors = {_text(one, "DbtrAcct/Id/Othr/Id") for one in body.iterfind("PmtInf")}
        return "" if debtors == {self._house.account(bank).account} else NOT_THE_CITYS

    def _carry_out(self, bank: str, message_id: str, body: Any) -> None:
        for one in body.iterfind("PmtInf/CdtTrfTxInf"):
            account, holder = _text(one, "CdtrAcct/Id/Othr/Id"), _text(one, "Cdtr/Nm")
            amount, reference = int(_text(one, "Amt/InstdAmt")), _text(one, "PmtId/EndToEndId")
            rejected = self._house.faults.take("reject_transfer", order_id=account)
            facts = {"other": holder, "words": _text(one, "RmtInf/Ustrd"), "end_to_end": reference}
            if not rejected:
                left = self._house.write(bank, "transfer", -amount, **facts)
                if self._house.faults.take("return_transfer", order_id=account):
                    self._house.write(bank, "came_back", amount, undoes=left, **facts)
            self._db.execute(
                "INSERT INTO transfer (bank, message_id, end_to_end, amount, to_bank, to_account, holder, words, "
                "status, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(bank, message_id, reference, amount, _text(one, "CdtrAgt/FinInstnId/ClrSysMmbId/MmbId"), account),
                    *(holder, facts["words"], "RJCT" if rejected else "ACSC"),
                    (rejected.code or "AC04") if rejected else "",
                ),
            )

    def _answer(self, bank: str, message_id: str, *, refused: str) -> None:
        if self._house.faults.take("no_answer", order_id=bank):
            return
        query = "SELECT * FROM transfer WHERE bank = ? AND message_id = ? ORDER BY seq"
        found = self._db.execute(query, (bank, message_id)).fetchall()
        told = self._house.told("A", self._house.account(bank))
        whole = ("RJCT", refused) if refused else None
        self._house.send(bank, told.id, messages.answer(told, of_message=message_id, whole=whole, transfers=found))


def _text(node: Any, path: str) -> str:
    return (node.findtext(path) or "").strip()
