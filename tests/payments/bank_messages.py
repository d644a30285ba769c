"""Files as an invented bank sends them. Every part can be made wrong by whoever asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import clock

ACCOUNT = "08800000000011"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"


@dataclass(frozen=True)
class Told:
    """One transaction of a notice or statement; `to` is the virtual account's number.

    `slip` is the reference for machines, `code` the bank's own of the transaction.
    """

    amount: int
    to: str = ""
    ref: str = ""
    text: str = ""
    at: datetime | None = None
    out: bool = False
    reversal: bool = False
    returned: bool = False
    status: str = "BOOK"
    currency: str = "KRW"
    day_only: bool = False
    slip: str = ""
    code: str = ""
    end_to_end: str = ""

    @property
    def moment(self) -> datetime:
        return self.at or clock.now()


def entry(*told: Told, version: str = "08", ref: str = "", amount: str = "", number: int | None = None) -> str:
    """An entry of one or more transactions; `amount` and `number` are what it says of their sum and count."""
    first = told[0]
    total = sum(one.amount for one in told)
    status = f"<Cd>{first.status}</Cd>" if version == "08" else first.status
    when = first.moment.isoformat(timespec="seconds")
    booked = f"<Dt>{clock.local_date(first.moment)}</Dt>" if first.day_only else f"<DtTm>{when}</DtTm>"
    reversal = "<RvslInd>true</RvslInd>" if first.reversal else ""
    batch = f"<Btch><NbOfTxs>{number or len(told)}</NbOfTxs></Btch>" if len(told) > 1 or number else ""
    parts = "".join(_transaction(one, version, several=len(told) > 1) for one in told)
    return (
        f'<Ntry><Amt Ccy="{first.currency}">{amount or total}</Amt>{_side(first)}{reversal}<Sts>{status}</Sts>'
        f"<BookgDt>{booked}</BookgDt>{_tag('AcctSvcrRef', ref or first.ref)}"
        f"<BkTxCd><Prtry><Cd>NTRF</Cd></Prtry></BkTxCd><NtryDtls>{batch}{parts}</NtryDtls></Ntry>"
    )


def _transaction(one: Told, version: str, *, several: bool) -> str:
    amount = f'<Amt Ccy="{one.currency}">{one.amount}</Amt>'
    sized = f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>" if version == "02" else amount + _side(one)
    number = f"<CdtrAcct><Id><Othr><Id>{one.to}</Id></Othr></Id></CdtrAcct>" if one.to else ""
    names = _tag("AcctSvcrRef", one.ref) + _tag("EndToEndId", one.end_to_end)
    accepted = f"<AccptncDtTm>{one.moment.isoformat(timespec='seconds')}</AccptncDtTm>" if several else ""
    return (
        f"<TxDtls>{_wrap('Refs', names)}{sized}{_code(one)}{_wrap('RltdPties', number)}"
        f"{_wrap('RmtInf', _tag('Ustrd', one.text) + _slip(one))}{_wrap('RltdDts', accepted)}"
        f"{'<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>' if one.returned else ''}</TxDtls>"
    )


def notice(
    *entries: str, version: str = "08", message_id: str = "N-1", part_id: str = "NOTE-1", account: str = ACCOUNT
) -> bytes:
    """A camt.054."""
    return _document(
        "camt.054",
        version=version,
        body="BkToCstmrDbtCdtNtfctn",
        message_id=message_id,
        part="Ntfctn",
        part_id=part_id,
        account=account,
        inner=entries,
    )


def statement(
    *entries: str,
    opening: int,
    closing: int,
    version: str = "08",
    message_id: str = "S-1",
    part_id: str = "STMT-1",
    summary: str = "",
    account: str = ACCOUNT,
) -> bytes:
    """A camt.053."""
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="KRW">{abs(amount)}</Amt><CdtDbtInd>{"CRDT" if amount >= 0 else "DBIT"}</CdtDbtInd>'
        f"<Dt><Dt>{clock.local_date(clock.now())}</Dt></Dt></Bal>"
        for kind, amount in (("OPBD", opening), ("CLBD", closing))
    )
    inner = [balances + summary, *entries]
    return _document(
        "camt.053",
        version=version,
        body="BkToCstmrStmt",
        message_id=message_id,
        part="Stmt",
        part_id=part_id,
        account=account,
        inner=inner,
    )


def _document(
    kind: str, *, version: str, body: str, message_id: str, part: str, part_id: str, account: str, inner: Sequence[str]
) -> bytes:
    made = clock.now().isoformat(timespec="seconds")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}{kind}.001.{version}"><{body}>'
        f"<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>{made}</CreDtTm></GrpHdr><{part}><Id>{part_id}</Id>"
        f"<CreDtTm>{made}</CreDtTm><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{''.join(inner)}"
        f"</{part}></{body}></Document>"
    ).encode()


def _slip(one: Told) -> str:
    return _wrap("Strd", _wrap("CdtrRefInf", _tag("Ref", one.slip)))


def _code(one: Told) -> str:
    return _wrap("BkTxCd", _wrap("Prtry", _tag("Cd", one.code)))


def _side(one: Told) -> str:
    return f"<CdtDbtInd>{'DBIT' if one.out else 'CRDT'}</CdtDbtInd>"


def _tag(name: str, value: str) -> str:
    return f"<{name}>{value}</{name}>" if value else ""


def _wrap(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>" if inner else ""
