"""Django's forms in the design system's markup (settings: FORM_RENDERER = "etax.web.renderer.PageRenderer")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

INPUT = "krds-input"
CLASSES = {
    "django/forms/widgets/textarea.html": INPUT,
    "django/forms/widgets/select.html": "krds-form-select",
    "django/forms/widgets/file.html": INPUT,
    "django/forms/widgets/clearable_file_input.html": INPUT,
}
DATE = "django/forms/widgets/select_date.html"
DATE_PARTS = {"year": gettext_lazy("Year"), "month": gettext_lazy("Month"), "day": gettext_lazy("Day")}
PLAIN = {"checkbox", "radio", "hidden", "submit"}


class PageRenderer(TemplatesSetting):
    """Forms render through our own templates; widgets get the design system's classes here, not in each form."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: Mapping[str, Any], request: HttpRequest | None = None) -> SafeString:
        widget = context.get("widget")
        if widget:
            _dress(template_name, widget)
        return mark_safe(super().render(template_name, dict(context), request))  # noqa: S308 (an engine escaped it)


def _dress(template_name: str, widget: dict[str, Any]) -> None:
    name = CLASSES.get(template_name)
    if name is None and widget.get("type") and widget["type"] not in PLAIN:
        name = INPUT
    for part in widget.get("subwidgets", ()):
        _dress(part["template_name"], part)
        if template_name == DATE:
            part["attrs"].setdefault("aria-label", DATE_PARTS[part["name"].rpartition("_")[2]])
    attrs = widget["attrs"]
    if name and name not in attrs.get("class", "").split():
        attrs["class"] = f"{attrs.get('class', '')} {name}".strip()
