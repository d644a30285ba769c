"""What a browser is allowed to do with our pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

# Nothing of a browser's hardware and background powers is used by any page.
PERMISSIONS = ", ".join(
    f"{power}=()"
    for power in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
        "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment",
        "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


def content_security_policy(*, form_targets: Iterable[str] = (), upgrade: bool = False) -> dict[str, Any]:
    """Settings' CONTENT_SECURITY_POLICY: everything from ourselves, nothing inline, framed by nobody.

    `form_targets`: origins a form's answer may redirect to (hosted card page, identity provider); browsers
    hold a redirect after a POST to form-action as well.
    """
    return {
        "DIRECTIVES": {
            "default-src": ["'none'"],
            "base-uri": ["'none'"],
            "connect-src": ["'self'"],
            "font-src": ["'self'"],
            "form-action": ["'self'", *form_targets],
            "frame-ancestors": ["'none'"],
            "img-src": ["'self'"],
            "script-src": ["'self'"],
            "style-src": ["'self'"],
            **({"upgrade-insecure-requests": True} if upgrade else {}),
        }
    }


class PagePolicyMiddleware:
    """Permissions of the browser, and no copy of a page about people or money on a shared computer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response
