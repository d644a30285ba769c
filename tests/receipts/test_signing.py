from __future__ import annotations

import random
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pypdf import PdfReader, PdfWriter

from receipts.signing.signer import UnableToSign
from receipts.signing.software import SoftwareSigner
from receipts.signing.verify import Verdict, load_roots, verify
from tests.receipts.papers import NOW, City, found_city, render


def verdict(pdf: bytes, city: City) -> Verdict:
    return verify(pdf, roots=city.roots, at=NOW).verdict


def test_a_receipt_is_genuine_and_names_its_signer(signed: bytes, city: City) -> None:
    found = verify(signed, roots=city.roots, at=NOW)
    assert found.verdict is Verdict.GENUINE
    assert found.signed_at == NOW
    assert "Example City" in found.signer


def test_it_stays_genuine_when_its_certificate_has_run_out(signed: bytes, city: City) -> None:
    assert verify(signed, roots=city.roots, at=NOW + timedelta(days=10 * 365)).verdict is Verdict.GENUINE


def test_a_signature_dated_in_the_future_is_refused(signed: bytes, city: City) -> None:
    assert verify(signed, roots=city.roots, at=NOW - timedelta(seconds=1)).verdict is Verdict.CHANGED


def test_one_changed_byte_anywhere_is_refused(signed: bytes, city: City) -> None:
    chance = random.Random(1)  # noqa: S311
    start = signed.index(b"/Contents <") - 40
    places = chance.sample(range(len(signed)), 600) + list(range(start, start + 4_000, 9))
    for place in places:
        changed = bytearray(signed)
        changed[place] ^= 1 << chance.randrange(8)
        assert verdict(bytes(changed), city) is not Verdict.GENUINE, place


def test_another_amount_is_called_changed(signed: bytes, city: City) -> None:
    place = signed.index(b"stream", 2_000) + 20
    assert verdict(signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :], city) is Verdict.CHANGED


@pytest.mark.parametrize("added", [b"\n", b"%%EOF\n", b"1 0 obj<</Type/Catalog>>endobj\nstartxref\n0\n%%EOF\n"])
def test_bytes_added_at_the_end_are_refused(signed: bytes, city: City, added: bytes) -> None:
    assert verdict(signed + added, city) is Verdict.CHANGED


def test_an_incremental_update_is_refused(signed: bytes, city: City) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root["/Lang"] = writer.root["/Type"]
    writer.update_root()  # type: ignore[no-untyped-call]
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    assert verdict(out.getvalue(), city) is Verdict.CHANGED


def test_a_second_signature_of_our_own_on_top_is_refused(signed: bytes, city: City) -> None:
    out = BytesIO()
    metadata = signers.PdfSignatureMetadata(field_name="Second", md_algorithm="sha256")
    prepared = IncrementalPdfFileWriter(BytesIO(signed))
    fields.append_signature_field(prepared, fields.SigFieldSpec("Second"))
    prepared.write(out)  # type: ignore[no-untyped-call]
    with pytest.raises(Exception, match="forbids all changes"):
        signers.sign_pdf(IncrementalPdfFileWriter(out), metadata, signer=city.signer.inner)
    assert verdict(out.getvalue(), city) is Verdict.CHANGED


def test_anothers_signature_is_not_ours(signed: bytes, tmp_path: Path) -> None:
    assert verdict(signed, found_city(tmp_path)) is Verdict.NOT_OURS


def test_a_certification_signature_that_allows_changes_is_refused(city: City) -> None:
    metadata = signers.PdfSignatureMetadata(
        field_name="Lax", md_algorithm="sha256", certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS
    )
    out = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(render())), metadata, signer=city.signer.inner)
    assert verify(out.getvalue(), roots=city.roots, at=NOW + timedelta(days=1500)).verdict is Verdict.CHANGED


def test_a_copy_saved_anew_carries_no_signature_of_ours(signed: bytes, city: City) -> None:
    writer = PdfWriter()
    for page in PdfReader(BytesIO(signed)).pages:
        writer.add_page(page)
    out = BytesIO()
    writer.write(out)
    assert verdict(out.getvalue(), city) is Verdict.NOT_OURS


def test_an_unsigned_receipt_is_not_ours(city: City) -> None:
    assert verdict(render(), city) is Verdict.NOT_OURS


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"GIF89a",
        b"\x00" * 100_000,
        b"%PDF-1.7\n" + b"/ByteRange [0 1 2 3]\n" * 50_000,
        b"%PDF-1.7\n/ByteRange [0 999999999 999999999 999999999]",
        b"%PDF-1.7\n/ByteRange [0 40 60 9]" + b"<" * 100,
        b"%PDF-1.7\n" + b"[" * 200_000,
        b"%PDF-1.7\n/ByteRange [0 45 55 1]           <3082000430800000>  ",
    ],
)
def test_a_hostile_file_gets_a_plain_answer(hostile: bytes, city: City) -> None:
    assert verdict(hostile, city) in {Verdict.UNREADABLE, Verdict.NOT_OURS}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=60)), min_size=1, max_size=4))
def test_whatever_is_done_to_a_receipt_it_is_refused_without_an_error(
    signed: bytes, city: City, cuts: list[tuple[float, int, bytes]]
) -> None:
    """Pieces are cut out and others put in, mostly around the signature."""
    changed = signed
    start = signed.index(b"/Contents <") - 200
    for place, gone, new in cuts:
        at = start + int(place * (len(signed) - start))
        changed = changed[:at] + new + changed[at + gone :]
    assert (verdict(changed, city) is Verdict.GENUINE) == (changed == signed)


def test_two_receipts_spliced_together_are_refused(signed: bytes, city: City) -> None:
    other = city.signer.sign(pdf=render(transaction="ANOTHER"), reason="납부확인서", at=NOW)
    gap = signed.index(b"/Contents <")
    assert verdict(signed[:gap] + other[other.index(b"/Contents <") :], city) is not Verdict.GENUINE
    assert verdict(signed + other, city) is Verdict.CHANGED


def test_a_key_that_is_missing_or_weak_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnableToSign, match="make_signing_key"):
        SoftwareSigner.from_files(key=tmp_path / "none.pem", certificate=tmp_path / "none.pem")


def test_secrets_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    found_city(tmp_path / "secrets")
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "secrets").iterdir()} == {0o600}


def test_papers_signed_under_an_older_root_stay_genuine(signed: bytes, city: City, tmp_path: Path) -> None:
    newer = found_city(tmp_path)
    bundle = tmp_path / "roots.pem"
    bundle.write_bytes(newer.root.certificate_pem() + city.root.certificate_pem())
    assert verify(signed, roots=load_roots(bundle), at=NOW).verdict is Verdict.GENUINE


@pytest.mark.needs("pdfsig")
def test_pdfsig_calls_the_signature_valid_and_the_changed_one_invalid(signed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(signed)
    said = subprocess.run(["pdfsig", str(file)], check=False, capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    place = signed.index(b"stream", 2_000) + 20
    file.write_bytes(signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :])
    said = subprocess.run(["pdfsig", str(file)], check=False, capture_output=True, text=True).stdout
    assert "Signature is Valid" not in said


@pytest.mark.needs("qpdf")
def test_qpdf_reads_the_signed_file(signed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(signed)
    subprocess.run(["qpdf", "--check", str(file)], check=True, capture_output=True)
