from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import office_required, officer_of
from accounts.forms.office import RelativeForm
from accounts.selectors.officers import relatives_of
from accounts.services.relatives import declare_relative
from accounts.vault.numbers import NotAResidentNumber
from accounts.views.pages import form_page


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("number")
@office_required()
def relatives(request: HttpRequest) -> HttpResponse:
    """Whose files I may not touch: myself and my relatives."""
    me = officer_of(request).account_id
    known = relatives_of(account_id=me)
    form = RelativeForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "office/relatives", known=known)
    try:
        declare_relative(officer_id=me, **form.cleaned_data)
    except NotAResidentNumber as refusal:
        form.add_error("number", str(refusal.message))
        return form_page(request, form, "office/relatives", known=known)
    messages.success(request, gettext("Declared."))
    return HttpResponseRedirect(reverse("accounts:relatives"))
