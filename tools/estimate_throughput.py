"""
Writes `data/sizing/estimates.csv`: speeds that NVIDIA's aiconfigurator estimates for open models on GPU machines.

The tool is no dependency of the advisor: it is large, slow, of one platform and announced to end. Only its figures are shipped.

    python3 -m venv DIR && DIR/bin/pip install aiconfigurator==0.12.0
    DIR/bin/python tools/estimate_throughput.py data/sizing          # all runs: 10 to 40 minutes on two cores
    DIR/bin/python tools/estimate_throughput.py data/sizing --only llama-3.1-8b   # these anew, the other rows kept

It needs no network and no GPU: configurations of models and times of kernels lie inside the package. Runs that the tool does not
support or has no data for leave no row, which says nothing about whether the model runs there. Each is named on stderr with the reason.

One run searches the layouts (tensor, expert and data parallel) of at most eight GPUs for one model, engine and shape of request. For
machines of 1, 2, 4 and 8 GPUs and each limit of time for an output token the fastest layout is kept that fits, in as many copies as
the machine holds.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

COLUMNS = (
    "model", "estimated_on", "precision", "hardware", "gpus", "engine", "input_tokens", "output_tokens", "ttft_limit_ms", "tpot_limit_ms",
    "users", "output_tokens_per_s", "tokens_per_s_per_user", "mode", "note",
)  # fmt: skip
KEY = COLUMNS[:10]
SHAPES = ((1_000, 500, 2_000), (4_000, 800, 4_000), (8_000, 500, 6_000))
"""Input tokens, output tokens, and milliseconds to the first token: questions, answers from documents, long documents."""
TPOT_LIMITS_MS = (25, 50)
"""Milliseconds for an output token: 50 is as fast as people read, 25 twice that."""
MACHINES = (1, 2, 4, 8)
MOST_USERS = 512
"""Requests at once in one copy of a layout; the tool was compared with measurements up to here only, and is too hopeful beyond."""
HOPPER_AND_LATER = ("h100_sxm", "h200_sxm", "b200_sxm")
ALL = ("a100_sxm", *HOPPER_AND_LATER)
DENSE = ("vllm", "trtllm")
EXPERTS = ("trtllm", "sglang")
"""Not vLLM: its table of FP8 experts timed a kernel that nobody had tuned, and is two to seven times too slow."""


@dataclass(frozen=True)
class Run:
    """One checkpoint, and the catalogue's models of its shape."""

    models: tuple[str, ...]
    checkpoint: str
    precision: str
    systems: tuple[str, ...]
    engines: tuple[str, ...]
    quantised: str = ""
    """
    `FP8` or `NVFP4`: the checkpoint's configuration with these weights, where no such checkpoint is bundled; `no`: with weights of 16
    bits; `as-is`: as bundled, where the tool does not find it by its name.
    """


LLAMA_70B = ("llama-3.3-70b", "apertus-70b", "qwen2.5-72b")
"""80 layers of 8,192, 64 heads over 8, 70 to 73 billion parameters."""
GLM_5 = ("glm-5", "glm-5.1", "glm-5.2")
MINIMAX_M2 = ("minimax-m2", "minimax-m2.5", "minimax-m2.7")
DEEPSEEK_V3 = ("deepseek-v3", "deepseek-r1-0528")
KIMI_K25 = ("kimi-k2.5", "kimi-k2.6", "kimi-k2-thinking")
QWEN_27B = ("qwen3.5-27b", "qwen3.6-27b")

