"""What people do outside ETAX: at the card company, at their bank, on their telephone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import httpx

from tools.demo.visitor import Visitor

GOOD_CARD = "9999 0000 0000 0012"
GOOD_ACCOUNT = "99100000000012"
GOOD_TELEPHONE = "010-9999-0012"


def today() -> date:
    """In the city."""
    return datetime.now(ZoneInfo("Asia/Seoul")).date()


def one_time_code(secret: str) -> str:
    """What a code generator shows now (RFC 6238, SHA-1, 30 seconds, six digits); `secret` in base 32."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mark = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = mark[-1] & 15
    number = struct.unpack(">I", mark[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def pay_on_the_card_page(payer: Visitor, *, holder: str) -> None:
    """The card company's two pages; the last answer leads back."""
    payer.submit(number=GOOD_CARD, expiry="12/40", holder=holder)
    sent = re.search(r"\b\d{6}\b", payer.page.text)  # the card company sends a text message; the page tells it
    payer.submit(code=sent[0] if sent else "")


def pay_on_the_telephone(payer: Visitor) -> None:
    """A wallet's or a telephone company's two pages: one's number, then the code that came to it."""
    payer.submit(number=GOOD_TELEPHONE)
    sent = re.search(r"\b\d{6}\b", payer.page.text)
    payer.submit(code=sent[0] if sent else "")


def pay_at_a_till(payer: Visitor, *, till_url: str, number: str) -> None:
    """The till of a convenience store: the number is scanned, the sum shown, the money taken."""
    payer.open(till_url).submit(number=number).submit(action="take", number=number)


def press_keys(payer: Visitor, *, telephone: str) -> None:
    """The card company's voice on one's telephone: answer, type the card, agree."""
    payer.open("/phone").submit(telephone=telephone)
    payer.submit(card=GOOD_CARD, expiry="1240")
    payer.submit(consent="1")


def agree_to_debits(holder_of: Visitor, *, holder: str) -> None:
    """The bank's two pages on which the holder of an account agrees; the last answer leads back."""
    holder_of.submit(accountNumber=GOOD_ACCOUNT, holderName=holder)
    sent = re.search(r"\b\d{6}\b", holder_of.page.text)
    holder_of.submit(code=sent[0] if sent else "")


def open_account(bank_url: str, *, bank: str, number: str, holder: str) -> None:
    """Somebody opens an account at a bank, which can say then whose it is."""
    body = {"bank": bank, "accountNumber": number, "holderName": holder}
    httpx.post(f"{bank_url}/bank/accounts", json=body, timeout=30).raise_for_status()


def prove_identity(person: Visitor, *, person_id: str) -> None:
    """The country's mobile identity: choose oneself, approve on the telephone."""
    person.submit(person=person_id)
    person.submit(pressing="approve")


def transfer_to_the_city(payer: Visitor, *, bank_url: str, number: str, amount: int, words: str, name: str) -> None:
    """A transfer to an account of the city's, of which it hears by a file of that account's bank."""
    payer.open(bank_url).submit(number=number, amount=str(amount), words=words, sender=name)


def transfer(payer: Visitor, *, bank_url: str, account: str, amount: int, name: str) -> None:
    """A transfer at the payer's own bank."""
    payer.open(bank_url)
    payer.submit(accountNumber=account, amount=str(amount), depositorName=name)


def giro_notice(*, number: str, amount: int) -> bytes:
    """What a bank sends after it took a paper bill (docs/protocols/bankfiles.md)."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    sum_of_it = f'<Amt Ccy="KRW">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    reference = f"<RmtInf><Strd><CdtrRefInf><Ref>{number}</Ref></CdtrRefInf></Strd></RmtInf>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08">'
        f"<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>GIRO-{number}</MsgId><CreDtTm>{now}</CreDtTm></GrpHdr><Ntfctn>"
        f"<Id>GIRO-{number}</Id><CreDtTm>{now}</CreDtTm><Acct><Id><Othr><Id>08800000000011</Id></Othr></Id></Acct>"
        f"<Ntry>{sum_of_it}<Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>{now}</DtTm></BookgDt>"
        "<BkTxCd><Prtry><Cd>GIRO</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><AcctSvcrRef>G{number}</AcctSvcrRef></Refs>{sum_of_it}{reference}"
        "</TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()
