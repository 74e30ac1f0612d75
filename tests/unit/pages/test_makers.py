"""Who makes a file, as the rules say it."""

from project import ROOT

from mythical_digit.pages.makers import made_by, makers

MAKERS = makers(path.read_text(encoding="utf-8") for path in sorted((ROOT / "rules").glob("*.smk")))


def test_a_file_has_the_script_and_the_caption_of_its_rule():
    made = made_by("notebook/soft_targets/kd-no3.svg", MAKERS)
    assert (made.script, made.caption) == ("scripts/draw_soft_targets.py", "soft_targets.rst")
    assert made.wildcards == {"experiment": "notebook", "arm": "kd-no3"}
    assert made_by("notebook/table.csv", MAKERS).script == "scripts/table.py"
    assert made_by("claims/claims.svg", MAKERS).caption == "claims.rst"


def test_the_path_with_fewer_wildcards_goes_first():
    assert made_by("notebook/learning_curves/comparison.svg", MAKERS).caption == "comparison.rst"
    assert made_by("notebook/learning_curves/kd.svg", MAKERS).caption == "learning_curves.rst"


def test_nobody_makes_what_no_rule_names():
    assert made_by("speed/speed.csv", MAKERS) is None
