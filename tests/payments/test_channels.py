"""Every way that money takes has a name on pages and on receipts, the same one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import translation

from payments.states import Channel


@pytest.mark.parametrize("channel", list(Channel))
def test_a_receipt_names_the_way_that_the_money_took_as_the_page_does(db: None, channel: Channel) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_channel_name(%s) ->> 'ko', payments_channel_name(%s) ->> 'en'", [channel] * 2)
        korean, english = cursor.fetchone()
    for language, name in {"ko": korean, "en": english}.items():
        with translation.override(language):
            assert name == str(channel.label)
