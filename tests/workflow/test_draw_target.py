"""The page on which to draw a digit, of the small data set: its networks are those of the run, and it can be used."""

import base64
import html
import json
import re
import zlib

import numpy as np
import pytest
from browser import answered

from mythical_digit.data import prepared
from mythical_digit.evaluation import forward_pass
from mythical_digit.files.records import read_csv, read_json
from mythical_digit.files.tensors import load_tensors

PAGE = "results/draw/draw.html"
ROLES = {"teacher": "teacher", "hard": "norm-no3", "distilled": "kd-no3"}


@pytest.fixture(scope="session")
def drawn_project(made_once, finished_project):
    """The finished project with its page, on which the networks of `notebook` alone answer."""

    def make(folder):
        project = finished_project.copy(folder)
        project.change("draw", value={"study": project.config["draw"]["study"]})
        project.run("draw")

    return made_once("drawn", make)


@pytest.fixture(scope="session")
def text(drawn_project):
    return (drawn_project.folder / PAGE).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def content(text):
    return json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', text, re.DOTALL)[1])


@pytest.fixture(scope="session")
def split(drawn_project, content):
    """Images and labels of the test split."""
    normalisation = {key: content[key] for key in ("mean", "std")}
    return prepared.load_split(drawn_project.folder / "results/data/mnist.safetensors", "test", normalisation)


def embedded(text, content, number):
    """The tensors of a network as the page holds them, unpacked here."""
    stream = re.search(f'<script type="text/plain" id="weights-0-{number}">(.*?)</script>', text)[1]
    data = zlib.decompress(base64.b64decode(stream), wbits=-zlib.MAX_WBITS)
    tensors, at = {}, 0
    shapes = content["recipes"][0]["networks"][number]["shapes"]

    def take(dtype, shape):
        nonlocal at
        found = np.frombuffer(data, dtype, np.prod(shape), at).reshape(shape)
        at += found.nbytes
        return found

    for i, (outputs, _) in enumerate(shapes):
        tensors[f"layers.{i}.weight"], tensors[f"layers.{i}.bias"] = take("<f4", (1,)), take("<f4", (outputs,))
    for i, shape in enumerate(shapes):
        tensors[f"layers.{i}.weight"] = tensors[f"layers.{i}.weight"] * take(np.int8, shape)
    assert at == len(data)
    return tensors


def test_it_counts_the_answers_that_rounding_changes(drawn_project, text, content, split):
    images, _ = split
    for number, network in enumerate(content["recipes"][0]["networks"]):
        exact = forward_pass.logits(load_tensors(drawn_project.folder / network["path"]), images)
        rounded = forward_pass.logits(embedded(text, content, number), images)
        shift = 3.5 * np.eye(10)[3]
        differences = [
            int(((exact + by).argmax(axis=1) != (rounded + by).argmax(axis=1)).sum()) for by in (0 * shift, shift)
        ]
        assert network["changed"] == differences
        assert differences[0] <= len(images) // 100


def test_a_browser_computes_what_numpy_computes_with_the_same_weights(drawn_project, text, content, split, tmp_path):
    pixels = load_tensors(drawn_project.folder / "results/data/mnist.safetensors", ["test_images"])["test_images"]
    script = f"""
        await mythicalDigit.ready();
        const text = "{base64.b64encode(pixels.tobytes()).decode()}";
        const all = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
        const size = {pixels[0].size};
        return Array.from({{length: all.length / size}}, (_, i) =>
            mythicalDigit.classify(all.subarray(i * size, (i + 1) * size)).map((logits) => [...logits]));"""
    found = np.array(answered(drawn_project.folder / PAGE, tmp_path, script))
    assert found.shape == (len(pixels), 3, 10)
    for number, model in enumerate(ROLES.values()):
        expected = forward_pass.logits(embedded(text, content, number), split[0])
        assert np.allclose(found[:, number], expected, atol=1e-3)
        confusion = np.zeros((10, 10), int)
        np.add.at(confusion, (split[1], found[:, number].argmax(axis=1)), 1)
        published = read_json(drawn_project.folder / f"results/notebook/seed-0/{model}/metrics.json")["confusion"]
        changed = content["recipes"][0]["networks"][number]["changed"][0]
        assert np.abs(confusion - published).sum() <= 2 * changed


def test_its_counts_along_the_shift_are_those_of_the_tables(drawn_project, content):
    (recipe,) = content["recipes"]
    assert (recipe["omitted"], recipe["shifted"], recipe["value"], recipe["farthest"]) == ([3], [3], 3.5, 7)
    for network in recipe["networks"]:
        model = ROLES[network["role"]]
        metrics = read_json(drawn_project.folder / f"results/notebook/seed-0/{model}/metrics.json")
        assert network["unseen"][0] == metrics["class_correct"][3]
        assert network["unseen"][0] + network["others"][0] == metrics["n"] - metrics["errors"]
        if network["role"] == "teacher":
            continue
        rows = read_csv(drawn_project.folder / f"results/notebook/seed-0/{model}/bias_curve.csv")
        rows = [row for row in rows if 0 <= float(row["shift"]) <= 7]
        assert len(rows) == len(network["unseen"]) == 71
        for name, column in (("unseen", "classes"), ("others", "others")):
            accuracies = [100 * count / recipe["n"][name] for count in network[name]]
            assert accuracies == pytest.approx([float(row[column]) for row in rows])


