from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from redis import Redis, RedisError

from backbone.access.policy import public


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
