"""URLs of the office face."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("etax.web.urls")),
    path("", include("etax.desk.urls")),
    path("", include("billing.urls.office")),
    path("", include("payments.urls.office")),
    path("", include("mileage.urls.office")),
    path("refunds/", include("refunds.urls.office")),
    path("returns/", include("filing.urls.office")),
    path("appeals/", include("appeals.urls.office")),
    path("documents/", include("receipts.urls.office")),
    path("ledger/", include("ledger.urls")),
    path("audit/", include("etax.audit.urls")),
    path("", include("accounts.urls.office")),
]

handler400 = "etax.web.errors.bad_request"
handler403 = "etax.web.errors.forbidden"
handler404 = "etax.web.errors.not_found"
handler500 = "etax.web.errors.server_error"
