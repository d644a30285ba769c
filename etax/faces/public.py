"""URLs of the public face."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("etax.web.urls")),
    path("log/", include("etax.openness.urls")),
    path("", include("accounts.urls.public")),
    path("", include("etax.portal.urls")),
    path("bills/", include("billing.urls.public")),
    path("receipts/", include("receipts.urls.public")),
    path("", include("mileage.urls.public")),
    path("", include("payments.urls.public")),
    path("refunds/", include("refunds.urls.public")),
    path("returns/", include("filing.urls.public")),
    path("appeals/", include("appeals.urls.public")),
    path("decisions/", include("appeals.urls.decisions")),
]

handler400 = "etax.web.errors.bad_request"
handler403 = "etax.web.errors.forbidden"
handler404 = "etax.web.errors.not_found"
handler500 = "etax.web.errors.server_error"
