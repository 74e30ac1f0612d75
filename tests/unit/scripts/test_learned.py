"""What a student learns of a class that it never sees: agreement, confidence, leads and fifths against sums by hand."""

import numpy as np
import pytest
from matplotlib.text import Text
from scipy.special import softmax
from scipy.stats import spearmanr

import learned

LABELS = np.array([0, 1, 1, 2, 2, 2, 2, 2])
RNG = np.random.default_rng(0)
TEACHER = RNG.normal(size=(8, 3)).astype(np.float32)
STUDENT = {"none": RNG.normal(size=(8, 3)).astype(np.float32)}
STUDENT["prior"] = STUDENT["none"] + np.float32([0, 0, 1.5])


@pytest.fixture(scope="module")
def found():
    return learned.compared(TEACHER, STUDENT, LABELS, 2)


def test_agreement_accuracy_and_confidence_are_those_of_the_images(found):
    for images, places in (("seen", range(3)), ("unseen", range(3, 8))):
        for shift, logits in STUDENT.items():
            predicted = [int(np.argmax(logits[place])) for place in places]
            same = [int(np.argmax(TEACHER[place])) == answer for place, answer in zip(places, predicted, strict=True)]
            right = [LABELS[place] == answer for place, answer in zip(places, predicted, strict=True)]
            sure = [softmax(logits[place]).max() for place in places]
            for measure, expected in (("agreement", same), ("accuracy", right), ("confidence", sure)):
                assert found[images, shift, measure] == pytest.approx(100 * np.mean(expected), rel=1e-5)


def test_the_lead_is_over_the_largest_other_logit():
    logits = np.array([[1.0, 5, 3], [4, 0, -1]])
    assert learned.lead(logits, 1).tolist() == [2, -4]
    assert learned.lead(logits, 0).tolist() == [-4, 4]


def test_the_correlation_is_that_of_the_leads(found):
    expected = spearmanr(learned.lead(TEACHER[3:], 2), learned.lead(STUDENT["none"][3:], 2)).statistic
    assert found["unseen", "none", "correlation"] == pytest.approx(expected)


def test_the_fifths_go_from_the_least_sure_teacher_to_the_surest(found):
    order = 3 + np.argsort(learned.lead(TEACHER[3:], 2))
    right = [100 * (STUDENT["prior"][place].argmax() == 2) for place in order]
    assert [found["unseen", "prior", f"group_{number}"] for number in range(1, 6)] == right


def test_a_class_without_images_has_no_numbers_but_its_place_in_table_and_figure():
    without = learned.compared(TEACHER, STUDENT, np.where(LABELS == 2, 1, LABELS), 2)
    assert np.isnan(without["unseen", "prior", "agreement"])
    assert np.isnan(without["unseen", "none", "correlation"])
    both = {1: [learned.compared(TEACHER, STUDENT, LABELS, 1)], 2: [without]}
    assert learned.section(both, None).columns["Agree, unseen (%)"][1] == "n/a"
    assert [row[:2] for row in learned.rows(both, [4])][-1] == (2, 4)
    learned.draw(both, None)


def test_table_and_figure_name_the_classes_and_say_how_many_seeds(found):
    both = {2: [found, learned.compared(TEACHER[::-1], STUDENT, LABELS, 2)]}
    table = learned.section(both, ["Coat", "Bag", "Shirt"])
    assert table.columns["Never seen"] == ["Shirt", "Mean"]
    assert "n = 2 seeds" in table.caption
    confidence, accuracy = (learned.values(both[2], "unseen", "prior", name) for name in ("confidence", "accuracy"))
    assert table.columns["Too sure, unseen"][0].startswith(f"{np.mean(confidence - accuracy):.1f}".replace("-", "−"))
    texts = [text.get_text() for text in learned.draw(both, ["Coat", "Bag", "Shirt"]).findobj(Text)]
    assert {"Shirt", "Calibration", "Agreement with the teacher"} <= {*texts}
    assert any("Mean over n = 2 seeds" in text for text in texts)
