"""The worker's settings with one subscription."""

from etax.settings.worker import *  # noqa: F403

SUBSCRIPTIONS = {"test.counted.v1": ["tests.running.counting.count"]}
