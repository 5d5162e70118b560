"""How the web server runs. No preload: what a worker opens before a fork would be shared."""

import os
from pathlib import Path

wsgi_app = "backbone.wsgi:application"
bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = False
timeout = 60
graceful_timeout = 25
max_requests = 5000
max_requests_jitter = 500
# Heartbeats on a disk that stalls would make healthy workers look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes a private file in it
# Nobody steers it from outside, and the control socket of a second server would collide.
control_socket_disable = True
