"""Sentences with numbers, computed again from the tables that git keeps: by csv and NumPy alone, none of our own code.

Each function below gives a sentence as it must stand on a page. Means with a ± are found in the tables by test_docs.
"""

import csv
import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

ROOT = Path(__file__).parent.parent.parent
WORDS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
SENTENCES = []


def stands_in(page):
    def kept(function):
        SENTENCES.append(pytest.param(page, function, id=function.__name__))
        return function

    return kept


@pytest.mark.parametrize(("page", "sentence"), SENTENCES)
def test_the_sentence_is_what_the_tables_say(page, sentence):
    text = " ".join((ROOT / page).read_text(encoding="utf-8").replace("*", "").split())
    assert sentence() in text


def rows(name, **only):
    with (ROOT / "results/published" / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if all(row[key] == value for key, value in only.items())]


def numbers(name, column, **only):
    return np.array([float(row[column]) for row in rows(name, **only)])


def interval(values):
    values = np.asarray(values)
    reach = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return values.mean() - reach, values.mean() + reach


def signed(value, digits=2):
    return f"{value:.{digits}f}".replace("-", "−")


def spread(values, digits=0):
    return f"{min(values):.{digits}f} to {max(values):.{digits}f} %"


@stands_in("docs/results.md")
def twenty_students_and_the_study():
    raw, raised = (
        numbers("twenty-seeds/metrics.csv", "accuracy", **{"class": "3", "model": model})
        for model in ("kd-no3", "kd-no3+bias")
    )
    return (
        f"Our twenty students recognise {raw.min():.1f} to {raw.max():.0f} % of the threes (study: 2.9 %), and "
        f"{spread(raised)} with the bias raised by 3.5 (study: 39.1 %, which {WORDS[(raised < 39.1).sum()]} of them do "
        "not reach)"
    )


@stands_in("README.md")
def one_student_and_one_three():
    found = numbers("twenty-seeds/metrics.csv", "correct", **{"class": "3", "model": "norm-no3+bias"})
    assert not numbers("twenty-seeds/metrics.csv", "correct", **{"class": "3", "model": "norm-no3"}).any()
    students, threes = WORDS[(found > 0).sum()], WORDS[int(found.sum())]
    return f"{students} of twenty students recognises {threes} 3, and only with that shift of the bias."


@stands_in("docs/results.md")
def the_rest_of_the_studys_table():
    """All cells but the two of the distilled student's threes."""
    with (ROOT / "reference/original_table.csv").open(encoding="utf-8", newline="") as file:
        published = {row["class"]: row for row in csv.DictReader(file) if row["class"] != "avg"}
    models = [key for key in published["0"] if key != "class"]
    cells = [(k, m) for k in published for m in models if k != "3" or not m.startswith("kd-no3")]
    mean = {
        (k, m): numbers("twenty-seeds/metrics.csv", "accuracy", **{"class": k, "model": m}).mean() for k, m in cells
    }
    farthest = max(abs(mean[k, m] - float(published[k][m])) for k, m in cells)
    judged = {row["id"]: row["verdict"] for row in rows("claims/claims.csv", kind="number")}
    outside = sum(judged[f"study-table/{m}/{k}"].startswith("differs") for k, m in cells)
    return (
        f"Its other {len(cells)} accuracies per class lie within {math.ceil(10 * farthest) / 10:.1f} points of our "
        f"means. {WORDS[outside].capitalize()} of them lie outside the 95 % interval of one run of ours"
    )


