"""The report: it has every figure and table, each with words about it, loads nothing, and works in a real browser."""

import html
import json
import re
import subprocess
from pathlib import Path

import pytest
from browser import find

HOOKS = """<script>
var errors = [];
for (const level of ["error", "warn"]) console[level] = (...words) => errors.push(`${level}: ${words.join(" ")}`);
window.addEventListener("error", (event) => errors.push(`${event.message || "not loaded: " + event.target.src}`), true);
window.addEventListener("unhandledrejection", (event) => errors.push(`rejected: ${event.reason}`));
</script>"""
# What Snakemake's own page says, whatever it reports on.
KNOWN = ("cdn.tailwindcss.com should not be used in production", "The input spec uses Vega-Lite v3")


@pytest.fixture(scope="session")
def reported_project(made_once, finished_project):
    """The finished project after `report`; not to be changed."""
    return made_once("reported", lambda folder: finished_project.copy(folder).run("report"))


@pytest.fixture(scope="session")
def page(reported_project) -> str:
    return (reported_project.folder / "results/report.html").read_text()


def read(page: str, name: str):
    """The value of a variable of the page's script."""
    return json.loads(re.search(rf"^    var {name} = (.*);$", page, re.MULTILINE)[1])


def shown(project) -> set[str]:
    """Every figure, as SVG, and every table and page, as HTML, of the experiment."""
    folder = project.folder / "results/notebook"
    figures = set(folder.rglob("*.svg"))
    tables = {path.with_suffix(".html") for path in folder.glob("*.md")}
    pages = {folder / "explore.html"}
    return {path.relative_to(project.folder).as_posix() for path in figures | tables | pages}


def test_every_figure_and_table_is_in_it_once_with_words_about_it(reported_project, page):
    results = read(page, "results")
    assert set(results) == shown(reported_project)
    assert len(results) == 14
    assert wordless(results) == []
    labels = [result["labels"] for result in results.values()]
    assert all(len(label) == 1 for label in labels)  # of a second one, Snakemake's page may make a switch that fails
    assert len({label["Shows"] for label in labels}) == len(labels)


