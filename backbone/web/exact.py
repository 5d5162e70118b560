from decimal import Decimal
from typing import Any

from django.db import models


class ExactField(models.DecimalField):  # type: ignore[type-arg]
    """A number of any length, kept exactly: PostgreSQL's unconstrained `numeric`.

    Sums, products and sums of squares of what people hand in never lose a digit in it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 1000)
        kwargs.setdefault("decimal_places", 200)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        return "numeric"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Decimal | None:
        return value if isinstance(value, Decimal) or value is None else self.to_python(value)
