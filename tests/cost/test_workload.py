"""A load is one only when its requests have a size."""

from __future__ import annotations

from datetime import date

from advisor.cost.workload import workload
from advisor.library import Library
from advisor.recommendation import recommend
from tests.conftest import Stated


def test_requests_without_a_token_have_no_cost_and_break_nothing(library: Library, stated: Stated) -> None:
    answers = stated(requests_per_month=1000, input_tokens_per_request=0, output_tokens_per_request=0)
    assert workload(answers) is None
    result = recommend(answers, library, date(2026, 11, 24))
    assert all(r.cost.missing for r in result.shortlist + result.nearest)
