"""The losses of Hinton, Vinyals & Dean (2015), "Distilling the Knowledge in a Neural Network", arXiv:1503.02531."""

from collections.abc import Callable

import torch
from torch.nn import functional

# objective(logits, indices) -> scalar loss of the logits (n, classes) of the training images `indices` (n,) int64
Objective = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def soft_targets(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """Class probabilities at a temperature, q_i = exp(z_i / T) / sum_j exp(z_j / T): equation 1 of the paper.

    `logits` z: (n, classes), float. Returns the same shape and dtype.
    """
    return torch.softmax(logits / temperature, dim=1)


def distillation_loss(
    logits: torch.Tensor,
    targets: torch.Tensor,
    labels: torch.Tensor,
    temperature: float,
    alpha: float,
    scale_by_t_squared: bool,
) -> torch.Tensor:
    """alpha * KL(targets || softmax(logits / T)) + (1 - alpha) * cross-entropy(logits, labels), means over the batch.

    The weighted average of two objectives of section 2 of the paper. The soft part's gradient shrinks as 1/T^2
    (section 2.1); `scale_by_t_squared` multiplies it by T^2, as the paper advises and the study does not.

    `logits` (n, classes) float: the student's; `targets` (n, classes) float: the teacher's soft targets at T;
    `labels` (n,) int64. Returns a scalar, in nats.
    """
    log_student = torch.log_softmax(logits / temperature, dim=1)
    # Summed per image first: torch would divide one long sum among its threads, and the bytes would depend on them.
    soft = functional.kl_div(log_student, targets, reduction="none").sum(dim=1).mean()
    if scale_by_t_squared:
        soft = soft * temperature**2
    return alpha * soft + (1 - alpha) * functional.cross_entropy(logits, labels)


def hard_objective(labels: torch.Tensor) -> Objective:
    """Cross-entropy with `labels` (n,) int64, those of all training images, in nats."""
    return lambda logits, indices: functional.cross_entropy(logits, labels[indices])


def distilled_objective(
    labels: torch.Tensor, teacher_logits: torch.Tensor, temperature: float, alpha: float, scale_by_t_squared: bool
) -> Objective:
    """The distillation loss; `teacher_logits` (n, classes) and `labels` (n,) int64 are of all training images.

    The soft targets are computed once, here.
    """
    targets = soft_targets(teacher_logits, temperature)

    def objective(logits: torch.Tensor, indices: torch.Tensor) -> torch.Tensor:
        return distillation_loss(logits, targets[indices], labels[indices], temperature, alpha, scale_by_t_squared)

    return objective
