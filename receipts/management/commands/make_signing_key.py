"""`manage.py make_signing_key`: a root and a signing certificate for development. A real city brings its own."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import clock
from receipts.services.issue_document import letterhead
from receipts.signing.authority import make_root, make_signing_certificate, write_secret


class Command(BaseCommand):
    help = "Make the key that signs documents, unless it is there."

    def handle(self, *args: object, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("ETAX_DOCUMENT_KEY: in production the city's own key is used, none is made")
        key, certificate, roots = settings.DOCUMENT_KEY, settings.DOCUMENT_CERTIFICATE, settings.DOCUMENT_ROOTS
        if all(Path(file).exists() for file in (key, certificate, roots)):
            return
        at = clock.now()
        organisation = str(letterhead().city)
        root = make_root(organisation=organisation, at=at)
        signing = make_signing_certificate(root=root, organisation=organisation, at=at)
        # Older roots stay: what was signed under them is still ours. The root's own key is thrown away.
        known = roots.read_bytes() if roots.exists() else b""
        write_secret(roots, root.certificate_pem() + known)
        write_secret(certificate, signing.certificate_pem())
        write_secret(key, signing.key_pem())
