import itertools
import os
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Annotation, Text

import bar_plot
import compare_learning_curves
import confusion
import draw_soft_targets
import film
import hero
import learning_curves
import unseen_digits
from mythical_digit.evaluation.metrics import from_confusion
from mythical_digit.figures.curves import ACCURACY_TICKS
from mythical_digit.figures.style import DARK_GREY, UNSEEN, arm_style
from mythical_digit.files.records import write_json
from mythical_digit.files.tensors import save_tensors
from mythical_digit.tables.accuracies import Accuracies
from mythical_digit.tables.histories import COLUMNS

LABELS = {"teacher": "Teacher", "norm": "Norm", "kd-no3": "KD No3", "kd-no3+bias": "KD No3+B"}
OMITTED = {"norm": [], "kd-no3": [3], "kd-no3+bias": [3]}
TRAINED = {model: label for model, label in LABELS.items() if not model.endswith("+bias")}


def accuracies(models=LABELS, seeds=3):
    random = np.random.default_rng(0)
    values = {model: random.uniform(95, 99, (seeds, 10)) for model in models}
    for model in values:
        if "no3" in model:
            values[model][:, 3] = random.uniform(20, 30, seeds)
    return Accuracies(tuple(range(seeds)), tuple(range(10)), values)


def history(seeds=3, epochs=4, distilled=False):
    random = np.random.default_rng(seeds)
    columns = {name: random.uniform(0.1, 1, (seeds, epochs)) for name in COLUMNS}
    for name in ("train_accuracy", "test_accuracy"):
        columns[name] = random.uniform(90, 99, (seeds, epochs))
    if not distilled:
        columns["train_loss"] = columns["train_cross_entropy"]
    return columns


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def drawn_bars(data=None, labels=LABELS, omitted=OMITTED, published=None):
    return bar_plot.bar_plot(data or accuracies(labels), labels, omitted, published or {})


def panel(figure, title):
    """The enlarged part of a panel and its bars."""
    (place,) = [i for i, axes in enumerate(figure.axes) if axes.get_title(loc="left") == title]
    return figure.axes[place], figure.axes[place + 1]


FASHION = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]


def test_classes_with_names_are_called_by_them_in_bar_plot_and_confusion_matrices():
    counts = {"norm": np.ones((2, 10, 10), dtype=int)}
    for figure in (
        bar_plot.bar_plot(accuracies(), LABELS, OMITTED, {}, FASHION),
        confusion.confusion(counts, LABELS, OMITTED, FASHION),
    ):
        axes = figure.axes[1] if len(figure.axes) > 6 else figure.axes[0]
        shown = axes.get_xticklabels()
        assert [label.get_text() for label in shown] == FASHION
        assert {label.get_rotation() for label in shown} == {90.0}  # side by side, they would run into each other
        assert "Class" not in texts(figure)


def test_a_class_without_test_images_has_no_bar_and_no_number():
    data = accuracies()
    for values in data.values.values():
        values[:, [3, 5]] = np.nan
    found = texts(drawn_bars(data))
    assert not [text for text in found if "nan" in text]


@pytest.mark.parametrize(("classes", "across"), [(10, 3), (26, 1), (47, 1)])
def test_confusion_matrices_of_many_classes_stand_below_each_other(classes, across):
    random = np.random.default_rng(0)
    counts = {model: random.integers(50, size=(1, classes, classes)) for model in ("norm", "kd-no3")}
    figure = confusion.confusion(counts, LABELS, {"kd-no3": [3]})
    assert figure.axes[0].get_gridspec().ncols == across
    assert len(figure.axes[0].get_xticklabels()) == classes


def test_bar_plot_has_a_panel_per_student_with_its_average():
    data = accuracies()
    data.values["norm"][:] = [[97.0] * 10, [98.0] * 10, [99.0] * 10]
    figure = drawn_bars(data)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert [title for title in titles if title] == ["Norm", "KD No3", "KD No3+B"]
    assert "avg 98.00 ± 2.48 %" in texts(figure)
    assert any("n = 3 seeds" in text and "95 %" in text for text in texts(figure))


def test_students_with_the_same_numbers_share_a_panel():
    data = accuracies()
    data.values["kd-no3+bias"] = data.values["kd-no3"].copy()
    titles = [axes.get_title(loc="left") for axes in drawn_bars(data).axes]
    assert [title for title in titles if title] == ["Norm", "KD No3 and +B"]


