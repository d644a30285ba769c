"""The embedded broker: Celery's queues as files in a folder, for a checkout and for tests; production uses RabbitMQ.

The stock transport writes a message under its final name, so that a worker may read half of one, and moves it through
the machine's temporary folder, where two workers on different file systems may both get it. Here a message appears
by one rename and is taken by one rename.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any
from urllib.parse import unquote, urlsplit

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """Messages lie in `data_folder_in` as `<nanoseconds>_<id>.<queue>.msg`: oldest first by name."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # as upstream has it
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020}_{uuid.uuid4().hex}.{queue}.msg"
        draft = folder / f".{name}"
        draft.write_text(dumps(payload))
        draft.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        taken = Path(self.processed_folder)
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.startswith(".") or name.partition(".")[2] != f"{queue}.msg":
                continue
            mine = taken / name
            try:
                (Path(self.data_folder_in) / name).rename(mine)
            except FileNotFoundError:
                continue  # another worker was faster
            text = mine.read_text()
            mine.unlink()
            return loads(text)
        raise Empty


class Transport(filesystem.Transport):
    """Named in settings as `CELERY_BROKER_TRANSPORT`."""

    Channel = Channel

    @property
    def default_connection_params(self) -> dict[str, Any]:
        """A folder has no host; without one Celery would warn that it chose localhost."""
        return {}


def transport_of(url: str, folder: Path) -> tuple[str | None, dict[str, Any]]:
    """Celery's `broker_transport` and its options: files in `folder` for `filesystem://`, in another folder for
    `filesystem:///path/of/it`, else what the URL says."""
    if not url.startswith("filesystem:"):
        return None, {"confirm_publish": True}
    folder = Path(unquote(urlsplit(url).path) or folder)
    for name in ("messages", "control", "taken"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return "etax.broker:Transport", {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "processed_folder": str(folder / "taken"),
        "polling_interval": 0.02,
    }