def test_its_examples_are_the_first_of_each_class(content, split):
    images, labels = [each["image"] for each in content["examples"]], split[1]
    threes = np.flatnonzero(labels == 3)
    assert images == [*threes[:6], *(np.flatnonzero(labels == k)[0] for k in range(10) if k != 3)]
    assert [each["label"] for each in content["examples"]] == labels[images].tolist()
    assert content["opens"] < 6


def test_it_loads_nothing_and_is_the_same_again(drawn_project, text, tmp_path):
    assert re.findall(r"(?:src|href)=[\"']?(?!data:)[^\"'\s>]+|https?://|url\(", text) == []
    again = drawn_project.copy(tmp_path / "again")
    again.run("draw", "--forcerun", "draw")
    assert (again.folder / PAGE).read_text(encoding="utf-8") == text


def test_images_of_any_size_and_place_are_centred_as_those_of_mnist(drawn_project, content, tmp_path):
    """A digit enlarged and moved comes back as it was, `box` pixels long, its centre of mass in the middle."""
    rng, box, side = np.random.default_rng(0), content["box"], content["rows"]
    assert (box, side) == (11, 16)
    drawings, originals = [], []
    for _ in range(20):
        height, width = (box, rng.integers(2, box + 1))[:: rng.choice([1, -1])]
        digit = rng.integers(1, 256, (height, width))
        scale, top, left = rng.integers(1, 12), *rng.integers(0, 40, 2)
        canvas = np.zeros((200, 180), np.uint8)
        canvas[top : top + height * scale, left : left + width * scale] = np.kron(digit, np.ones((scale, scale)))
        drawings.append(base64.b64encode(canvas.tobytes()).decode())
        originals.append(digit)
    script = f"""return {json.dumps(drawings)}.map((text) =>
        [...mythicalDigit.centred(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)), 180, 200)]);"""
    found = np.array(answered(drawn_project.folder / PAGE, tmp_path, script)).reshape(-1, side, side)
    for image, digit in zip(found, originals, strict=True):
        filled = np.argwhere(image)
        (top, left), (bottom, right) = filled.min(axis=0), filled.max(axis=0) + 1
        assert np.array_equal(image[top:bottom, left:right], digit)
        centre = [(image.sum(axis=1 - axis) @ np.arange(side)) / image.sum() for axis in (0, 1)]
        assert np.abs(np.array(centre) - side / 2).max() <= 0.5


def test_scaling_loses_no_ink_to_the_gaps_between_pixels(drawn_project, content, tmp_path):
    """Of a drawing of any size, each pixel of the result is the mean of an area: what a block's ink averages to."""
    script = """return [37, 90, 128].map((size) =>
        [...mythicalDigit.centred(new Uint8Array(size * size).fill(200), size, size)]);"""
    for image in np.array(answered(drawn_project.folder / PAGE, tmp_path, script)):
        assert sorted({*image.tolist()}) == [0, 200]
        assert (image == 200).sum() == content["box"] ** 2


# A 3 in a few strokes of the mouse, as shares of the pad.
PATH = [(0.3, 0.25), (0.5, 0.17), (0.66, 0.3), (0.47, 0.48), (0.7, 0.6), (0.6, 0.84), (0.32, 0.8)]
DRAW = f"""
    const pad = document.getElementById("pad");
    const box = pad.getBoundingClientRect();
    const move = (type, [x, y]) => pad.dispatchEvent(new PointerEvent(type, {{pointerId: 5, pointerType: "touch",
        bubbles: true, cancelable: true, clientX: box.left + x * box.width, clientY: box.top + y * box.height}}));
    const path = {json.dumps(PATH)};
    const wait = () => new Promise((resolve) => setTimeout(resolve, 1000));
    const text = (selector) => document.querySelector(selector).textContent;
    await mythicalDigit.ready();
"""


def test_a_finger_draws_and_the_answers_follow_and_can_be_cleared(drawn_project, tmp_path):
    script = (
        DRAW
        + """
        const seen = [];
        const look = async () => {
            await wait();
            seen.push([text("#distilled .answer b"), text("#said"), [...mythicalDigit.state.pixels]]);
        };
        await look();
        move("pointerdown", path[0]);
        path.slice(1, 4).forEach((point) => move("pointermove", point));
        await look();
        path.slice(4).forEach((point) => move("pointermove", point));
        move("pointerup", path.at(-1));
        move("pointermove", [0, 0]);
        await look();
        document.getElementById("clear").click();
        await look();
        return seen;"""
    )
    example, half, whole, cleared = answered(drawn_project.folder / PAGE, tmp_path, script)
    assert np.any(half[2])
    assert len({tuple(pixels) for _, _, pixels in (example, half, whole, cleared)}) == 4
    rows = np.flatnonzero(np.reshape(whole[2], (16, 16)).any(axis=1))
    assert len(rows) == 11  # from the first point to the last, none after the finger had left
    assert whole[0] in "0123456789"
    assert f"Distilled student: {whole[0]}, " in whole[1]
    assert cleared[0] == "?"
    assert not np.any(cleared[2])