def test_bars_start_at_zero_and_end_at_the_mean():
    data = accuracies()
    _, bars = panel(drawn_bars(data), "Norm")
    assert bars.get_ylim()[0] == 0
    assert "%" in bars.get_ylabel()
    heights = [bar.get_height() for bar in bars.containers[0]]
    np.testing.assert_allclose(heights, data.values["norm"].mean(axis=0))


def test_classes_never_seen_have_their_own_colour_and_number():
    data = accuracies()
    data.values["kd-no3"][:, 3] = [22, 23, 27]
    figure = drawn_bars(data)
    for title, unseen in (("Norm", []), ("KD No3", [3])):
        _, bars = panel(figure, title)
        colours = [to_hex(bar.get_facecolor()) for bar in bars.containers[0]]
        assert [i for i, colour in enumerate(colours) if colour == UNSEEN.lower()] == unseen
        assert len({*colours}) == 1 + len(unseen)
    assert [(text.get_position()[0], text.get_text()) for text in bars.texts] == [(3, "24.0")]
    figure.draw_without_rendering()
    text, bar = bars.texts[0].get_window_extent(), bars.containers[0][3].get_window_extent()
    assert text.y0 >= bar.y1


def test_what_was_published_is_a_hollow_mark():
    published = {"kd-no3": np.array([*[98.0] * 3, 2.9, *[np.nan] * 6])}
    figure = drawn_bars(published=published)
    enlarged, bars = panel(figure, "KD No3")
    marks = {axes: [line.get_xydata() for line in axes.lines if line.get_marker() == "D"] for axes in (enlarged, bars)}
    assert [point.tolist() for point in marks[bars]] == [[[3, 2.9]]]
    assert np.isfinite(marks[enlarged][0][:, 1]).tolist() == [True] * 3 + [False] * 7
    assert any("Published" in text for text in texts(figure))
    assert not any("Published" in text for text in texts(drawn_bars()))


def test_what_is_recognised_badly_does_not_widen_the_enlarged_range():
    data = accuracies()
    data.values["kd-no3+bias"][:, 7] = [91, 92, 93]
    enlarged, _ = panel(drawn_bars(data), "KD No3+B")
    assert enlarged.get_ylim() == (94, 100)
    (seeds,) = [line.get_ydata().reshape(3, 10) for line in enlarged.lines if len(line.get_ydata()) == 30]
    assert [label for label in range(10) if np.isnan(seeds[:, label]).all()] == [3, 7]


def test_without_a_teacher_of_its_own_there_is_no_mark_of_it():
    labels = {model: label for model, label in LABELS.items() if model != "teacher"}
    assert "Teacher's mean" not in texts(drawn_bars(labels=labels))
    assert "Teacher's mean" in texts(drawn_bars())


@pytest.mark.parametrize("students", [1, 10])
def test_bar_plot_takes_any_number_of_students(students):
    labels = {"teacher": "Teacher"} | {f"arm-{i}": f"Arm {i}" for i in range(students)}
    figure = drawn_bars(labels=labels, omitted={})
    assert len([axes for axes in figure.axes if axes.get_title(loc="left")]) == students


def test_one_seed_shows_no_interval():
    figure = drawn_bars(accuracies(seeds=1))
    curves = [
        learning_curves.learning_curves(history(seeds=1), "Norm", "black", {}),
        compare_learning_curves.compare_learning_curves({"norm": history(seeds=1)}, LABELS, {}),
    ]
    for drawn in (figure, *curves):
        words = " ".join(texts(drawn))
        assert "needs at least two" in words
        assert "nan" not in words
        assert "±" not in words
        assert "95 %" not in words


def test_colours_follow_the_arm():
    colours = {model: arm_style(model, LABELS)["color"] for model in LABELS}
    assert colours["teacher"] == DARK_GREY
    assert colours["kd-no3"] == colours["kd-no3+bias"] == arm_style("kd-no3", TRAINED)["color"]
    assert len(set(colours.values())) == 3
    arms = {f"arm-{i}": "" for i in range(12)}
    assert len({tuple(arm_style(arm, arms).values()) for arm in arms}) == 12


def test_objective_is_drawn_where_it_is_not_the_cross_entropy():
    assert "objective" in texts(learning_curves.learning_curves(history(distilled=True), "KD", "black", {}))
    assert "objective" not in texts(learning_curves.learning_curves(history(), "Norm", "black", {}))


def test_curve_is_the_mean_over_seeds():
    data = history()
    figure = learning_curves.learning_curves(data, "Norm", "black", {})
    drawn = [line.get_ydata() for line in figure.axes[0].lines]
    assert any(np.array_equal(line, data["test_cross_entropy"].mean(axis=0)) for line in drawn)
    assert any(np.array_equal(line, data["test_cross_entropy"][1]) for line in drawn)


