"""The learning rate in the course of a training."""

WARM_UP = 0.1  # of the steps


def learning_rate(schedule: str, peak: float, step: int, steps: int) -> float:
    """The learning rate of step number `step`, counted from 0, of so many `steps`.

    `constant`: always the peak. `one-cycle`: linear from 0 to the peak in the first tenth of the steps, then linear to
    0 (a policy after Smith & Topin 2018, arXiv:1708.07120), taken at the middle of the step.
    """
    if schedule == "constant":
        return peak
    progress = (step + 0.5) / steps
    return peak * min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP))