@stands_in("docs/results.md")
def spreads_of_teachers_and_students():
    def table(way):
        found = defaultdict(dict)
        for row in rows("crossed-seeds/bias.csv", way=way):
            found[row["arm"]][row["seed"]] = float(row["class_accuracy"])
        return np.array([[found[arm][seed] for seed in sorted(found[arm])] for arm in sorted(found)])

    def squares(values):
        n = len(values)
        rest = values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean()
        error = (rest**2).sum() / (n - 1) ** 2
        return n * values.mean(axis=1).var(ddof=1), n * values.mean(axis=0).var(ddof=1), error, n

    teachers, students, error, n = squares(table("fixed"))
    sd = [math.sqrt(max(0, each - error) / n) for each in (teachers, students)]
    ratio, reach = teachers / students, stats.f.ppf(0.975, n - 1, n - 1)
    return (
        f"the teachers add a standard deviation of {sd[0]:.1f} points to the accuracy on the threes, the students "
        f"{sd[1]:.1f}, and the rest {math.sqrt(error):.1f}. But five of each say little: the mean square of the "
        f"teachers is {ratio:.1f} times that of the students, with an interval from "
        f"{ratio / reach:.1f} to {ratio * reach:.1f}."
    )


@stands_in("docs/results.md")
def where_one_run_of_ours_may_lie():
    """The paper's 74 errors: Student's t on the arcsine scale, for one run more."""
    counts = [
        sum(int(row["n"]) - int(row["correct"]) for row in rows("paper/metrics.csv", model="distilled", seed=str(seed)))
        for seed in range(6)
    ]
    scale = np.arcsin(np.sqrt(np.array(counts) / 10_000))
    reach = stats.t.ppf(0.975, 5) * scale.std(ddof=1) * math.sqrt(1 + 1 / 6)
    low, high = (10_000 * math.sin(scale.mean() + sign * reach) ** 2 for sign in (-1, 1))
    return f"The paper's 74 still lie where one run of ours may ({low:.0f} to {high:.0f})."


@stands_in("docs/results.md")
def temperature_and_weight_on_held_out_images():
    errors = defaultdict(list)
    for row in rows("grid/sweep.csv"):
        errors[row["line"], row["x"]].append(float(row["errors"]))
    means = {key: np.mean(values) for key, values in errors.items()}
    best = min(means, key=means.get)
    others = [key for key in means if key != best]
    told = sum(interval(np.subtract(errors[key], errors[best]))[0] > 0 for key in others)
    low, high = (f"{value:.0f}" for value in (min(means[key] for key in others), max(means.values())))
    return f"The others made {low} to {high}, and the seeds cannot tell {len(others) - told} of them from the best."


def ways_of(experiment, way, measure="class_accuracy"):
    return numbers(f"{experiment}/every_class.csv", "mean", way=way, measure=measure)


@stands_in("docs/results.md")
def every_digit_in_turn():
    raw, fixed, prior = (ways_of("every-class", way) for way in ("none", "fixed", "prior"))
    auroc = ways_of("every-class", "", "auroc")
    return (
        f"Each digit left out in turn: with no shift {spread(raw)} of its test images are recognised, with 3.5 added "
        f"to its bias {spread(fixed)}, with the shift from the class frequency {spread(prior)}. AUROC lies between "
        f"{auroc.min():.3f} and {auroc.max():.3f}."
    )


@stands_in("docs/results.md")
def every_kind_of_clothes_by_the_recipe_that_was_found():
    raw, fixed, prior = (ways_of("fashion-found", way) for way in ("none", "fixed", "prior"))
    return (
        f"as trained, {spread(raw)} of it are recognised, {spread(prior)} with the shift from the class frequency, and "
        f"{spread(fixed)} with 3.5 added to its bias."
    )


def changes_of_errors(experiment, way):
    """By class, the ends of the interval of how much a shift changes the errors, paired by seed."""
    errors = defaultdict(dict)
    for row in rows(f"{experiment}/bias.csv"):
        errors[row["arm"], row["way"]][row["seed"]] = float(row["errors"])
    arms = sorted({arm for arm, _ in errors})
    return [
        interval([errors[arm, way][seed] - errors[arm, "none"][seed] for seed in sorted(errors[arm, way])])
        for arm in arms
    ]


