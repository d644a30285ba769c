"""Files of banks in the office: the treasurer brings them, the city's officers see what became of them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Role, office_required, officer_of
from core import clock
from core.errors import Refusal
from core.uploads import read_upload
from payments import services
from payments.bankfiles import summary
from payments.bankfiles.banks import banks
from payments.bankfiles.safe_xml import MOST_BYTES
from payments.forms import BankFileForm
from payments.models import BankFile
from payments.views.office import ROLES, only_the_citys


@office_required(*ROLES)
@require_GET
def bank_files(request: HttpRequest) -> HttpResponse:
    """Every file that came, newest first."""
    only_the_citys(request)
    page = Paginator(summary.files(), 50).get_page(request.GET.get("page"))
    may_bring = Role.TREASURER in officer_of(request).roles
    return render(request, "payments/bank_files.html", {"page": page, "may_bring": may_bring})


@office_required(Role.TREASURER)
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """A file goes to the inbox, and the worker reads and posts it."""
    only_the_citys(request)
    at = clock.now()
    known = {code: bank.name for code, bank in banks(on=clock.local_date(at)).items()}
    form = BankFileForm(request.POST or None, request.FILES or None, banks=known)
    if request.method == "GET" or not form.is_valid():
        return render(request, "payments/bring_bank_file.html", {"form": form}, status=422 if form.is_bound else 200)
    upload = form.cleaned_data["file"]
    try:
        content = read_upload(upload, max_bytes=MOST_BYTES, kinds=("text",))
        number = services.bring_bank_file(
            content=content, bank_code=form.cleaned_data["bank"], name=upload.name or "", at=at
        )
    except Refusal as refusal:
        context = {"form": form, "refusal": refusal}
        return render(request, "payments/bring_bank_file.html", context, status=422)
    return redirect("payments:bank_file", number)


@office_required(*ROLES)
@require_GET
def bank_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """What was read, posted, sent to suspense or refused, and why."""
    only_the_citys(request)
    try:
        file = summary.summary(file_id=file_id)
    except BankFile.DoesNotExist:
        raise Http404 from None
    page = Paginator(summary.lines_of(file_id=file_id), 50).get_page(request.GET.get("page"))
    return render(request, "payments/bank_file.html", {"file": file, "page": page})
