"""The README's first figure and its moving picture: their numbers, and that all can be read."""

import numpy as np
import pytest
import yaml
from matplotlib.text import Text
from PIL import Image
from project import ROOT

import film
import hero
from mythical_digit.files.records import read_csv

BARS = [
    {"label": "Hard labels", "published": 0},
    {"label": "Soft targets", "published": 39.1},
    {"label": "The paper", "published": 98.6},
]
OURS = [np.zeros(5), np.array([42.0, 47, 48, 50, 51]), np.array([99.5, 99.6, 99.8])]


def images(n):
    return np.random.default_rng(0).normal(size=(n, 28, 28))


@pytest.fixture(scope="module")
def figure():
    drawn = hero.hero("It never saw a 3", 3, images(20), BARS, OURS)
    drawn.draw_without_rendering()
    return drawn


def texts(figure):
    return [text for text in figure.findobj(Text) if text.get_text()]


def test_each_bar_has_our_mean_its_interval_and_what_was_published(figure):
    said = [text.get_text() for text in texts(figure)]
    for words in ("0.0 %", "47.6 ± 4.4 %", "99.6 ± 0.4 %", "published 0", "published 39.1", "published 98.6"):
        assert words in said
    (bars,) = [axes for axes in figure.axes if axes.patches]
    assert [bar.get_width() for bar in bars.patches] == [values.mean() for values in OURS]
    assert any("n = 3 or 5" in words for words in said)


def test_no_interval_of_the_hero_goes_beyond_100_percent(figure):
    (bars,) = [axes for axes in figure.axes if axes.patches]
    drawn = np.concatenate([line.get_xdata() for line in bars.lines])
    assert (drawn.min(), drawn.max()) == (0, 100)


def test_the_hero_can_be_read_where_it_is_350_pixels_wide(figure):
    pixels = 350 / figure.get_figwidth() / 72  # of a point
    assert min(text.get_fontsize() for text in texts(figure)) * pixels >= 7
    for text in texts(figure):
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0, text.get_text()
        assert box.x1 <= figure.bbox.x1, text.get_text()


def test_an_image_is_recognised_from_the_shift_that_makes_up_for_its_lead():
    logits = np.array([[0.0, 2.0], [1.0, 0.0], [0.0, 0.45]], dtype=np.float32)
    found = film.answers(logits, 0, np.array([0.0, 0.5, 3.0]))
    assert found.tolist() == [[1, 0, 1], [1, 0, 0], [0, 0, 0]]


def frames(label=3):
    shifts = np.linspace(0, 3.5, 3)
    predicted = np.array([[5, 8, 3], [3, 8, 3], [3, 3, 3]])
    return film.film(images(3), predicted, label, shifts)


def test_the_film_has_a_frame_per_shift_and_holds_the_ends(tmp_path):
    film.save(frames(), tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as found:
        durations = []
        for number in range(found.n_frames):
            found.seek(number)
            durations.append(found.info["duration"])
    assert durations == [film.FIRST, film.NEXT, film.LAST]


def test_what_is_recognised_is_framed_in_the_colour_of_the_unseen_class():
    accent = np.array([0xD5, 0x5E, 0x00])
    coloured = [(abs(frame[film.HEAD :].astype(int) - accent).sum(axis=2) < 30).sum() for frame in frames()]
    assert 0 < coloured[0] < coloured[1] < coloured[2]


def test_a_frame_keeps_its_colours():
    frame = frames()[1]
    shown = np.asarray(film.indexed(frame, film.palette()).convert("RGB")).astype(int)
    assert abs(shown - frame).max() <= 60  # between a tint and a grey
    assert abs(shown - frame).mean() < 1
    assert (shown[-1, -1] == 255).all()


def test_the_published_film_is_less_than_a_mebibyte():
    path = ROOT / "results/published/hero/film.gif"
    assert path.stat().st_size < 2**20
    with Image.open(path) as found:
        assert found.n_frames == film.FRAMES


def test_the_published_numbers_of_the_hero_are_those_of_the_reference():
    study = {row["class"]: row for row in read_csv(ROOT / "reference/original_table.csv")}["3"]
    paper = yaml.safe_load((ROOT / "reference/claims.yaml").read_text())["numbers"]
    wrong, threes = int(paper["no-threes-on-threes"]["value"]), 1010
    theirs = {"distilled-no3": round(100 * (threes - wrong) / threes, 1)}
    theirs["distilled-no3+bias"] = float(paper["no-threes-bias-accuracy-on-threes"]["value"])
    for bar in yaml.safe_load((ROOT / "config.yaml").read_text())["hero"]["bars"]:
        expected = float(study[bar["model"]]) if bar["experiment"] == "twenty-seeds" else theirs[bar["model"]]
        assert bar["published"] == expected, bar["label"]
