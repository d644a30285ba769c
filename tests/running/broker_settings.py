"""The worker's settings with one subscription, and queues in a folder of the test's."""

import os
from pathlib import Path

from etax.broker import transport_of
from etax.environment import VAR
from etax.settings.worker import *  # noqa: F403
from etax.settings.worker import CELERY_BROKER_URL

SUBSCRIPTIONS = {"test.counted.v1": ["tests.running.counting.count"]}
CELERY_BROKER_TRANSPORT, CELERY_BROKER_TRANSPORT_OPTIONS = transport_of(
    CELERY_BROKER_URL, Path(os.environ.get("TEST_BROKER_FOLDER", VAR / "broker"))
)
