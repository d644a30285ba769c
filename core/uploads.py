"""Files from outside: bounded, and what they claim to be."""

from __future__ import annotations

import io
import os
import tempfile
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.pieces import PIECE, TAG, PieceReader, close_piece, new_key

SIGNATURES: Final = {"pdf": (b"%PDF-",), "png": (b"\x89PNG\r\n\x1a\n",), "jpeg": (b"\xff\xd8\xff",)}


class UploadTooLarge(Refusal):
    message = _("The file is too large. Choose a smaller one.")


class UploadEmpty(Refusal):
    message = _("The file is empty. Choose the file again.")


class UploadOfAnotherKind(Refusal):
    message = _("The file is not of the kind that is asked for here.")


def read_upload(file: UploadedFile[bytes], *, max_bytes: int, kinds: tuple[str, ...]) -> bytes:
    """What `file` holds: at most `max_bytes`, and by its content one of `kinds` (`pdf`, `png`, `jpeg`, `text`)."""
    if file.size is None or file.size > max_bytes:
        raise UploadTooLarge
    content: bytes = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise UploadTooLarge
    if not content:
        raise UploadEmpty
    if not any(_is_of_kind(content, kind) for kind in kinds):
        raise UploadOfAnotherKind
    return content


def _is_of_kind(content: bytes, kind: str) -> bool:
    if kind == "text":
        return b"\x00" not in content
    return content.startswith(SIGNATURES[kind])


class BoundedUploadHandler(FileUploadHandler):
    """
    Stops keeping a file at `UPLOAD_LARGEST`: it stands before Django's handlers, which would fill the disk with it.

    What is kept is a little larger than the limit, so `read_upload` tells the person that the file is too large.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.UPLOAD_LARGEST else None

    def file_complete(self, file_size: int) -> None:
        return None


class ClosedUploadHandler(FileUploadHandler):
    """Keeps a file that is too large for memory on the disk, encrypted under a key that ends with the request."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self._kept = tempfile.TemporaryFile()  # noqa: SIM115 (the upload keeps it open)
        self._key, self._pieces, self._waiting = new_key(), 0, bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._waiting += raw_data
        while len(self._waiting) >= PIECE:
            self._keep(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]
        return None

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        if self._waiting:
            self._keep(bytes(self._waiting))
        place, step = self._kept, PIECE + TAG
        raw = PieceReader(
            key=self._key,
            size=file_size,
            fetch=lambda number: os.pread(place.fileno(), step, number * step),
            kept=place,
        )
        return UploadedFile(io.BufferedReader(raw, PIECE), self.file_name, self.content_type, file_size)

    def upload_interrupted(self) -> None:
        self._kept.close()

    def _keep(self, content: bytes) -> None:
        self._kept.write(close_piece(self._key, number=self._pieces, content=content))
        self._kept.flush()
        self._pieces += 1
