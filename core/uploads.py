"""Files from outside: bounded, and what they claim to be."""

from __future__ import annotations

from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal

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
