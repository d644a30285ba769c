"""What a load balancer learns from a face."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test import Client

from tests.support.database import AsRole, admin_connection, wrapper_for
from tests.support.faces import FaceClient

FACES = ("public_client", "office_client", "intake_client")


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_every_face_answers_both_probes(face: str, path: str, request: pytest.FixtureRequest) -> None:
    client: FaceClient = request.getfixturevalue(face)
    answer = client.get(path, headers={"Host": "10.0.0.7"})
    assert (answer.status_code, answer.json(), answer["Cache-Control"]) == (200, {"status": "ok"}, "no-store")


def test_a_face_that_lost_its_database_is_alive_but_not_ready(as_role: AsRole, client: Client) -> None:
    away = wrapper_for("no_such_database", face="public")
    with as_role("public"):
        before, connections["default"] = connections["default"], away
        try:
            assert client.get("/healthz").status_code == 200
            answer = client.get("/readyz")
        finally:
            connections["default"] = before
    assert (answer.status_code, answer.json()) == (503, {"status": "database"})


def test_a_face_is_ready_again_after_its_connection_was_cut(public_client: FaceClient, database_name: str) -> None:
    assert public_client.get("/readyz").status_code == 200
    with admin_connection(database_name) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'etax_public' AND datname = current_database()"
        )
    public_client.get("/readyz")
    assert public_client.get("/readyz").status_code == 200
