"""A roll becomes bills; they are paid in every way that the city takes; too much comes back; the books balance."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime

from tools.demo import calls, court, guests, paying_back
from tools.demo.stage import (
    CALLER,
    CARRIER,
    DEBITED,
    DRAWER,
    GUEST,
    HALF,
    MEMBER,
    NEIGHBOUR,
    PAYERS,
    READER,
    ROWS,
    SECOND,
    SENDER,
    SHOPPER,
    TENANT,
    TOO_MUCH,
    VEHICLES,
    VISITOR,
    WALLET,
    YEAR,
    Bill,
    Stage,
    say,
    won,
)
from tools.demo.visitor import NotAsExpected, Visitor
from tools.demo.world import (
    agree_to_debits,
    giro_notice,
    pay_on_the_card_page,
    prove_identity,
    transfer,
    transfer_to_the_city,
)
from tools.world import POOL_BANK


class Journeys(Stage):
    """Each step prints one line; what can't go on raises `NotAsExpected` with the page that it saw."""

    def run(self) -> None:
        self.issue_a_roll()
        self.member_pays_by_card()
        self.visitor_pays_by_transfer()
        self.neighbour_pays_at_a_cash_machine()
        calls.callers_pay(self)
        self.two_pay_by_wallet_and_telephone_bill()
        self.shopper_pays_at_a_convenience_store()
        self.guest_pays_through_toss()
        self.reader_pays_the_paper_at_a_bank()
        self.caller_pays_at_a_counter()
        self.two_pay_by_transfers_that_a_file_tells()
        self.saver_is_debited()
        paying_back.overpayment_comes_back(self)
        court.three_cases(self)
        self.prove_the_books()

    def issue_a_roll(self) -> None:
        """One officer brings the roll, a second approves it, bills go out."""
        roll = self._roll()
        with self.officer("assessor") as first, self.officer("approver") as second:
            first.open("/rolls/upload/")
            first.submit(
                tax="automobile", year=str(YEAR), term=str(HALF), files={"file": ("automobile.csv", roll.encode())}
            )
            address = first.url
            say(f"{self.people['assessor']['name']} (assessor) brings a roll of {VEHICLES} vehicles in 25 districts")
            second.open(address).wait_for("Approve this roll").submit(to="approve")
            second.submit(to="issue")
            second.open(address).wait_for(f"All {VEHICLES} bills are issued")
            say(f"{self.people['approver']['name']} (approver) approves it, and the bills go out")
            for person in PAYERS:
                self.bills[person[0]] = self._paper_bill(first, f"DEMO-{person[0]}")

    def member_pays_by_card(self) -> None:
        """Signs in by mobile identity, sees the bill and why, pays by card, keeps the receipt."""
        person_id, name, _ = MEMBER
        bill = self.bills[person_id]
        with Visitor(self.city.ports.url("public")) as member:
            member.open("/sign-in/identity/").submit()
            prove_identity(member, person_id=person_id)
            member.wait_for("로그아웃")
            member.open("/bills/").expect(won(bill.amount))
            member.open(member.link(r"/bills/\d+/$"))
            say(f"{name} signs in by mobile identity and finds a bill of {won(bill.amount)} won")
            member.open(member.link(r"/pay/\d+/$")).submit(channel="card")
            pay_on_the_card_page(member, holder=name)
            member.wait_for("영수증 내려받기")
            self.paid("card at the acquirer", f"{name} pays it")
            self._keep_receipt(member, "receipt-card.pdf")
            self._spend_points(member, earned_by=bill)

    def _spend_points(self, member: Visitor, *, earned_by: Bill) -> None:
        """What the city's pack credits: 300 points for paying in time, and two thousandths of the sum."""
        points = 300 + earned_by.amount * 2 // 1000
        member.open("/mileage/").wait_for(f"{points:,}점")
        member.open("/my/")
        member.open(member.link(r"/bills/\d+/$"))
        member.open(member.link(r"/pay/\d+/$")).submit(channel="card", points=str(points))
        pay_on_the_card_page(member, holder=MEMBER[1])
        member.wait_for("영수증 내려받기")
        earned = f"{MEMBER[1]} earned {points:,} points by it; they pay so much of the next bill, a card the rest"
        self.paid("points", earned)

    def visitor_pays_by_transfer(self) -> None:
        """Has no account: finds the bill by its number, gets a virtual account, sends the money from a bank."""
        person_id, name, _ = VISITOR
        bill = self.bills[person_id]
        with Visitor(self.city.ports.url("public"), language="en") as visitor:
            visitor.open("/bills/find/").submit(epay_number=bill.epay_number, name=name)
            visitor.expect(won(bill.amount))
            say(f"Somebody without an account finds the bill {bill.epay_number} by its number")
            visitor.open(visitor.link(r"/pay/\d+/$")).submit(channel="virtual_account", bank="20", who="self")
            status = visitor.url
            account = re.search(r"Account number (\d{10,16})", visitor.expect("Account number").page.text)
            if account is None:
                raise NotAsExpected(f"{status}: no account number; the page says: {visitor.page.text}")
            transfer(
                visitor,
                bank_url=self.city.ports.url("acquirer") + "/bank",
                account=account[1],
                amount=bill.amount + TOO_MUCH,
                name=name,
            )
            visitor.open(status).wait_for("Payment complete")
            too_much = f"{won(TOO_MUCH)} won too much with it"
            self.paid(
                "virtual account at the acquirer", f"and pays {won(bill.amount)} won into {account[1]}, {too_much}"
            )
            self._keep_receipt(visitor, "receipt-virtual-account.pdf")

    def neighbour_pays_at_a_cash_machine(self) -> None:
        """A bank's machine: types the number of the bill and pays; no account, no browser of one's own."""
        person_id, name, _ = NEIGHBOUR
        bill = self.bills[person_id]
        with Visitor(self.city.ports.url("atm")) as neighbour:
            neighbour.open("/").submit(number=bill.epay_number).expect(won(bill.amount))
            neighbour.submit(to="/pay").expect("납부가 완료되었습니다")
            self.paid("cash machine (ATM)", f"{name} pays {won(bill.amount)} won at a bank")

    def two_pay_by_wallet_and_telephone_bill(self) -> None:
        """On the gateway's own page, with a code that comes to the telephone."""
        for (person_id, name, _), channel, way in (
            (WALLET, "wallet", "mobile wallet"),
            (CARRIER, "carrier", "telephone bill"),
        ):
            bill = self.bills[person_id]
            guests.by_telephone(self.city, epay_number=bill.epay_number, name=name, channel=channel)
            self.paid(way, f"{name} finds the bill by its number and pays {won(bill.amount)} won")

    def shopper_pays_at_a_convenience_store(self) -> None:
        """Gets a number with a barcode, which a till takes once."""
        person_id, name, _ = SHOPPER
        bill = self.bills[person_id]
        number = guests.at_a_store(self.city, epay_number=bill.epay_number, name=name)
        self.paid("convenience store", f"{name} shows the number {number} at a till and pays {won(bill.amount)} won")

    def guest_pays_through_toss(self) -> None:
        """An administrator gives each way to pay another gateway; the next card payment is made in Toss's window."""
        with self.officer("administrator") as administrator:
            administrator.open("/payments/gateways/card/").submit(
                gateway_1="toss", gateway_2="sandbox_acquirer", is_open="on"
            )
            administrator.open("/payments/gateways/virtual_account/").submit(
                gateway_1=f"statement:{POOL_BANK}", is_open="on"
            )
            say(
                f"{self.people['administrator']['name']} (administrator) gives cards to Toss Payments, "
                "virtual accounts to the city's own pool"
            )
        person_id, name, _ = GUEST
        bill = self.bills[person_id]
        with Visitor(self.city.ports.url("public"), language="en") as guest:
            guest.open("/bills/find/").submit(epay_number=bill.epay_number, name=name)
            guest.open(guest.link(r"/pay/\d+/$")).submit(channel="card", who="self")
            if not guest.url.startswith(self.city.ports.url("toss")):
                raise NotAsExpected(f"not at Toss Payments but at {guest.url}")
            pay_on_the_card_page(guest, holder=name)
            guest.wait_for("Payment complete")
            self.paid("card at Toss Payments", f"{name} pays {won(bill.amount)} won in its window")

    def reader_pays_the_paper_at_a_bank(self) -> None:
        """Giro: the bank reads the foot of the paper and tells the city by a file."""
        person_id, name, _ = READER
        bill = self.bills[person_id]
        with self.officer("treasurer") as treasurer:
            content = giro_notice(number=bill.epay_number, amount=bill.amount)
            treasurer.open("/payments/files/new/").submit(bank="088", files={"file": ("notice.xml", content)})
            treasurer.wait_for("Posted to a bill")
            self.paid("giro", f"{name} pays {won(bill.amount)} won with the paper at a bank; its camt.054 tells")

    def caller_pays_at_a_counter(self) -> None:
        """Cash with change, a cheque, receipts; the drawer is counted, and a second officer closes it."""
        cash, cheque = self.bills[CALLER[0]], self.bills[DRAWER[0]]
        with self.officer("district_cashier") as cashier, self.officer("approver") as second:
            cashier.open("/payments/counter/").submit(opening="50000")
            self._on_the_desk(cashier, cash, means="cash", tendered=cash.amount + 200)
            cashier.expect("Give back as change 200 won").wait_for("Print receipt")
            self.paid("cash at a counter", f"{CALLER[1]} pays {won(cash.amount)} won, gets change and a receipt")
            self._on_the_desk(cashier, cheque, means="cheque", tendered=cheque.amount, number="DEMO-0001")
            cashier.wait_for("Print receipt")
            self.paid("cheque at a counter", f"{DRAWER[1]} pays {won(cheque.amount)} won")
            drawer = cashier.open("/payments/counter/").link(r"/payments/drawers/\d+/$")
            cashier.open(drawer).submit(cash=str(cash.amount + 50_000), cheques=str(cheque.amount))
            second.open(drawer).submit(to="/decide/", pressing="approve").expect("The drawer is closed")
            say(f"The drawer is counted, and {self.people['approver']['name']} (approver) closes it")

    @staticmethod
    def _on_the_desk(cashier: Visitor, bill: Bill, *, means: str, tendered: int, number: str = "") -> None:
        """`number` is a cheque's, drawn on the bank 004."""
        cashier.open("/payments/counter/").submit(text=bill.epay_number).submit(to="/take/")
        bank = "004" if number else ""
        cashier.submit(means=means, tendered=str(tendered), cheque_bank=bank, cheque_number=number)

    def two_pay_by_transfers_that_a_file_tells(self) -> None:
        """One names the bill to the city's own account, one has a virtual account out of the city's pool."""
        bank = self.city.ports.url("bank")
        accounts = json.loads((self.folder / "sandbox" / "accounts.json").read_text())
        own = next(one["account"] for one in accounts if one["bank"] == POOL_BANK)
        person_id, sender, _ = SENDER
        named = self.bills[person_id]
        with Visitor(bank) as payer:
            transfer_to_the_city(
                payer, bank_url=bank, number=own, amount=named.amount, words=f"지방세 {named.epay_number}", name=sender
            )
        say(f"{sender} transfers {won(named.amount)} won to the city's account and names the bill {named.epay_number}")
        person_id, tenant, _ = TENANT
        bill = self.bills[person_id]
        with Visitor(self.city.ports.url("public"), language="en") as payer:
            payer.open("/bills/find/").submit(epay_number=bill.epay_number, name=tenant)
            payer.open(payer.link(r"/pay/\d+/$")).submit(channel="virtual_account", bank=POOL_BANK, who="self")
            status = payer.url
            account = re.search(r"Account number (\d{10,16})", payer.expect("Account number").page.text)
            number = account[1] if account else ""
            transfer_to_the_city(payer, bank_url=bank, number=number, amount=bill.amount, words="", name=tenant)
            payer.open(status).wait_for("Payment complete")
            self.paid("virtual account of the city's pool", f"{tenant} pays {won(bill.amount)} won into {number}")
            payer.open("/bills/find/").submit(epay_number=named.epay_number, name=sender)
            payer.wait_for("Fully paid")
            self.paid("bank transfer", f"the bank's file told the city of both; the bill of {sender} is paid")

    def saver_is_debited(self) -> None:
        """Agrees at the bank once; the bill is debited on its due date, which a rehearsal does not wait for."""
        person_id, name, _ = NEIGHBOUR
        bill = self.bills[person_id]
        with Visitor(self.city.ports.url("public"), language="en") as saver:
            saver.open("/sign-in/identity/").submit()
            prove_identity(saver, person_id=person_id)
            saver.wait_for("Sign out").open("/automatic-debit/").expect(won(bill.amount))
            due = re.search(r"Due on Debited on Amount .*?(\d{1,2} \w+ \d{4})", saver.page.text)
            if due is None:
                raise NotAsExpected(f"{saver.url}: no due date; the page says: {saver.page.text}")
            due_on = datetime.strptime(due[1], "%d %B %Y").date()  # noqa: DTZ007 (a day, not a moment)
            saver.submit(bank="20", told="on")
            agree_to_debits(saver, holder=name)
            saver.wait_for("Active")
            self.city.manage("run_debits", "--on", due_on.isoformat(), "--before-its-time")
            saver.open("/automatic-debit/").wait_for("Debited")
            self.paid(
                "automatic debit", f"{name} agrees at the bank; {won(bill.amount)} won due on {due_on} are debited"
            )

    def prove_the_books(self) -> None:
        say(f"Paid in {len(self.ways)} ways: {', '.join(self.ways)}")
        proof = self.city.manage("ledger_check").strip()
        say(proof[0].upper() + proof[1:])

    def _roll(self) -> str:
        """A roll as `manage.py make_roll` writes it, and vehicles of people who will pay."""
        file = self.folder / "roll.csv"
        options = ["--rows", str(ROWS), "--year", str(YEAR), "--half", str(HALF), "--out", str(file)]
        self.city.manage("make_roll", *options)
        lines = io.StringIO()
        cars = [(person_id, person_id, *known) for person_id, *known in PAYERS] + [
            (SECOND, *MEMBER),
            (DEBITED, *NEIGHBOUR),
        ]
        for number, (mark, person_id, name, resident_number) in enumerate(cars):
            plate = f"999하{number:04d}"
            payer = [f"DEMO-{mark}", "11110", name, resident_number, f"{person_id}@example.kr"]
            vehicle = [plate, "passenger", "private", "1998", "", "2020-03-01", str(HALF)]
            csv.writer(lines, lineterminator="\n").writerow([*payer, *vehicle])
        with file.open("a") as roll:
            roll.write(lines.getvalue())
        return file.read_text()

    def _paper_bill(self, officer: Visitor, roll_ref: str) -> Bill:
        """What stands on the bill that the post brings: the officer's page shows the same."""
        officer.open("/bills/").submit(text=roll_ref)
        officer.open(officer.link(r"/bills/\d+/$"))
        number = re.search(r"\b(\d{19})\b", officer.page.text)
        amount = re.search(r"([\d,]+) won", officer.page.text)
        if number is None or amount is None:
            raise NotAsExpected(f"{officer.url}: no bill; the page says: {officer.page.text}")
        return Bill(int(officer.url.rstrip("/").rpartition("/")[2]), number[1], int(amount[1].replace(",", "")))

    def _keep_receipt(self, payer: Visitor, name: str) -> None:
        """Download it, then ask the public page whether it is genuine, and whether a changed one is."""
        content = payer.wait_for_file(payer.link("/receipts/link/"), b"%PDF-")
        (self.folder / name).write_bytes(content)
        verdict = self._checked(payer, content)
        changed = self._checked(payer, content[:2000] + bytes([content[2000] ^ 1]) + content[2001:])
        say(
            f"The receipt lies in {self.folder / name}; the city says of it: {verdict}; with one bit changed: {changed}"
        )

    def _checked(self, payer: Visitor, content: bytes) -> str:
        payer.open("/receipts/verify").submit(files={"file": ("receipt.pdf", content)})
        return payer.page.banner
