from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from redis import Redis, RedisError

from backbone.access.policy import public
from backbone.web.htmx import refused


@public("a load balancer asks whether the process lives")
def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@public("a load balancer asks whether requests can be served")
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready when the database answers. Without the broker figures come later, but pages work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"database": "ok", "broker": "ok" if broker_answers() else "no answer"})


def broker_answers() -> bool:
    address = settings.CELERY_BROKER_URL
    if not address.startswith("redis"):
        return True
    try:
        url = address.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
        return bool(Redis.from_url(url, socket_timeout=2).ping())
    except RedisError:
        return False


@public("shown in place of a form whose secret did not come along")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


@public("allauth's page to change one's own address is closed: the invitation to an address proves it")
def closed(request: HttpRequest) -> HttpResponse:
    raise Http404


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read; and, apart from it, what is more than can be taken at once."""
    if not isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return render(request, "400.html", status=400)
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    reason = _("At most %(limit)d megabytes can be sent at once, and this was more. None of it was read.")
    return refused(request, Exception(reason % {"limit": limit}), status=413, template="413.html")
