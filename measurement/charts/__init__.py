"""Figures to SVG: one look for page, PDF, mail and embed.

Decisions

- We draw ourselves and do not use vl-convert (Vega-Lite). It was tried: a control character in a label aborts
  the whole process where no `except` can catch it, a child forked after the first chart hangs (and Celery
  forks), it costs each worker some 90 MB, it speaks to screen readers in English only, and what charts are
  about here (hatched gaps, labels that make room for each other, lanes of actions) it leaves to us.
- Nothing is cached: a chart costs a few milliseconds. Same input, same bytes, so that a caller may hash it.
- Only presentation attributes, never `style`: pages are served under a strict content security policy.
- Every value that is not known is a gap. A line is never drawn over it.
- A colour never speaks alone: partial is hollow, missing is hatched, a target is dashed, all with words.
"""
