"""The learning rate over the course of a training."""

WARM_UP = 0.1  # of the steps


def learning_rate(schedule: str, peak: float, step: int, steps: int) -> float:
    """The learning rate of step `step` (the first is 0) out of `steps`.

    `constant`: always the peak. `one-cycle`: linear from 0 to the peak over the first tenth of the steps, then linear
    to 0, taken at the middle of the step (a policy after Smith & Topin 2018, arXiv:1708.07120).
    """
    if schedule == "constant":
        return peak
    progress = (step + 0.5) / steps
    return peak * min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP))
