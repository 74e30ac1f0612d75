"""What the blocks of config.yaml stand for: arms of steps and sweeps, their recipes, teachers and names."""

import re

from mythical_digit.study import experiments

ARMS = {
    "kd": {"label": "KD", "distilled": True, "omit": [3]},
    "norm": {"label": "Norm", "distilled": False, "omit": []},
}
PLAIN = {
    "teacher": {"hidden": [9]},
    "student": {"hidden": [5], "dropout": 0.5},
    "distillation": {"temperature": 4, "alpha": 0.9},
    "arms": ARMS,
    "bias": {"kd": {"classes": [3], "value": 3.5}},
}
STEPS = {
    "a": {"label": "no dropout", "student": {"dropout": 0}},
    "b": {"label": "T = 20", "distillation": {"temperature": 20}},
    "c": {"label": "another teacher", "teacher": "paper"},
}


def test_a_plain_experiment_stays_what_it_is():
    assert experiments.expanded(PLAIN) == PLAIN


def test_steps_make_arms_with_all_changes_so_far_and_with_each_alone():
    block = experiments.expanded({**PLAIN, "arms": {"kd": ARMS["kd"]}, "steps": STEPS})
    assert list(block["arms"]) == [
        "kd", "kd~upto~a", "kd~upto~b", "kd~alone~b", "kd~upto~c", "kd~alone~c",
    ]  # fmt: skip
    assert experiments.student(block, "kd~upto~c") == {"hidden": [5], "dropout": 0}
    assert experiments.distillation(block, "kd~upto~c") == {"temperature": 20, "alpha": 0.9}
    assert experiments.student(block, "kd~alone~b") == PLAIN["student"]
    assert block["arms"]["kd~upto~b"]["label"] == "KD, no dropout, T = 20"
    assert block["arms"]["kd~alone~b"]["label"] == "KD, T = 20 alone"
    teachers = [experiments.owner_of_teacher("x", block, arm) for arm in block["arms"].values()]
    assert teachers == ["x", "x", "x", "x", "paper", "paper"]
    assert set(block["bias"]) == set(block["arms"])


def test_each_step_is_left_out_of_all_where_that_is_asked_for():
    block = experiments.expanded({**PLAIN, "arms": {"kd": ARMS["kd"]}, "steps": STEPS, "left_out": True})
    rows = experiments.steps_of(block)
    assert {row["all"] for row in rows} == {"kd~upto~c"}
    assert [row["without"] for row in rows] == ["kd~upto~c", "kd~without~a", "kd~without~b", "kd~upto~b"]
    assert experiments.student(block, "kd~without~a") == {"hidden": [5], "dropout": 0.5}
    assert experiments.distillation(block, "kd~without~a") == {"temperature": 20, "alpha": 0.9}
    assert block["arms"]["kd~without~b"]["label"] == "KD, all but T = 20"
    assert set(block["arms"]) == {row[way] for row in rows for way in ("start", "upto", "alone", "without")}


def test_a_step_that_a_later_one_replaces_is_not_missed():
    steps = {"z": {"label": "Z", "teacher": "other"}, **STEPS}
    block = experiments.expanded({**PLAIN, "arms": {"kd": ARMS["kd"]}, "steps": steps, "left_out": True})
    assert experiments.steps_of(block)[1]["without"] == "kd~upto~c"


def test_each_student_learns_from_the_teacher_of_each_seed():
    block = experiments.expanded({**PLAIN, "arms": {"kd": ARMS["kd"]}, "teacher_seeds": [0, 4]})
    assert [(arm, each["teacher_seed"]) for arm, each in block["arms"].items()] == [
        ("kd~teacher=0", 0),
        ("kd~teacher=4", 4),
    ]
    assert block["arms"]["kd~teacher=4"]["label"] == "KD, teacher of seed 4"
    assert set(block["bias"]) == set(block["arms"])


def test_a_sweep_makes_an_arm_of_each_combination():
    sweep = {"student.hidden": [[30, 30], [9]], "distillation.temperature": [1, 2.5]}
    block = experiments.expanded({**PLAIN, "arms": {"kd": ARMS["kd"]}, "sweep": sweep})
    assert list(block["arms"]) == [
        "kd~hidden=30x30~temperature=1",
        "kd~hidden=30x30~temperature=2.5",
        "kd~hidden=9~temperature=1",
        "kd~hidden=9~temperature=2.5",
    ]
    assert experiments.student(block, "kd~hidden=30x30~temperature=2.5") == {"hidden": [30, 30], "dropout": 0.5}
    assert experiments.distillation(block, "kd~hidden=9~temperature=2.5") == {"temperature": 2.5, "alpha": 0.9}
    assert block["arms"]["kd~hidden=9~temperature=1"]["label"] == "KD, hidden 9, temperature 1"
    assert all(re.fullmatch(r"[\w.~=-]+", arm) for arm in block["arms"])


