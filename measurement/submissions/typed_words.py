"""What stands in the fields, letter for letter, in one line."""

from django.utils.translation import gettext as _

from measurement.submissions.forms import reasons
from measurement.submissions.grid import GridCell
from measurement.submissions.workflow import Typed


def typed_in(cell: GridCell) -> Typed:
    draft = cell.draft
    return Typed(draft.amount, draft.base, draft.status, draft.note, draft.same, draft.detail)


def typed_words(cell: GridCell, words: Typed) -> str:
    """What was typed, letter for letter, in one line."""
    numbers = [words.amount, words.base] if words.base else [words.amount]
    parts = [_(" of ").join(text or "–" for text in numbers)] if any(numbers) else []
    parts += [", ".join(line or "–" for line in words.detail.split("\n"))] if words.detail else []
    known = dict(reasons(cell))
    parts += [known.get(words.status, words.status)] if words.status else []
    parts += [_("note: %(note)s") % {"note": words.note}] if words.note else []
    parts += [_("no change")] if words.same else []
    return "; ".join(parts)
