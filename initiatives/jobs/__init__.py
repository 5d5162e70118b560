"""Long work that people wait for: a row that says how far it is, a worker that does it, a page that shows it.

Decisions. The kind of a run is the name of the task that does runs of that kind, so nothing has to be registered:
`operations.start` leaves a row and a hint for the task, the task calls `running.work_off` with its own name and with
what is to be done. Hints may get lost and workers may die: the sweeper asks again for what waits, and puts back what
gives no sign of life. A run that was put back has a new number of attempts; who still works on the old one
notices when it tells how far it is or that it is done, and what it wrote beside that is undone.
"""
