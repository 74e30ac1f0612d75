"""The losses against values computed by hand."""

import math

import pytest
import torch

from mythical_digit.training.losses import distillation_loss, distilled_objective, hard_objective, soft_targets

LN2 = math.log(2)


def test_soft_targets_are_the_softmax_of_logits_over_temperature():
    # exp(2 ln 2 / 2) : exp(0) = 2 : 1
    targets = soft_targets(torch.tensor([[2 * LN2, 0.0]]), temperature=2)
    torch.testing.assert_close(targets, torch.tensor([[2 / 3, 1 / 3]]))


@pytest.mark.parametrize(
    ("alpha", "scaled", "expected"),
    [
        (0.0, False, -math.log(0.8)),  # cross-entropy alone: softmax of (2 ln 2, 0) is (0.8, 0.2)
        (1.0, False, 0.5 * math.log(3 / 4) + 0.5 * math.log(3 / 2)),  # KL of (1/2, 1/2) from (2/3, 1/3)
        (1.0, True, 4 * (0.5 * math.log(3 / 4) + 0.5 * math.log(3 / 2))),
        (0.9, False, 0.9 * (0.5 * math.log(3 / 4) + 0.5 * math.log(3 / 2)) - 0.1 * math.log(0.8)),
    ],
)
def test_distillation_loss_by_hand(alpha, scaled, expected):
    student = torch.tensor([[2 * LN2, 0.0]])
    loss = distillation_loss(student, torch.tensor([[0.5, 0.5]]), torch.tensor([0]), 2.0, alpha, scaled)
    assert loss.item() == pytest.approx(expected, rel=1e-6)


def test_distillation_loss_is_a_mean_over_the_batch():
    student, targets, labels = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.3, 0.7]]), torch.tensor([1])
    one = distillation_loss(student, targets, labels, 4.0, 0.9, False)
    three = distillation_loss(student.repeat(3, 1), targets.repeat(3, 1), labels.repeat(3), 4.0, 0.9, False)
    torch.testing.assert_close(one, three)


def test_objectives_pick_the_rows_of_the_batch():
    labels = torch.tensor([0, 1, 0])
    teacher = torch.tensor([[3.0, 0.0], [0.0, 3.0], [1.0, 0.0]])
    logits, batch = torch.tensor([[0.5, 0.0], [0.0, 2.0]]), torch.tensor([2, 1])
    assert hard_objective(labels)(logits, batch) == torch.nn.functional.cross_entropy(logits, torch.tensor([0, 1]))
    expected = distillation_loss(logits, soft_targets(teacher[batch], 4.0), labels[batch], 4.0, 0.9, False)
    torch.testing.assert_close(distilled_objective(labels, teacher, 4.0, 0.9, False)(logits, batch), expected)