@stands_in("docs/results.md")
def what_the_shift_of_three_and_a_half_does():
    digits, clothes = (changes_of_errors(name, "fixed") for name in ("every-class", "fashion-every-class"))
    assert all(high < 0 for _, high in digits)
    fewer, more = sum(high < 0 for _, high in clothes), sum(low > 0 for low, _ in clothes)
    assert (more, len(clothes) - fewer - more) == (1, 1)
    both = [*changes_of_errors("every-class", "prior"), *changes_of_errors("fashion-every-class", "prior")]
    assert len(both) == 20
    assert all(high < 0 for _, high in both)
    return f"It saves errors for all {WORDS[len(digits)]} digits and for {WORDS[fewer]} kinds of clothes,"


@stands_in("docs/results.md")
def what_it_does_on_soft_targets_alone():
    ends = changes_of_errors("fashion-every-class-soft", "fixed")
    more, fewer = sum(low > 0 for low, _ in ends), sum(high < 0 for _, high in ends)
    assert len(ends) - more - fewer == 1
    return f"It adds errors for {WORDS[more]} classes and saves errors for {WORDS[fewer]}, sandals and bags;"


@stands_in("docs/results.md")
def from_the_study_to_the_paper():
    """The means of the figure's caption, of the students before any change and after all."""

    def threes(arm, way):
        return numbers("chain/bias.csv", "class_accuracy", arm=arm, way=way).mean()

    raw, raised = ([threes(arm, way) for arm in ("kd-no3", "kd-no3~upto~better-teacher")] for way in ("none", "fixed"))
    return (
        f"from {raw[0]:.0f} % as trained and {raised[0]:.0f} % with the bias raised by 3.5 to {raw[1]:.0f} and "
        f"{raised[1]:.1f} %."
    )


@stands_in("docs/results.md")
def what_it_does_by_the_recipe_that_was_found():
    ends = changes_of_errors("fashion-found", "fixed")
    more, fewer = sum(low > 0 for low, _ in ends), sum(high < 0 for _, high in ends)
    return (
        f"It adds errors for {WORDS[more]} of the ten classes and saves errors for {WORDS[fewer]}; for "
        f"{WORDS[10 - more - fewer]}, the seeds leave it open."
    )


def rank_correlation(experiment):
    """Of the share of the soft targets with the accuracy as trained, over classes; interval of Bonett & Wright."""
    share, accuracy = defaultdict(list), defaultdict(list)
    for row in rows(f"{experiment}/soft_target_map.csv", taught_by="all"):
        share[row["class"]].append(float(row["mass"]))
        accuracy[row["class"]].append(float(row["class_accuracy"]))
    n = len(share)
    r = stats.spearmanr([np.mean(share[k]) for k in share], [np.mean(accuracy[k]) for k in share]).statistic
    reach = stats.norm.ppf(0.975) * math.sqrt((1 + r**2 / 2) / (n - 3))
    low, high = (math.tanh(math.atanh(r) + sign * reach) for sign in (-1, 1))
    return f"{signed(r)} ({signed(low)} to {signed(high)})"


@stands_in("docs/results.md")
def whether_the_share_tells_how_well_a_class_is_recognised():
    digits, clothes = (rank_correlation(name) for name in ("every-class", "fashion-every-class"))
    return f"the rank correlation with the accuracy as trained is {digits} for digits, and {clothes} for clothes."


@stands_in("docs/results.md")
def whether_it_does_by_the_recipe_that_was_found():
    return f"the rank correlation over the ten classes is {rank_correlation('fashion-found')}."


def fifths(experiment, label=None):
    only = {"images": "unseen", "shift": "prior"} | ({"class": label} if label else {})
    return [numbers(f"{experiment}/learned.csv", "value", measure=f"group_{i}", **only).mean() for i in range(1, 6)]


