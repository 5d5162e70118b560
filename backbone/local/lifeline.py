"""Children that end when the runner ends, however it ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def tied_to_runner(death_signal: signal.Signals) -> Callable[[], None]:
    """What a child calls between fork and exec: the kernel then sends it `death_signal` when the runner dies.

    It must come after a change of user, which clears the setting, and be called from the runner's main
    thread, because the kernel watches the thread and not the process. On other systems it does nothing.
    """
    runner = os.getpid()
    # Loaded here, since a child must not load anything between fork and exec.
    prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None

    def tie() -> None:
        if prctl is None:
            return
        prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != runner:  # it died before the call above
            os._exit(1)

    return tie