SEARCH = {
    "values": {"student.hidden": [[30], [9, 9]], "student.epochs": [1, 2, 3], "distillation.temperature": [1, 4]},
    "random_seed": 0,
    "rungs": [{"recipes": 7, "students": 1}, {"recipes": 2, "students": 3}],
}


def test_a_search_makes_an_arm_of_each_recipe_that_it_draws():
    block = experiments.expanded({**PLAIN, "arms": {"kd": ARMS["kd"]}, "search": SEARCH})
    assert list(block["arms"]) == [f"kd~r{number}" for number in range(7)]
    recipes = experiments.drawn(block)
    for number, recipe in enumerate(recipes):
        student = experiments.student(block, f"kd~r{number}")
        assert student == {"dropout": 0.5, "hidden": recipe["student.hidden"], "epochs": recipe["student.epochs"]}
        assert experiments.distillation(block, f"kd~r{number}")["temperature"] == recipe["distillation.temperature"]
    assert block["arms"]["kd~r6"]["label"] == "KD, recipe 6"
    assert set(block["bias"]) == set(block["arms"])


def test_a_search_draws_different_recipes_the_same_ones_each_time_and_at_most_all():
    recipes = experiments.drawn({"search": SEARCH})
    assert recipes == experiments.drawn({"search": SEARCH})
    assert recipes != experiments.drawn({"search": SEARCH | {"random_seed": 1}})
    every = experiments.drawn({"search": SEARCH | {"rungs": [{"recipes": 99, "students": 1}]}})
    assert len(every) == len({str(recipe) for recipe in every}) == 12
    assert {key: [value for value in values if value in [each[key] for each in every]] for key, values in
            SEARCH["values"].items()} == SEARCH["values"]  # fmt: skip


def test_a_search_with_more_recipes_begins_with_the_same():
    more = experiments.drawn({"search": SEARCH | {"rungs": [{"recipes": 9, "students": 1}]}})
    assert more[:7] == experiments.drawn({"search": SEARCH})


def test_the_students_of_a_recipe_are_of_every_arm_at_one_seed_then_at_the_next():
    block = experiments.expanded({**PLAIN, "search": SEARCH})
    arms = list(PLAIN["arms"])
    assert experiments.scoring_students(block, [3, 5]) == [(arm, seed) for seed in (3, 5) for arm in arms]


def test_an_arm_that_is_not_distilled_has_no_distillation():
    assert experiments.distillation(PLAIN, "norm") is None


def test_a_teacher_of_another_experiment_is_no_model_of_this_one():
    block = {**PLAIN, "teacher": "paper"}
    assert experiments.models(PLAIN) == ["teacher", "kd", "norm", "kd+bias"]
    assert experiments.models(block) == ["kd", "norm", "kd+bias"]
    assert experiments.owner_of_teacher("mine", block) == "paper"
    assert experiments.owner_of_teacher("mine", PLAIN) == "mine"


def test_every_class_makes_an_arm_and_a_bias_for_each_class():
    block = {"every_class": {"label": "KD", "distilled": True, "bias": 3.5}}
    made = experiments.left_out_in_turn(block, {"classes": 3})
    assert made["arms"]["no2"] == {"label": "KD No2", "distilled": True, "omit": [2]}
    assert made["bias"]["no1"] == {"classes": [1], "value": 3.5}
    assert list(made["arms"]) == list(made["bias"]) == ["no0", "no1", "no2"]
    named = experiments.left_out_in_turn(block, {"classes": 2, "class_names": ["Coat", "Ankle boot"]})
    assert [arm["label"] for arm in named["arms"].values()] == ["KD no Coat", "KD no Ankle boot"]
    some = experiments.left_out_in_turn({"every_class": {**block["every_class"], "classes": [2, 0]}}, {"classes": 3})
    assert list(some["arms"]) == list(some["bias"]) == ["no2", "no0"]


def test_no_hidden_layers_have_a_name_in_a_sweep():
    sweep = {"student.hidden": [[], [30]], "distillation.temperature": [1]}
    arms = {"kd": {"label": "KD", "distilled": True, "omit": []}}
    found = experiments.swept_students({"arms": arms, "sweep": sweep})
    assert [student["line"] for student in found] == ["hidden none", "hidden 30"]
    both = experiments.swept_students({"arms": arms | {"norm": {**arms["kd"], "label": "Norm"}}, "sweep": sweep})
    lines = [f"{arm}, hidden {hidden}" for arm in ("kd", "norm") for hidden in ("none", "30")]
    assert [student["line"] for student in both] == lines
    assert found[0]["model"] == "kd~hidden=none~temperature=1"
