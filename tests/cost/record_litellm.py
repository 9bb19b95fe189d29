"""
Records what LiteLLM's own calculator charges, into `litellm_costs.csv` beside this file. Run it after a refresh of LiteLLM's snapshot:

    python -m venv /tmp/litellm && /tmp/litellm/bin/pip install litellm==<version of data/feeds/litellm.yaml>
    LITELLM_LOCAL_MODEL_COST_MAP=True /tmp/litellm/bin/python tests/cost/record_litellm.py

LiteLLM brings 60 packages and 380 MB, so that the tests read its answers instead of installing it. It knows nothing of the advisor.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

REQUESTS = {
    "short": (1_500, 0, 400, False),
    "short_cached": (1_500, 900, 400, False),
    "short_batch": (1_500, 0, 400, True),
    "short_batch_cached": (1_500, 900, 400, True),
    "middle": (150_000, 0, 1_000, False),
    "at_200k": (200_000, 0, 1_000, False),
    "at_272k": (272_000, 0, 1_000, False),
    "long": (300_000, 0, 1_000, False),
    "long_cached": (300_000, 180_000, 1_000, False),
    "long_batch": (300_000, 0, 1_000, True),
}
"""Input tokens, those of them read from the cache, output tokens, and whether the request is part of a batch."""

PEAK = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""A Tuesday night, when no provider is cheaper than its plain price."""

HERE = Path(__file__).parent
SNAPSHOT = HERE.parents[1] / "data" / "feeds" / "litellm.csv"


def main() -> None:
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    charge = _calculator()
    with SNAPSHOT.open(encoding="utf-8", newline="") as file:
        models = [(row["key"], row["provider"]) for row in csv.DictReader(file)]
    lines = sorted(_answers(models, charge))
    with (HERE / "litellm_costs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([f"litellm {version('litellm')}", *REQUESTS])
        writer.writerows(lines)
    sys.stderr.write(f"{len(lines)} of {len(models)} models have a price\n")


def _answers(models: list[tuple[str, str]], charge: Callable[..., str]) -> Iterator[list[str]]:
    for number, (key, provider) in enumerate(models, 1):
        costs = [charge(key, provider, *request) for request in REQUESTS.values()]
        if any(costs):
            yield [key, *costs]
        if sys.stderr.isatty() and number % 100 == 0:
            sys.stderr.write(f"\r{number} of {len(models)} models")


def _calculator() -> Callable[..., str]:
    litellm: Any = import_module("litellm")  # by name: it is not among the packages of the advisor
    types: Any = import_module("litellm.types.utils")
    arithmetic: Any = import_module("litellm.litellm_core_utils.llm_cost_calc.utils")
    litellm.suppress_debug_info = True
    arithmetic.current_billing_time = lambda: PEAK

    def charge(key: str, provider: str, given: int, cached: int, produced: int, batch: bool) -> str:
        """US dollars for one request; empty where LiteLLM has no price, or only guesses one."""
        prices: dict[str, Any] = litellm.model_cost[key]
        if batch and not {"input_cost_per_token_batches", "output_cost_per_token_batches"} <= prices.keys():
            return ""
        usage = types.Usage(
            prompt_tokens=given, completion_tokens=produced, total_tokens=given + produced,
            prompt_tokens_details=types.PromptTokensDetailsWrapper(cached_tokens=cached),
        )  # fmt: skip
        try:
            cost = sum(
                litellm.cost_calculator.cost_per_token(
                    model=key, custom_llm_provider=provider, prompt_tokens=given, completion_tokens=produced, usage_object=usage,
                    call_type="retrieve_batch" if batch else "completion",
                )
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001 - whatever it fails with, it has no answer
            sys.stderr.write(f"{key}: {type(error).__name__} {str(error)[:80]}\n")
            return ""
        return f"{cost:.12g}" if cost else ""

    return charge


if __name__ == "__main__":
    main()
