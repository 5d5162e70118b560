"""The interface for programs: `/api/v1/`, keys of organizations, and its description.

Decisions. A method of an endpoint states its permission as a page does (`reads`, `writes`), and runs in one
transaction that shows one initiative's rows. What may be done, and the sentences of refusals, come from the
operations and forms of the pages; nothing is decided here a second time. A key acts by an account of its own, so
every step that a program takes names the key in the audit trail and beside the report, and never a person.
Answers to changes are kept with the change, in its transaction, so that one that is sent twice happens once.

Whoever adds something to read (releases, say): a shape, a view in a `…_views.py`, a line in `urls.py`, and a line in
`tests/architecture/access_table.py`. The rest, from keys to entity tags, comes with `Endpoint` and `reads`.
"""
