import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import django

# The real settings: the real broker, the real cache. Only mail goes nowhere.
os.environ["DJANGO_SETTINGS_MODULE"] = "backbone.settings"
os.environ.update(
    EMAIL_URL="dummymail://", INSECURE_HTTP="true", LOG_LEVEL="ERROR", ALLOWED_HOSTS="localhost,testserver"
)
django.setup()

from django.core.management import call_command  # noqa: E402

from tests.bench import (  # noqa: E402
    adding_up,
    approving,
    entering,
    importing,
    loading,
    looking_back,
    memory,
    pages,
    protecting,
    ten_million,
    throughput,
)
from tests.bench.lines import Line, write  # noqa: E402

PARTS: dict[str, Callable[[], Iterator[Line]]] = {
    "loading": loading.lines,
    "pages": pages.lines,
    "entering": entering.lines,
    "approving": approving.lines,
    "adding_up": adding_up.lines,
    "looking_back": looking_back.lines,
    "protecting": protecting.lines,
    "importing": importing.lines,
    "memory": memory.lines,
    "throughput": throughput.lines,
    "ten_million": ten_million.lines,
}
ONLY_WHEN_ASKED_FOR = {"ten_million"}


def main(wanted: list[str]) -> None:
    call_command("migrate", verbosity=0)
    lines: list[Line] = []
    for name, part in PARTS.items():
        if name in wanted or (not wanted and name not in ONLY_WHEN_ASKED_FOR):
            for line in part():
                print(line, flush=True)
                lines.append(line)
    write(lines, Path("var/bench.json"))


main(sys.argv[1:])
