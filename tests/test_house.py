"""The house itself: sizes, names, what may not be written, the lock, the app's settings and the wheel."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "core", "common", "misc", "base", "service", "handler", "processor"}
SHIPPED = "advisor/_shipped"

FOLDERS = (".ci", ".streamlit", "advisor", "benchmarks", "data", "docs", "rules", "tests", "tools")
"""What the project's own files lie in, beside those at the root."""
ONE_MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/")
ADDRESS = re.compile(r"https?://|file:|^\s*--?(?:index-url|extra-index-url|find-links|trusted-host|i|f)\b", re.MULTILINE)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==\S+(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def _python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def _own_files() -> Iterator[Path]:
    at_root = (path for path in ROOT.iterdir() if path.is_file() and path.name != ".git")
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file())
    yield from (path for path in (*at_root, *inside) if "__pycache__" not in path.parts)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), _name(path))


CODE = [pytest.param(path, id=_name(path)) for path in _python_files("advisor", "tests")]
PRODUCT = [pytest.param(path, id=_name(path)) for path in (*_python_files("advisor"), ROOT / "streamlit_app.py")]


@pytest.mark.parametrize("path", CODE)
def test_a_file_fits_its_reader(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES_OF_A_FILE, f"{_name(path)} has {lines} lines: split it by idea"


@pytest.mark.parametrize("path", CODE)
def test_a_function_fits_its_reader(path: Path) -> None:
    functions = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    sizes = {f"{_name(path)}:{f.lineno} {f.name}": (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FUNCTION} == {}


def test_modules_are_named_for_what_they_hold() -> None:
    modules = [path.relative_to(ROOT).with_suffix("") for path in _python_files("advisor", "tests")]
    assert [str(module) for module in modules if VAGUE_NAMES & {part.removeprefix("test_") for part in module.parts}] == []


@pytest.mark.parametrize("path", PRODUCT)
def test_no_page_lets_html_through(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "unsafe_allow_html" not in text
    assert "unsafe_allow_javascript" not in text


@pytest.mark.parametrize("path", PRODUCT)
def test_no_data_is_run_as_code(path: Path) -> None:
    tree = _tree(path)
    calls = {f"{ast.unparse(node.func)} in line {node.lineno}" for node in ast.walk(tree) if isinstance(node, ast.Call)}
    forbidden = re.compile(r"(?:builtins\.)?(?:eval|exec)|yaml\.(?:unsafe_|full_)?load(?:_all)?")
    assert {call for call in calls if forbidden.fullmatch(call.split(" in ")[0])} == set()
    assert _imported(tree) & {"pickle", "marshal", "shelve", "dill", "cloudpickle"} == set()


def test_only_the_user_interface_knows_streamlit() -> None:
    outside = [path for path in _python_files("advisor") if not _name(path).startswith("advisor/ui/")]
    assert [_name(path) for path in outside if "streamlit" in _imported(_tree(path))] == []


def _imported(tree: ast.Module) -> set[str]:
    """The top names of all modules that are imported anywhere in a file."""
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[0] for name in names}


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    found = [
        f"{_name(path)}:{number}: {line.strip()[:100]}"
        for path in _own_files()
        for number, line in enumerate(path.read_bytes().decode("utf-8", errors="ignore").splitlines(), 1)
        if ONE_MACHINE.search(line)
    ]
    assert found == []


def test_the_lock_pins_by_hash_and_names_no_address() -> None:
    text = (ROOT / "requirements.lock.txt").read_text(encoding="utf-8")
    assert ADDRESS.findall(text) == []
    pins = PINNED.findall(text)
    assert pins
    assert [name for name, rest in pins if "--hash=sha256:" not in rest] == []


def test_the_lock_holds_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    locked = {_canonical(name) for name, _ in PINNED.findall((ROOT / "requirements.lock.txt").read_text(encoding="utf-8"))}
    assert {_canonical(re.split(r"[^\w.-]", requirement)[0]) for requirement in wanted} - locked == set()


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_app_is_shipped_hardened() -> None:
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["toolbarMode"] == "viewer"
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["enableXsrfProtection"] is True
    assert settings["server"]["enableCORS"] is True
    assert settings["server"]["maxUploadSize"] == 1
    assert "port" not in settings["server"]


def test_streamlit_knows_every_setting_of_the_app() -> None:
    from streamlit import config

    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert set(_leaves(settings)) - set(config.get_config_options()) == set()


def _leaves(settings: dict[str, object], above: str = "") -> Iterator[str]:
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{key}.")
        else:
            yield above + key


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    build = subprocess.run(command, capture_output=True, text=True, check=False)
    assert build.returncode == 0, build.stdout + build.stderr
    (wheel,) = folder.glob("advisor-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_carries_the_rules_the_data_and_the_app(installed: Path) -> None:
    kept = {_name(path) for folder in ("rules", "data") for path in (ROOT / folder).rglob("*") if path.is_file()}
    shipped = {path.relative_to(installed / SHIPPED).as_posix() for path in (installed / SHIPPED).rglob("*") if path.is_file()}
    assert shipped == kept | {"streamlit_app.py", ".streamlit/config.toml"}
    assert any(name.startswith("rules/") for name in shipped)
    assert any(name.startswith("data/") for name in shipped)


def test_an_installed_advisor_works_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    start = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import advisor; print(advisor.__file__, file=sys.stderr); "
        "from advisor.cli.main import run; sys.exit(run())"
    )
    command = [sys.executable, "-I", "-c", start, str(installed), "rules", "check"]
    check = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout + check.stderr
    assert str(installed) in check.stderr
