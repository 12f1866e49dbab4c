"""Tables that people take with them into a spreadsheet."""

import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from gongheng.kernel import spreadsheets


def answer(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return rows, the head first, as a CSV file to be saved; ``name`` comes without its ending."""
    text = io.StringIO()
    text.write("\ufeff")  # tells spreadsheets that this is UTF-8
    spreadsheets.write(text, rows)
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