def test_the_shift_reaches_both_students_and_not_the_teacher(drawn_project, content, tmp_path):
    script = (
        DRAW
        + """
        const slider = document.getElementById("shift");
        const seen = [];
        for (const shift of [0, 3.5, 7]) {
            slider.value = shift;
            slider.dispatchEvent(new Event("input", {bubbles: true}));
            const chance = (role) => document.querySelector(`#${role} .unseen i`).style.getPropertyValue("--chance");
            seen.push(["teacher", "hard", "distilled"].map((role) =>
                [Number(chance(role)), text(`#${role} .meter b`)]));
        }
        return seen;"""
    )
    found = answered(drawn_project.folder / PAGE, tmp_path, script)
    teacher, *students = zip(*found, strict=True)
    assert len({*map(tuple, teacher)}) == 1
    for number, student in enumerate(students, start=1):
        chances, shares = zip(*student, strict=True)
        assert chances[0] < chances[1] < chances[2]
        counts = content["recipes"][0]["networks"][number]["unseen"]
        assert shares == tuple(f"{100 * counts[i] / 40:.1f}\u202f%" for i in (0, 35, 70))


def test_the_button_moves_the_slider_to_the_published_shift_and_back(drawn_project, tmp_path):
    script = (
        DRAW
        + """
        const button = document.getElementById("raise");
        const seen = [];
        for (const _ of [0, 1]) {
            seen.push([text("#added"), button.textContent]);
            button.click();
            await wait(); await wait();
        }
        return [...seen, [text("#added"), button.textContent]];"""
    )
    found = answered(drawn_project.folder / PAGE, tmp_path, script)
    assert found == [["0", "Raise it to +3.5"], ["+3.5", "Back to 0"], ["0", "Raise it to +3.5"]]


def test_a_keyboard_and_a_screen_reader_reach_everything(drawn_project, tmp_path):
    script = (
        DRAW
        + """
        const button = document.querySelectorAll("#thumbs button")[8];
        button.focus();
        button.click();
        await wait();
        const controls = [...document.querySelectorAll("button, input")].filter((each) => each.getClientRects().length);
        const named = (each) => each.getAttribute("aria-label") || each.textContent || each.labels?.[0]?.textContent;
        const images = [...document.querySelectorAll("[role=img]")].map((each) => each.getAttribute("aria-label"));
        return {
            focused: document.activeElement === button, pressed: button.getAttribute("aria-pressed"),
            outline: getComputedStyle(button).outlineStyle, said: text("#said"),
            names: controls.map(named), unreachable: controls.filter((each) => each.tabIndex < 0).length, images,
            live: document.getElementById("said").getAttribute("aria-live"),
        };"""
    )
    found = answered(drawn_project.folder / PAGE, tmp_path, script)
    assert found["focused"]
    assert found["pressed"] == "true"
    roles = ("Teacher", "Student of labels", "Distilled student")
    assert re.fullmatch("".join(rf"{role}: \d, .*%\. " for role in roles) + r"Shift 0\.", found["said"])
    assert found["live"] == "polite"
    assert len(found["names"]) == 15 + 3  # examples; clear, raise, slider
    assert [name for name in found["names"] if not (name or "").strip()] == []
    assert found["unreachable"] == 0
    assert all(found["images"])


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_window(text, tmp_path, width):
    """In a frame, for a browser without a screen may make its windows no narrower than 500 pixels."""
    page = tmp_path / "frame.html"
    page.write_text(f'<iframe width="{width}" height="844" style="border: 0" srcdoc="{html.escape(text)}"></iframe>')
    (tmp_path / "shown").mkdir()
    script = """
        await new Promise((resolve) => addEventListener("load", resolve));
        const {contentDocument, contentWindow} = document.querySelector("iframe");
        await contentWindow.mythicalDigit.ready();
        return [contentDocument.documentElement.scrollWidth, contentWindow.innerWidth];"""
    assert answered(page, tmp_path / "shown", script) == [width, width]


def test_a_browser_that_cannot_unpack_says_so(text, tmp_path):
    page = tmp_path / "old.html"
    page.write_text(text.replace("<script>", "<script>delete window.DecompressionStream;</script><script>", 1))
    (tmp_path / "shown").mkdir()
    script = "const wrong = document.getElementById('wrong'); return [wrong.hidden, wrong.textContent];"
    hidden, words = answered(page, tmp_path / "shown", script)
    assert not hidden
    assert "cannot unpack the networks" in words


def test_without_its_block_in_the_config_it_says_what_is_missing(drawn_project, tmp_path):
    project = drawn_project.copy(tmp_path / "project")
    project.config = {key: value for key, value in project.config.items() if key != "draw"}
    done = project.snakemake("draw", "--forcerun", "draw")
    assert done.returncode == 1
    assert "`draw` is missing" in done.stdout
    assert "Traceback" not in done.stdout