@pytest.mark.parametrize("seeds", [1, 3])
def test_one_epoch_is_drawn_as_points(seeds):
    figure = compare_learning_curves.compare_learning_curves({"norm": history(seeds, epochs=1)}, LABELS, {})
    for axes in figure.axes:
        assert axes.lines[0].get_marker() == "o"
        low, high = axes.get_ylim()
        assert low < np.mean(axes.lines[0].get_ydata()) < high
        assert len(axes.get_yticks()) <= 6  # close around the points of both panels, not the whole range of ticks


def test_accuracy_axis_takes_no_error_at_all():
    data = history()
    data["test_accuracy"][:] = 100
    axes = learning_curves.learning_curves(data, "Norm", "black", {}).axes[1]
    assert axes.get_ylim()[1] == ACCURACY_TICKS[-1]
    assert np.isfinite(axes.transData.transform((1, 100))).all()


def test_labels_at_line_ends_do_not_overlap():
    models = {f"arm-{i}": f"Arm {i}" for i in range(10)}
    figure = compare_learning_curves.compare_learning_curves({model: history() for model in models}, models, {})
    figure.draw_without_rendering()
    for axes in figure.axes:
        labels = [text for text in axes.texts if isinstance(text, Annotation)]
        boxes = sorted((Text.get_window_extent(label) for label in labels), key=lambda box: box.y0)
        assert len(boxes) == 10
        assert all(below.y1 <= above.y0 + 1 for below, above in itertools.pairwise(boxes))


@pytest.mark.parametrize(("epochs", "scale"), [(10, "linear"), (40, "log")])
def test_models_with_far_more_epochs_have_a_logarithmic_axis(epochs, scale):
    models = {"teacher": history(epochs=epochs), "norm": history(epochs=10)}
    axes = compare_learning_curves.compare_learning_curves(models, LABELS, {}).axes[3]
    assert axes.get_xscale() == scale
    assert axes.get_xlim()[1] > epochs
    (label,) = [text for text in axes.texts if text.get_text() == "Norm"]
    at = axes.transAxes.inverted().transform(axes.transData.transform((10, 90)))[0]
    assert label.xyann[0] == pytest.approx(at + 0.05)  # next to its own end


def test_training_and_test_share_an_axis():
    first, second = compare_learning_curves.compare_learning_curves({"norm": history()}, LABELS, {}).axes[2:]
    assert first.get_ylim() == second.get_ylim()
    for axes in (first, second):
        low, high = axes.get_ylim()
        assert all(((low <= line.get_ydata()) & (line.get_ydata() <= high)).all() for line in axes.lines)


def test_a_loss_that_falls_to_nothing_leaves_the_panel():
    data = history()
    data["train_cross_entropy"] = np.full((3, 4), 2e-5)
    data["train_cross_entropy"][:, 0] = 1
    axes = compare_learning_curves.compare_learning_curves({"norm": data}, LABELS, {}).axes[0]
    axes.figure.draw_without_rendering()
    assert axes.get_ylim()[0] == 0.001
    assert not any("e-" in label.get_text() for label in axes.get_yticklabels())
    assert [text.get_text() for text in axes.texts] == ["Norm ↓"]


def test_published_epochs_are_hollow_marks():
    published = {"epoch": np.array([1.0, 2]), "test_accuracy": np.array([91.0, 92]), "train_loss": np.array([0.5, 0.4])}
    alone = learning_curves.learning_curves(history(distilled=True), "KD", "red", published)
    together = compare_learning_curves.compare_learning_curves({"norm": history()}, LABELS, {"norm": published})
    for figure, expected in ((alone, ["test_accuracy", "train_loss"]), (together, ["test_accuracy"])):
        lines = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "D"]
        marks = [line.get_xydata().tolist() for line in lines]
        assert sorted(marks) == sorted([[1, published[name][0]], [2, published[name][1]]] for name in expected)
        assert {line.get_markerfacecolor() for line in lines} == {"white"}
        assert any("published" in text for text in texts(figure))


class Output(SimpleNamespace):
    """Outputs by name, or by place where a script has one alone."""

    def __getitem__(self, place):
        return self.png.with_suffix(".gif")


