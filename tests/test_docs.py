"""What the documents name exists, and what exists is documented."""

import ast
import inspect
import re
import shlex
import tomllib
from pathlib import Path

import pytest

import widgets
import workbench
from widgets.confidence import plot
from widgets.whatif import view
from workbench.cli import COMMANDS, _parser

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS_PAGE = (ROOT / "docs/commands.md").read_text("utf-8")
SITE = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", *SITE)
PUBLIC = [
    getattr(package, name)
    for package in (workbench, widgets)
    for name in package.__all__
    if name != "__version__"
]


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def shell_lines(text: str) -> list[list[str]]:
    """The commands of all shell blocks, as words."""
    code = "\n".join(blocks(text, "sh")).replace("\\\n", " ")
    lines = [shlex.split(part, comments=True) for part in re.split(r"\n|&&|\|\|", code)]
    return [words for words in lines if words]


def first_cells(text: str) -> list[str]:
    """The first cell of every row of every table."""
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|")]


def documented(thing: object) -> bool:
    """Whether somebody wrote its docstring; dataclasses make one up from their signature."""
    text = (getattr(thing, "__doc__", None) or "").strip()
    return bool(text) and not text.startswith(f"{getattr(thing, '__name__', '')}(")


@pytest.mark.parametrize("thing", PUBLIC, ids=lambda thing: thing.__name__)
def test_every_public_name_says_what_it_is(thing):
    silent = [] if documented(thing) else [thing.__name__]
    if inspect.isclass(thing):
        for name, member in vars(thing).items():
            plain = inspect.unwrap(getattr(member, "__func__", member))
            spoken = inspect.isfunction(plain) or isinstance(member, property)
            if spoken and not name.startswith("_") and not documented(member):
                silent.append(f"{thing.__name__}.{name}")
    assert silent == []


def test_the_documentation_lists_every_command_and_no_other():
    listed = [
        m[1] for m in map(re.compile(r"`workbench (\w+)`$").match, first_cells(COMMANDS_PAGE)) if m
    ]
    assert listed == [command.__name__.rpartition(".")[2] for command in COMMANDS]


def test_the_documentation_s_command_lines_are_understood():
    text = "\n".join((ROOT / page).read_text("utf-8") for page in ("README.md", *SITE))
    lines = [words for words in shell_lines(text) if words[0] == "workbench"]
    assert len(lines) >= 4
    for words in lines:
        _, rest = _parser().parse_known_args(words[1:])
        assert rest == [], words


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_named_exists(page):
    text = (ROOT / page).read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = set(re.findall(r"`make ([a-z]+)", text))
    named |= {words[1] for words in shell_lines(text) if words[0] == "make"}
    assert named <= targets


def test_the_readme_lists_every_notebook_and_no_other():
    listed = re.findall(r"\]\((notebooks/[^)]*)\)", README)
    there = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert listed == there


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_the_documentation_s_python_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code = [
        block
        for page in ("README.md", *SITE)
        for block in blocks((ROOT / page).read_text("utf-8"), "python")
    ]
    for block in code:
        ast.parse(block)
    (runnable,) = [block for block in code if "write_protein" in block]
    exec(compile(runnable, "commands.md", "exec"), {})
    assert capsys.readouterr().out.startswith("1 sequence")
    assert workbench.read_protein("design.cif").sequence.isalpha()


def test_every_button_with_a_word_is_named_on_the_page_of_the_bench_one_click_from_the_front():
    page = (ROOT / "docs/bench.md").read_text("utf-8")
    assert "(bench.md)" in (ROOT / "docs/index.md").read_text("utf-8")
    words = set()
    for path in (ROOT / "widgets").rglob("*.js"):
        code = path.read_text("utf-8")
        words |= set(re.findall(r'word: "([A-Z][^"…]*)"', code))
        words |= set(re.findall(r'this\.(?:act|opener)\(\s*"[\w-]+",\s*"([A-Z][^"]*)"', code))
    tabs = {title for _, title in (*plot.TABS, *view.TABS)}
    assert {"Run", "Rewind", "Scatter", "Discard", "Why"} <= words | tabs
    assert [word for word in sorted(words | tabs) if word not in page] == []


def test_the_house_has_the_rooms_that_imports_are_held_to():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    rooms = re.findall(r"\w+(?=[ )]|$)", " ".join(contract["layers"]))
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    table = page.partition("| room |")[2].partition("\n\n")[0]
    assert re.findall(r"`(\w+)`", " ".join(first_cells(table)[1:])) == rooms


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_files_named_exist(page):
    text = (ROOT / page).read_text("utf-8")
    folders = ("workbench", "widgets", "tests", "tools", "benchmarks")
    there = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    there += list(ROOT.glob("*.*"))
    named = set(re.findall(r"`([\w/]+\.(?:py|json|js|txt|toml|md))`", text))
    ends = {"/".join(path.parts[-n:]) for path in there for n in (1, 2, 3)}
    assert named - ends == set()
