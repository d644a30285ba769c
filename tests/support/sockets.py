"""No test talks to a network unless it says so (`@pytest.mark.socket`), and then to this machine only.

The database driver is C and not held by this; it is the one thing that every test may reach.
"""

from __future__ import annotations

import pytest
from pytest_socket import disable_socket, enable_socket, socket_allow_hosts


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    enable_socket()
    if item.get_closest_marker("socket"):
        socket_allow_hosts(["127.0.0.1", "::1"])
    else:
        disable_socket(allow_unix_socket=True)
