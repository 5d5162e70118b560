"""Is it real, is it enough? Pure statistics over exact decimals.

Decisions
    Nothing here knows a partner, a page or a database: values come in as `Decimal`, results are frozen
    dataclasses with unrounded values: a figure is rounded once, where it is shown.
    A judgement that is not made says why as a `Reason`; the sentence for it, and its translation, belong to
    the page.
    A missing value is None and never 0.
"""
