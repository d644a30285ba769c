"""Who hears callbacks for many tests goes on hearing after one that may not talk to a network."""

from __future__ import annotations

import _socket
import socket

import pytest
from pytest_socket import SocketBlockedError, disable_socket, enable_socket

from tests.sandbox.processes import Shop


@pytest.mark.socket
def test_a_callback_that_comes_while_sockets_are_taken_away_is_heard_and_so_is_the_next() -> None:
    shop = Shop()
    port = int(shop.base.rsplit(":", 1)[1])
    body = b'{"data": {"orderId": "PAY-1"}}'
    try:
        for _ in range(2):
            caller = _socket.socket()
            disable_socket()
            caller.connect(("127.0.0.1", port))
            caller.send(b"POST /callbacks HTTP/1.0\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            assert shop.next(order_id="PAY-1").raw == body
            caller.close()
        with pytest.raises((SocketBlockedError, UserWarning)):
            socket.socket()
    finally:
        enable_socket()
        shop.close()
