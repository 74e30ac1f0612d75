"""The network in torch and in NumPy: initialisation, dropout, and that both compute the same."""

import numpy as np
import torch

from mythical_digit.evaluation import forward_pass
from mythical_digit.training.network import Mlp, ReluDropout
from mythical_digit.training.randomness import DropoutMasks, stream

CPU = torch.device("cpu")


def test_initialisation_is_pytorchs_default():
    model = Mlp.initialised((400, 300, 10), stream(0, "test"))
    reference = torch.nn.Linear(400, 300)
    for ours, theirs in zip(model.layers[0].parameters(), reference.parameters(), strict=True):
        assert ours.abs().max() <= 1 / 20
        assert ours.abs().max() > 0.98 / 20
        assert ours.shape == theirs.shape
        assert abs(ours.std() / theirs.std() - 1) < 0.1


def test_forward_in_numpy_is_that_in_torch():
    model = Mlp.initialised((30, 20, 20, 10), stream(0, "test"))
    images = stream(1, "test").normal(size=(7, 30)).astype(np.float32)
    with torch.no_grad():
        expected = model(torch.from_numpy(images)).numpy()
    np.testing.assert_allclose(forward_pass.logits(model.to_tensors(), images), expected, rtol=1e-5, atol=1e-6)


def test_a_network_survives_its_tensors():
    model = Mlp.initialised((30, 20, 10), stream(0, "test"))
    images = torch.ones(2, 30)
    assert torch.equal(Mlp.from_tensors(model.to_tensors())(images), model(images))


def test_relu_dropout_and_its_gradient_by_hand():
    x = torch.tensor([[1.0, 2.0, -3.0, 4.0]], requires_grad=True)
    mask = torch.tensor([[4.0, 0.0, 4.0, 4.0]])  # at a rate of 0.75
    y = ReluDropout.apply(x * 1, mask)  # computed in place
    assert y.tolist() == [[4.0, 0.0, 0.0, 16.0]]
    y.backward(torch.tensor([[1.0, 1.0, 1.0, 0.5]]))
    assert x.grad.tolist() == [[4.0, 0.0, 0.0, 2.0]]


def test_masks_keep_the_share_that_the_rate_leaves():
    for rate in (0.0, 0.2, 0.5, 0.9):
        mask = DropoutMasks(stream(0, "test"), CPU).draw(1000, 303, rate)
        assert mask.dtype == torch.float32
        assert mask.shape == (1000, 303)
        assert set(mask.unique().tolist()) <= {0.0, np.float32(1 / (1 - rate))}
        assert abs((mask > 0).float().mean() - (1 - rate)) < 0.005


def test_masks_differ_from_draw_to_draw_and_repeat_with_the_seed():
    def draws():
        masks = DropoutMasks(stream(3, "test"), CPU)
        return masks.draw(5, 100, 0.5), masks.draw(5, 100, 0.5)

    first, second = draws()
    again, _ = draws()
    assert not torch.equal(first, second)
    assert torch.equal(first, again)


def test_streams_are_told_apart_by_seed_and_by_name():
    draws = [stream(*key).integers(2**60) for key in ((0, "a"), (1, "a"), (0, "b"), (0, "a", "b"), (0, "ab"))]
    assert len(set(draws)) == len(draws)
    assert stream(0, "a").integers(2**60) == draws[0]
