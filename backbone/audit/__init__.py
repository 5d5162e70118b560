"""What happened, who did it and when: append-only events, sealed into a chain of hashes.

Decisions. Events are written in the transaction of what they tell of, without touching any shared
row, so that fifty approvals at once do not wait for each other. The chain is put on a little later
by `trail.seal`, the only writer of seals. A changed, removed or inserted event breaks the chain from
there on, and `trail.verify` says where.
"""