@stands_in("docs/results.md")
def from_fifth_to_fifth():
    def listed(experiment):
        first = [f"{value:.0f}" for value in fifths(experiment)]
        return f"{', '.join(first[:-1])} and {first[-1]} %"

    falls = [
        fifths(name, label)
        for name, label in (("fashion-every-class", "6"), ("fashion-every-class", "5"), ("every-class", "0"))
    ]
    shirts, sandals, zero = (f"({each[2]:.0f} to {each[4]:.0f} %)" for each in falls)
    return (
        f"it is {listed('every-class')} for digits, and {listed('fashion-every-class')} for clothes. From the third to "
        f"the fifth it falls most for shirts {shirts}, sandals {sandals} and the 0 {zero}:"
    )


@stands_in("docs/results.md")
def what_the_search_found():
    last = max(rows("search/halving.csv"), key=lambda row: int(row["rung"]))["rung"]
    scores = {row["recipe"]: row for row in rows("search/halving.csv", rung=last)}
    best = min(scores.values(), key=lambda row: float(row["errors"]))
    return (
        f"Its {WORDS[int(best['students'])]} students make {float(best['errors']):.1f} errors on average, and "
        f"recognise {float(best['class_accuracy']):.1f} % of the class that they never saw;"
    )


@stands_in("docs/results.md")
def how_far_the_recipe_gets_on_threes():
    shifted = rows("found/bias.csv", arm="no3", way="prior")
    errors = [int(row["errors"]) for row in shifted]
    listed = ", ".join(map(str, sorted(errors)[:-1])) + f" and {max(errors)}"
    return f"of the 3s and make {np.mean(errors):.0f} errors on average ({listed})."


@stands_in("docs/results.md")
def what_limits_it():
    errors, threes = (numbers("found/bias.csv", key, arm="no3", way="prior") for key in ("errors", "class_errors"))
    best = numbers("found/bias.csv", "errors", arm="no3", way="oracle")
    return (
        f"The best shift on the test images saves {(errors - best).mean():.0f} of the errors. On 3s there are "
        f"{threes.mean():.0f}; the other {(errors - threes).mean():.0f} are on digits that the students saw."
    )


@stands_in("docs/results.md")
def what_the_best_shift_removes():
    def removed(key):
        none, oracle = (numbers("paper/bias.csv", key, arm="distilled-no3", way=way) for way in ("none", "oracle"))
        share = 100 * (none - oracle) / none
        low, high = interval(share)
        return f"{share.mean():.0f} %", f"({low:.0f} to {high:.0f})"

    return (
        "The best shift removes {} of them {}, and 47 % by the paper's own numbers; of the errors on 3s it removes "
        "{} {}."
    ).format(*removed("errors"), *removed("class_errors"))


@stands_in("docs/results.md")
def verdicts_with_an_allowance():
    counted = [row for row in rows("claims/claims.csv", kind="number") if not row["same_as"]]
    epochs = sum(row["verdict"] == "reproduced" and row["id"].startswith("study-epochs/") for row in counted)
    assert f"Of these, {epochs} are epochs" in " ".join((ROOT / "docs/results.md").read_text(encoding="utf-8").split())
    adjusted = [row["adjusted_verdict"] for row in counted]
    outside = sum(each.startswith("differs") for each in adjusted)
    fitting, vague = (adjusted.count(verdict) for verdict in ("reproduced", "compatible"))
    return f"{fitting} are reproduced, {vague} compatible and {outside} outside."


@stands_in("README.md")
def the_picture_that_leads():
    def threes(experiment, model):
        return numbers(f"{experiment}/metrics.csv", "accuracy", **{"class": "3", "model": model}).mean()

    study = [threes("twenty-seeds", f"kd-no3{bias}") for bias in ("", "+bias")]
    paper = [threes("paper", f"distilled-no3{bias}") for bias in ("", "+bias")]
    hard = threes("twenty-seeds", "norm-no3+bias")
    return (
        f"The study's recipe: {hard:.0f} % by hard labels; {study[0]:.0f} % by soft targets and, with the bias raised "
        f"by 3.5, {study[1]:.0f} % (study: 2.9 and 39.1 %). The paper's recipe: {paper[0]:.0f} % and {paper[1]:.1f} % "
        "(paper: 86.8 and 98.6 %)."
    )