def test_every_kind_of_experiment_and_the_claims_have_their_entries(fresh):
    """Snakemake reports on what is there, whatever it is: files without content will do for the words about them."""
    fresh.shrink()
    fresh.change("run", value=list(fresh.config["experiments"]))
    jobs = fresh.jobs("report").values()
    shown = {path for job in jobs for path in job.outputs if path.endswith((".svg", ".html"))} - {"results/report.html"}
    for path in shown:
        (fresh.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (fresh.folder / path).touch()
    fresh.run("--report", "empty.html", "report")
    page = (fresh.folder / "empty.html").read_text()
    results, categories = read(page, "results"), read(page, "categories")
    assert set(results) == shown
    assert {path for path in shown if "seed-" in path} == set()
    with_figures = [name for name, block in fresh.config["experiments"].items() if block.get("arms", True)]
    assert sorted(categories) == ["Claims", *(f"Experiment {name}" for name in sorted(with_figures))]
    assert (
        len(categories["Claims"]["Other"]) == 3
    )  # of several experiments: verdicts as figure and table, the first figure
    assert wordless(results) == []
    assert len({result["labels"]["Shows"] for result in results.values()}) == len(results)
    story = read(page, "workflow_desc")
    assert "system-message" not in story
    assert "a verdict on each" in story


def wordless(results: dict) -> list[str]:
    """The results whose caption is not there or was not understood."""
    broken = re.compile("system-message|{{|{%")
    return [path for path, one in results.items() if len(one["caption"]) < 150 or broken.search(one["caption"])]


def test_results_are_listed_by_experiment_model_and_seed(page):
    categories, results = read(page, "categories"), read(page, "results")
    assert set(categories) == {"Experiment notebook"}
    models = {"Teacher", "Norm", "KD", "Norm No3", "KD No3"}
    assert set(categories["Experiment notebook"]) == {"All models", *(f"Model {name}" for name in models)}
    assert results["results/notebook/learning_curves/kd.svg"]["labels"] == {"Shows": "learning curves (notebook, KD)"}
    assert "seed 0" in results["results/notebook/unseen_digits/kd-no3.svg"]["labels"]["Shows"]


def test_captions_say_what_these_results_are_of(page):
    results = read(page, "results")
    assert "at T = 4" in " ".join(results["results/notebook/soft_targets/kd-no3.svg"]["caption"].split())
    assert "which <em>KD No3</em> never saw" in " ".join(
        results["results/notebook/unseen_digits/kd-no3.svg"]["caption"].split()
    )


def test_the_description_tells_the_story(page):
    story = " ".join(re.sub("<.*?>", "", read(page, "workflow_desc")).split())
    for words in ("98.6 %", "39.1 %", "Norm, KD, Norm No3, KD No3; seeds 0, 1."):
        assert words in story
    assert "system-message" not in read(page, "workflow_desc")


def test_run_times_and_code_of_the_rules_are_there(page):
    assert {"train_teacher", "train_student", "bar_plot"} <= set(read(page, "rules"))
    assert "def bar_plot" in re.sub("<.*?>", "", read(page, "rules")["bar_plot"]["code"])
    assert {job["rule"] for job in read(page, "runtimes_spec")["data"]["values"]} >= {"train_teacher", "train_student"}


def test_it_names_no_address_that_a_browser_would_load(page):
    tags = r"<(?:img|iframe|source|embed|audio|video)\b[^>]*\bsrc=[\"']?(?!data:)[\w/.:]+"
    loading = tags + r"|<link\b[^>]*>|@import|url\([\"']?http"
    own = [read(page, name) for name in ("workflow_desc", "results")]
    texts = [own[0], *(result["caption"] for result in own[1].values())]
    without_scripts = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert [found for text in [without_scripts, *texts] for found in re.findall(loading, text)] == []
    assert not re.search(r"<script[^>]*\bsrc=", page)
    assert all(result["data_uri"].startswith("data:") for result in own[1].values())


def test_the_target_and_the_plain_option_agree_and_nothing_is_stale_after(reported_project, tmp_path):
    assert reported_project.stale("report") == set()
    assert reported_project.stale() == set()
    plain = tmp_path / "plain.html"
    reported_project.run("--report", str(plain))
    results = read(plain.read_text(), "results")
    assert results == read((reported_project.folder / "results/report.html").read_text(), "results")


def test_what_the_command_line_changes_of_the_config_reaches_it(reported_project, tmp_path):
    project = reported_project.copy(tmp_path / "project")
    project.run("report", "--config", "seeds=[0]")
    results = read((project.folder / "results/report.html").read_text(), "results")
    assert results["results/notebook/bar_plot.svg"]["labels"] == {"Shows": "accuracy per class (notebook)"}


def test_a_caption_that_changes_makes_the_report_alone_stale(reported_project, tmp_path):
    project = reported_project.copy(tmp_path / "project")
    project.append("report/bar_plot.rst", "More words.\n")
    assert project.stale() == set()
    assert project.stale("report") == {"report"}


def click_through(page: str, folder: Path) -> dict:
    """Open a copy of the page in a browser, click everything in it, and return what was seen."""
    browser = find("the report")
    driver = (Path(__file__).parent / "click_through.js").read_text()
    copy = folder / "report.html"
    head, end = page.split("<head>", 1)[0] + "<head>" + HOOKS, page.split("<head>", 1)[1]
    body, _, rest = end.rpartition("</body>")
    copy.write_text(f"{head}{body}<script>{driver}</script></body>{rest}")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1600,1000"]
    options += [f"--user-data-dir={folder / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND"]  # no network
    options += ["--virtual-time-budget=600000", "--dump-dom"]
    done = subprocess.run([browser, *options, copy.as_uri()], capture_output=True, text=True, timeout=400)
    last = re.search(r"<body[^>]*><pre>(.*)</pre>\s*</body>", done.stdout, re.DOTALL)
    assert last, f"{browser} ended with status {done.returncode}: {done.stderr[-2000:]}"
    return json.loads(html.unescape(last[1]))


def problems(seen: dict, results: dict) -> list[str]:
    """What is wrong with what a browser showed of `results`."""
    found = [error for error in seen["errors"] if not any(known in error for known in KNOWN)]
    found += [f"not listed, or behind another: {path}" for path in set(results) - {row[3] for row in seen["rows"]}]
    found += [f"no picture: {path}" for path, pixels in seen["pictures"].items() if not pixels]
    for path, text in seen["alternatives"].items():
        expected = [*results[path]["labels"].values(), html.unescape(re.sub("<.*?>", "", results[path]["caption"]))]
        if text.split() != ". ".join(expected).split():
            found.append(f"not the alternative text: {path}: {text!r}")
    found += [f"no table: {path}" for path, text in seen["pages"].items() if "<table" not in text]
    found += [f"no caption: {path}" for path, text in seen["captions"].items() if len(text) < 150]
    found += [f"no code: {path}" for path, text in seen["codes"].items() if "import" not in text]
    found += [f"no graph: {name}" for name, drawn in seen["graphs"].items() if not drawn]
    found += [f"loaded: {address}" for address in seen["loaded"]]
    for term, count in seen["searches"].items():
        if count != len([path for path in results if term in path]):
            found.append(f"searching for {term} lists {count} results")
    return found


@pytest.mark.slow
def test_in_a_browser_every_entry_opens_and_nothing_fails(page, tmp_path):
    results = read(page, "results")
    seen = click_through(page, tmp_path)
    assert problems(seen, results) == []
    assert len(seen["rows"]) == len(results)
    assert len(seen["searches"]) > 10
    assert seen["menu"] == ["Workflow", "Statistics", "About", "Results"]
    assert seen["followed"]


@pytest.mark.slow
def test_a_damaged_picture_and_a_failing_script_are_seen(page, tmp_path):
    results = read(page, "results")
    victim = results["results/notebook/bar_plot.svg"]["data_uri"]
    broken = page.replace(victim, "data:image/svg+xml;base64,AAAA").replace("'use strict';", "console.error('Oh');", 1)
    found = problems(click_through(broken, tmp_path), results)
    assert "no picture: results/notebook/bar_plot.svg" in found
    assert any("Oh" in problem for problem in found)


@pytest.mark.slow
def test_pictures_without_alternative_texts_are_seen(page, tmp_path):
    results = read(page, "results")
    found = problems(click_through(page.replace("picture.alt =", "picture.title ="), tmp_path), results)
    assert {problem.split(":")[0] for problem in found} == {"not the alternative text"}
