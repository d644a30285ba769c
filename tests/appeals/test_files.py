"""Files that somebody brings: bounded, looked at before anybody opens them, and never run."""

from __future__ import annotations

import io
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from django.test import override_settings
from PIL import Image

from appeals import services
from appeals.models import Evidence
from appeals.selectors import cases
from appeals.services import NoRoomForFile
from appeals.services.look_at_files import look_at_files
from core import clock
from core.evidence import Scan
from core.scan.clam import ScannerSilent, is_clean
from core.scan.picture import drawn_anew
from tests.appeals.cast import Petitioner


def a_picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(out, kind)
    return out.getvalue()


def brings(petitioner: Petitioner, case_id: int, content: bytes, kind: str = "png") -> int:
    return int(
        petitioner.does(
            lambda: services.add_file(case_id=case_id, name="a", kind=kind, content=content, at=clock.now())
        )
    )


@contextmanager
def a_scanner(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """ClamAV's side of `INSTREAM`, once: its address, and what it was sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                while size := struct.unpack(">I", stream.read(4))[0]:
                    heard.append(stream.read(size))
                connection.sendall(answer)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", heard
        thread.join(timeout=10)


@pytest.mark.socket
@pytest.mark.parametrize(("answer", "clean"), [(b"stream: OK\0", True), (b"stream: Eicar-Test FOUND\0", False)])
def test_the_scanner_is_sent_the_whole_file_and_believed(answer: bytes, clean: bool) -> None:
    content = b"x" * 150_000
    with a_scanner(answer) as (address, heard):
        assert is_clean(content, address=address) is clean
    assert b"".join(heard) == content


@pytest.mark.socket
def test_a_scanner_that_says_something_else_or_nothing_is_silent() -> None:
    with a_scanner(b"INSTREAM size limit exceeded. ERROR\0") as (address, _), pytest.raises(ScannerSilent):
        is_clean(b"x", address=address)
    with pytest.raises(ScannerSilent):
        is_clean(b"x", address="127.0.0.1:9")


@pytest.mark.socket
def test_with_a_scanner_a_file_waits_until_it_was_looked_at(petitioner: Petitioner) -> None:
    case_id = petitioner.begins()
    file_id = brings(petitioner, case_id, b"%PDF-1.4 x", "pdf")
    with override_settings(CLAMAV_ADDRESS="127.0.0.1:9"):
        assert look_at_files(at=clock.now()) == 0
    assert Evidence.objects.get().scan == Scan.WAITING
    with a_scanner(b"stream: OK\0") as (address, _), override_settings(CLAMAV_ADDRESS=address):
        assert look_at_files(at=clock.now()) == 1
    opened: Any = petitioner.does(lambda: cases.file_content(case_id=case_id, file_id=file_id))
    assert opened == (f"{file_id}.pdf", "application/pdf", b"%PDF-1.4 x")


def test_without_a_scanner_pictures_are_drawn_anew_and_nothing_else_is_shown(petitioner: Petitioner) -> None:
    case_id = petitioner.begins()
    hidden = a_picture() + b"<script>alert(1)</script>"
    picture = brings(petitioner, case_id, hidden)
    brings(petitioner, case_id, a_picture("JPEG"), "jpeg")
    brings(petitioner, case_id, b"\x89PNG\r\n\x1a\nno picture at all")
    pdf = brings(petitioner, case_id, b"%PDF-1.4 x", "pdf")
    assert look_at_files(at=clock.now()) == 4
    assert list(Evidence.objects.order_by("pk").values_list("scan", flat=True)) == [
        Scan.PICTURE,
        Scan.PICTURE,
        Scan.KEPT,
        Scan.KEPT,
    ]
    name, kind, shown = petitioner.does(lambda: cases.file_content(case_id=case_id, file_id=picture))
    assert (name, kind) == (f"{picture}.png", "image/png")
    assert b"script" not in shown
    assert petitioner.does(lambda: cases.file_content(case_id=case_id, file_id=pdf)) is None


def test_a_picture_that_would_fill_the_memory_is_not_drawn() -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    assert drawn_anew(out.getvalue()) is None


def test_no_more_files_than_the_pack_allows_and_none_of_somebody_else(petitioner: Petitioner) -> None:
    case_id = petitioner.begins()
    for _ in range(10):
        brings(petitioner, case_id, b"%PDF-x", "pdf")
    with pytest.raises(NoRoomForFile):
        brings(petitioner, case_id, b"%PDF-x", "pdf")
    petitioner.does(lambda: services.discard(case_id=case_id))
    assert not Evidence.objects.exists()
    with pytest.raises(NoRoomForFile):
        brings(petitioner, case_id, b"%PDF-x", "pdf")