def render(folder):
    """Run the scripts as Snakemake does, on files made here."""
    data = accuracies()
    lines = ["seed,model,class,n,correct,accuracy"]
    for model, values in data.values.items():
        lines += [
            f"{seed},{model},{label},100,{value:.0f},{value:.0f}" for (seed, label), value in np.ndenumerate(values)
        ]
    (folder / "metrics.csv").write_text("\n".join(lines) + "\n")
    paths = []
    for model, seed in itertools.product(TRAINED, range(2)):
        columns = history(seeds=1, distilled=model.startswith("kd"))
        rows = [[i + 1, *(columns[name][0, i] + seed / 100 for name in COLUMNS)] for i in range(4)]
        paths.append(folder / f"{model}-{seed}.csv")
        paths[-1].write_text("\n".join([",".join(("epoch", *COLUMNS)), *(",".join(map(str, row)) for row in rows)]))

    (folder / "published.csv").write_text("class,kd-no3\n3,2.9\navg,88\n")
    (folder / "epochs.csv").write_text("model,epoch,train_loss,test_accuracy\nkd-no3,1,0.5,91\n")

    def run(module, inputs, **params):
        output = Output(png=folder / f"{module.__name__}.png", svg=folder / f"{module.__name__}.svg")
        job = SimpleNamespace(
            input=SimpleNamespace(**inputs),
            output=output,
            params=SimpleNamespace(note=None, names=None, origins={}, **params),
            wildcards=SimpleNamespace(model="kd-no3", arm="kd-no3"),
            log=[folder / "log"],
        )
        runpy.run_path(module.__file__, {"snakemake": job}, "__main__")

    run(
        bar_plot,
        {"metrics": folder / "metrics.csv", "published": folder / "published.csv"},
        labels=LABELS,
        omitted=OMITTED,
    )
    run(learning_curves, {"histories": paths[-2:], "published": folder / "epochs.csv"}, labels=LABELS)
    run(compare_learning_curves, {"histories": paths, "published": folder / "epochs.csv"}, labels=TRAINED, seeds=[0, 1])

    random = np.random.default_rng(0)
    digits = np.arange(200, dtype=np.uint8) % 10
    pixels = random.integers(0, 256, (200, 28, 28), dtype=np.uint8)
    split = {f"{name}_images": pixels for name in ("train", "test")}
    save_tensors(folder / "data", split | {f"{name}_labels": digits for name in ("train", "test")})
    for name in ("plain", "biased", "logits-0", "logits-1"):
        weights = {"layers.0.weight": random.normal(0, 0.1, (10, 784)).astype(np.float32)}
        weights["layers.0.bias"] = np.zeros(10, np.float32)
        logits = random.normal(0, 3, (200, 10)).astype(np.float32)
        save_tensors(folder / name, weights if "logits" not in name else {"train_logits": logits})
    records = []
    for place in range(2 * len(LABELS)):
        records.append(folder / f"{place}.json")
        write_json(records[-1], from_confusion(random.integers(1, 99, (10, 10))))
    common = {"normalisation": {"mean": 0.1, "std": 0.3}, "held_out": 0, "labels": LABELS, "seed": 0}
    tensors = {name: folder / name for name in ("data", "plain", "biased")}
    run(unseen_digits, tensors, **common, omitted=[3], bias={"classes": [3], "value": 3.5})
    logits = [folder / f"logits-{seed}" for seed in range(2)]
    run(draw_soft_targets, {"data": folder / "data", "logits": logits}, **common, omitted=3, temperature=4)
    run(confusion, {"metrics": records}, labels=LABELS, omitted=OMITTED, seeds=[0, 1])
    bars = [{"label": "KD No3", "experiment": "one", "model": "kd-no3", "published": 2.9}]
    ours = {"data": folder / "data", "metrics": [folder / "metrics.csv"]}
    about = {"mistake": None, "label": 3, "normalisation": common["normalisation"], "held_out": 0}
    run(hero, ours, **about, title="It never saw a 3", bars=bars, models={"one": ["kd-no3"]})
    run(film, {"data": folder / "data", "model": folder / "plain"}, **about, shift=3.5)


def test_two_runs_write_the_same_bytes(tmp_path):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    for folder in (here, elsewhere):
        folder.mkdir()
    render(here)
    # Another order of hashes, and another date, should one stand in a file.
    environment = os.environ | {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "1"}
    environment["PYTHONPATH"] = str(Path(bar_plot.__file__).parent)
    subprocess.run([sys.executable, __file__, elsewhere], env=environment, check=True)
    names = sorted(path.name for path in here.iterdir() if path.suffix in {".png", ".svg", ".gif"})
    assert len(names) == 15
    for name in names:
        assert (here / name).read_bytes() == (elsewhere / name).read_bytes(), name


if __name__ == "__main__":
    render(Path(sys.argv[1]))