RUNS = (
    Run(("llama-4-maverick",), "meta-llama/Llama-4-Maverick-17B-128E-Instruct", "fp8", ("h200_sxm", "b200_sxm"), EXPERTS, "FP8"),
    Run(("llama-4-maverick",), "meta-llama/Llama-4-Maverick-17B-128E-Instruct", "nvfp4", ("b200_sxm",), EXPERTS, "NVFP4"),
    Run(("llama-4-maverick",), "meta-llama/Llama-4-Maverick-17B-128E-Instruct", "bf16", ("h200_sxm", "b200_sxm"), EXPERTS),
    Run(LLAMA_70B, "meta-llama/Meta-Llama-3.1-70B", "bf16", ALL, DENSE),
    Run(("llama-3.3-70b",), "nvidia/Llama-3.1-70B-Instruct-FP8", "fp8", HOPPER_AND_LATER, DENSE),
    Run(("llama-3.3-70b",), "meta-llama/Meta-Llama-3.1-70B", "nvfp4", ("b200_sxm",), DENSE, "NVFP4"),
    Run(("qwen3-32b",), "Qwen/Qwen3-32B", "bf16", ALL, DENSE),
    Run(("qwen3-32b",), "Qwen/Qwen3-32B-FP8", "fp8", HOPPER_AND_LATER, DENSE),
    Run(("qwen3-30b-a3b",), "Qwen/Qwen3-30B-A3B", "bf16", ALL, EXPERTS),
    Run(("qwen3-30b-a3b",), "Qwen/Qwen3-30B-A3B-FP8", "fp8", HOPPER_AND_LATER, EXPERTS),
    Run(("qwen3-235b-a22b-2507",), "Qwen/Qwen3-235B-A22B-FP8", "fp8", HOPPER_AND_LATER, EXPERTS),
    Run(("qwen3-235b-a22b-2507",), "Qwen/Qwen3-235B-A22B", "bf16", ALL, EXPERTS),
    Run(("qwen3-235b-a22b-2507",), "nvidia/Qwen3-235B-A22B-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("llama-4-scout",), "meta-llama/Llama-4-Scout-17B-16E-Instruct", "bf16", ALL, EXPERTS),
    Run(("llama-4-scout",), "meta-llama/Llama-4-Scout-17B-16E-Instruct", "fp8", HOPPER_AND_LATER, EXPERTS, "FP8"),
    Run(("llama-4-scout",), "meta-llama/Llama-4-Scout-17B-16E-Instruct", "nvfp4", ("b200_sxm",), EXPERTS, "NVFP4"),
    Run(("llama-3.1-8b",), "meta-llama/Meta-Llama-3.1-8B", "bf16", ALL, DENSE),
    Run(("llama-3.1-8b",), "meta-llama/Meta-Llama-3.1-8B", "fp8", HOPPER_AND_LATER, DENSE, "FP8"),
    Run(("llama-3.1-8b",), "meta-llama/Meta-Llama-3.1-8B", "nvfp4", ("b200_sxm",), DENSE, "NVFP4"),
    Run(("llama-3.1-405b",), "meta-llama/Meta-Llama-3.1-405B", "fp8", HOPPER_AND_LATER, DENSE, "FP8"),
    Run(("llama-3.1-405b",), "meta-llama/Meta-Llama-3.1-405B", "bf16", ("h200_sxm", "b200_sxm"), DENSE),
    Run(DEEPSEEK_V3, "deepseek-ai/DeepSeek-V3", "fp8", ("h200_sxm", "b200_sxm"), EXPERTS),
    Run(DEEPSEEK_V3, "nvidia/DeepSeek-V3.1-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("deepseek-v3.2",), "deepseek-ai/DeepSeek-V3.2", "fp8", ("h200_sxm", "b200_sxm"), EXPERTS),
    Run(("deepseek-v3.2",), "nvidia/DeepSeek-V3.2-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("qwen3-coder-480b",), "Qwen/Qwen3-Coder-480B-A35B-Instruct", "fp8", HOPPER_AND_LATER, EXPERTS, "FP8"),
    Run(("qwen3-coder-480b",), "Qwen/Qwen3-Coder-480B-A35B-Instruct", "nvfp4", ("b200_sxm",), EXPERTS, "NVFP4"),
    Run(("qwen3-coder-480b",), "Qwen/Qwen3-Coder-480B-A35B-Instruct", "bf16", ("h200_sxm", "b200_sxm"), EXPERTS),
    Run(GLM_5, "zai-org/GLM-5-FP8", "fp8", ("h200_sxm", "b200_sxm"), EXPERTS),
    Run(GLM_5, "nvidia/GLM-5-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(MINIMAX_M2, "MiniMaxAI/MiniMax-M2.5", "fp8", HOPPER_AND_LATER, EXPERTS),
    Run(MINIMAX_M2, "nvidia/MiniMax-M2.5-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("minimax-m3",), "MiniMaxAI/MiniMax-M3", "bf16", ("h200_sxm", "b200_sxm"), EXPERTS),
    Run(("minimax-m3",), "nvidia/MiniMax-M3-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("kimi-k2",), "moonshotai/Kimi-K2-Instruct", "fp8", ("h200_sxm", "b200_sxm"), EXPERTS, "as-is"),
    Run(KIMI_K25, "moonshotai/Kimi-K2.5", "int4", HOPPER_AND_LATER, EXPERTS),
    Run(KIMI_K25, "nvidia/Kimi-K2.5-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("qwen3.5-122b-a10b",), "Qwen/Qwen3.5-122B-A10B", "bf16", ALL, EXPERTS, "as-is"),
    Run(("qwen3.5-122b-a10b",), "Qwen/Qwen3.5-122B-A10B", "fp8", HOPPER_AND_LATER, EXPERTS, "FP8"),
    Run(("qwen3.5-122b-a10b",), "nvidia/Qwen3.5-122B-A10B-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("qwen3.5-397b-a17b",), "Qwen/Qwen3.5-397B-A17B", "bf16", ("h200_sxm", "b200_sxm"), EXPERTS),
    Run(("qwen3.5-397b-a17b",), "nvidia/Qwen3.5-397B-A17B-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(QWEN_27B, "Qwen/Qwen3.5-27B", "bf16", ALL, DENSE),
    Run(QWEN_27B, "Qwen/Qwen3.5-27B", "fp8", HOPPER_AND_LATER, DENSE, "FP8"),
    Run(("qwen3.6-35b-a3b",), "Qwen/Qwen3.5-35B-A3B", "bf16", ALL, EXPERTS),
    Run(("qwen3.6-35b-a3b",), "Qwen/Qwen3.5-35B-A3B", "fp8", HOPPER_AND_LATER, EXPERTS, "FP8"),
    Run(("qwen3.6-35b-a3b",), "nvidia/Qwen3.6-35B-A3B-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("gemma-4-31b",), "nvidia/Gemma-4-31B-IT-NVFP4", "nvfp4", ("b200_sxm",), DENSE),
    Run(("gemma-4-31b",), "nvidia/Gemma-4-31B-IT-NVFP4", "bf16", ALL, DENSE, "no"),
    Run(("gemma-4-26b-a4b",), "google/gemma-4-26B-A4B", "bf16", ALL, EXPERTS),
    Run(("gemma-4-26b-a4b",), "google/gemma-4-26B-A4B", "fp8", HOPPER_AND_LATER, EXPERTS, "FP8"),
    Run(("llama-3.3-nemotron-super-49b",), "nvidia/Llama-3_3-Nemotron-Super-49B-v1", "bf16", ALL, DENSE),
    Run(("nemotron-3-nano",), "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", "bf16", ALL, EXPERTS),
    Run(("nemotron-3-nano",), "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", "fp8", HOPPER_AND_LATER, EXPERTS, "FP8"),
    Run(("nemotron-3-nano",), "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("nemotron-3-super",), "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8", "fp8", HOPPER_AND_LATER, EXPERTS),
    Run(("nemotron-3-super",), "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("nemotron-3-ultra",), "nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-FP8", "fp8", ("h200_sxm", "b200_sxm"), EXPERTS),
    Run(("nemotron-3-ultra",), "nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("deepseek-v4-flash",), "nvidia/DeepSeek-V4-Flash-NVFP4", "nvfp4", ("b200_sxm",), EXPERTS),
    Run(("deepseek-v4-flash",), "deepseek-ai/DeepSeek-V4-Flash", "mxfp4", HOPPER_AND_LATER, EXPERTS),
    Run(("deepseek-v4-pro",), "deepseek-ai/DeepSeek-V4-Pro", "mxfp4", ("h200_sxm", "b200_sxm"), EXPERTS),
)  # fmt: skip


# ---------------------------------------------------------------------- the tool
def checkpoint_path(run: Run, folder: Path) -> str:
    """The name of a bundled checkpoint, or a folder with its configuration and other weights."""
    if not run.quantised:
        return run.checkpoint
    import aiconfigurator_core

    bundled = Path(aiconfigurator_core.__file__).parent / "model_configs"
    made = folder / f"{run.checkpoint.replace('/', '--')}-{run.quantised}"
    made.mkdir(exist_ok=True)
    config = json.loads((bundled / f"{run.checkpoint.replace('/', '--')}_config.json").read_text())
    for part in (config, config.get("text_config") or {}):
        if run.quantised != "as-is":
            part.pop("quantization_config", None)
    (made / "config.json").write_text(json.dumps(config))
    if run.quantised not in ("no", "as-is"):
        quantisation = json.loads((bundled / "nvidia--Llama-3.1-70B-Instruct-FP8_hf_quant_config.json").read_text())
        quantisation["quantization"]["quant_algo"] = run.quantised
        (made / "hf_quant_config.json").write_text(json.dumps(quantisation))
    return str(made)


def layouts(path: str, system: str, engine: str, shape: tuple[int, int, int], mode: str) -> Any:
    """A data frame of layouts that keep the limits, as the tool makes it."""
    from aiconfigurator.cli.main import build_default_tasks
    from aiconfigurator.sdk import task_v2

    task_v2._LEGACY_TPOT_SWEEP[:] = TPOT_LIMITS_MS  # its default sweeps 75 limits and takes 30 times as long
    given, produced, first = shape
    tasks = build_default_tasks(
        model_path=path, total_gpus=max(MACHINES), system=system, backend=engine, database_mode=mode, isl=given, osl=produced, ttft=first,
        tpot=max(TPOT_LIMITS_MS), serving_mode="agg",
    )  # fmt: skip
    (task,) = tasks.values()
    return task.run()


def tried(run: Run, path: str, system: str, shape: tuple[int, int, int]) -> tuple[Any, str, str]:
    """Layouts by the first engine that the tool has data for, measured kernels before interpolated ones."""
    reasons = []
    for mode in ("SILICON", "HYBRID"):
        for engine in run.engines:
            try:
                found = layouts(path, system, engine, shape, mode)
            except Exception as error:  # the tool raises whatever its parts raise
                reasons.append(f"{engine} {mode}: {type(error).__name__} {str(error).splitlines()[0][:120] if str(error) else ''}")
                continue
            if len(found):
                return found, engine, mode
    raise LookupError("; ".join(reasons) or "no layout keeps the limits")


def best_rows(run: Run, system: str, shape: tuple[int, int, int], path: str) -> Iterator[dict[str, object]]:
    found, engine, mode = tried(run, path, system, shape)
    found = found[(found["concurrency"] <= MOST_USERS) & (found["ttft"] <= shape[2])]
    for gpus in MACHINES:
        for limit in TPOT_LIMITS_MS:
            fitting = found[(found["tpot"] <= limit) & (gpus % found["num_total_gpus"] == 0)]
            if len(fitting):
                best = fitting.loc[fitting["tokens/s/gpu"].idxmax()]
                copies = gpus // int(best["num_total_gpus"])
                layout = f"{best['parallel']}, {copies} times; cache {best['kvcache']}"
                made_by = f"{engine} {best['version']}"
                yield from (
                    dict(zip(COLUMNS, (
                        model, run.checkpoint, run.precision, system.removesuffix("_sxm"), gpus, made_by, *shape, limit,
                        int(best["concurrency"]) * copies, round(float(best["tokens/s/gpu"]) * gpus, 1),
                        round(float(best["tokens/s/user"]), 1), mode, layout,
                    ), strict=True))
                    for model in run.models
                )  # fmt: skip


# ---------------------------------------------------------------------- files
def kept(path: Path, only: Sequence[str]) -> list[dict[str, object]]:
    """Rows of an earlier table of models that are not made anew."""
    if not only or not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file) if row["model"] not in only]


def write(folder: Path, rows: list[dict[str, object]]) -> None:
    """The table in a fixed order, and its size and origin in the file beside it."""
    rows.sort(key=lambda row: tuple(str(row[name]).zfill(8) if str(row[name]).isdigit() else str(row[name]) for name in KEY))
    table = folder / "estimates.csv"
    with table.with_suffix(".part").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    table.with_suffix(".part").replace(table)
    beside = folder / "estimates.yaml"
    stated = {"version": version("aiconfigurator"), "made_on": f"{date.today()}", "as_of": f"'{date.today()}'", "rows": str(len(rows))}
    lines = beside.read_text(encoding="utf-8").splitlines() if beside.exists() else []
    fresh = [f"{key}: {stated[key]}" if (key := line.split(":")[0]) in stated else line for line in lines]
    if fresh:
        beside.write_text("\n".join(fresh) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("folder", type=Path, help="where estimates.csv lies")
    parser.add_argument("--only", nargs="*", default=[], metavar="MODEL", help="models of the catalogue to make anew")
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)
    rows = kept(chosen.folder / "estimates.csv", chosen.only)
    runs = [run for run in RUNS if not chosen.only or set(run.models) & set(chosen.only)]
    with tempfile.TemporaryDirectory() as made:
        for number, run in enumerate(runs, 1):
            path = checkpoint_path(run, Path(made))
            for system in run.systems:
                for shape in SHAPES:
                    begun = time.monotonic()
                    try:
                        new = [r for r in best_rows(run, system, shape, path) if not chosen.only or r["model"] in chosen.only]
                        told = f"{len(new)} rows"
                    except LookupError as error:
                        new, told = [], f"no row: {error}"
                    rows += new
                    words = f"{run.checkpoint} {run.precision} {system} {shape[0]}/{shape[1]}"
                    print(f"[{number}/{len(runs)}] {words}: {told} ({time.monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)
            write(chosen.folder, rows)
        shutil.rmtree(made, ignore_errors=True)


if __name__ == "__main__":
    main()
