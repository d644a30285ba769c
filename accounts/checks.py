"""Proofs for `manage.py log_check`: who holds a role, against the leaves that say who was given one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from accounts.models import RoleGrant
from core import log


def roles_as_sealed() -> Iterator[str]:
    """Every grant stands as it was sealed, and no role is held that nobody sealed."""
    sealed = {(leaf.reference, leaf.content["change"]): leaf for leaf in chain(*log.leaves(kind="role"))}
    grants = {f"grant:{grant.pk}": grant for grant in RoleGrant.objects.all()}
    for (reference, change), leaf in sealed.items():
        grant = grants.get(reference)
        if grant is None:
            yield f"role {reference} is gone"
        elif (grant.officer_id, grant.role) != (leaf.content["officer"], leaf.content["role"]):
            yield f"role {reference} is not what was sealed: {leaf.content['role']} of {leaf.content['officer']}"
        elif leaf.content["by"] != {"granted": grant.granted_by_id, "ended": grant.ended_by_id}.get(
            change, leaf.content["by"]
        ):
            yield f"role {reference} was {change} by somebody else than the log says"
    for reference, grant in grants.items():
        if grant.granted_at is not None and (reference, "granted") not in sealed:
            yield f"role {reference} ({grant.role} of account {grant.officer_id}) was granted without a leaf"
