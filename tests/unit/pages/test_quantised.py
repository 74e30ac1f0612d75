import base64
import itertools
import zlib

import numpy as np
import pytest

from mythical_digit.evaluation import forward_pass
from mythical_digit.pages import quantised
from mythical_digit.pages.quantised import MOST_STEPS, finest, packed, restored, steps_of_each


def network(hidden, seed=0, inputs=64):
    """The tensors of a network with normal weights."""
    rng, sizes = np.random.default_rng(seed), [inputs, *hidden, 10]
    tensors = {}
    for i, (before, after) in enumerate(itertools.pairwise(sizes)):
        tensors[f"layers.{i}.weight"] = rng.normal(size=(after, before)).astype(np.float32)
        tensors[f"layers.{i}.bias"] = rng.normal(size=after).astype(np.float32)
    return tensors


@pytest.mark.parametrize("most", [1, 31, MOST_STEPS])
def test_no_weight_moves_by_more_than_half_a_step_and_no_bias_moves(most):
    tensors = network([30, 20])
    found = restored(quantised.quantised(tensors, most))
    assert found.keys() == tensors.keys()
    for name, before in tensors.items():
        assert found[name].dtype == np.float32
        if name.endswith("bias"):
            assert np.array_equal(found[name], before)
        else:
            half = np.abs(before).max(axis=1, keepdims=True) / most / 2
            assert (np.abs(found[name] - before) <= half * 1.0001).all()
            assert [len(np.unique(row)) <= 2 * most + 1 for row in found[name]] == [True] * len(before)


def test_a_unit_without_weights_keeps_none():
    tensors = network([30])
    tensors["layers.0.weight"][4] = 0
    found = restored(quantised.quantised(tensors, 31))
    assert not found["layers.0.weight"][4].any()


def test_finer_levels_change_the_answers_less():
    tensors, images = network([30, 20]), np.random.default_rng(1).normal(size=(200, 64)).astype(np.float32)
    exact = forward_pass.logits(tensors, images)
    errors = [
        np.abs(forward_pass.logits(restored(quantised.quantised(tensors, most)), images) - exact).mean()
        for most in (3, 15, 63)
    ]
    assert errors[0] > 3 * errors[1] > 9 * errors[2] > 0


def test_the_text_holds_steps_biases_and_codes_in_this_order():
    layers = quantised.quantised(network([30]), 31)
    content = zlib.decompress(base64.b64decode(packed(layers)), wbits=-zlib.MAX_WBITS)
    floats = np.frombuffer(content[: 4 * 2 * (30 + 10)], "<f4")
    codes = np.frombuffer(content[4 * 2 * (30 + 10) :], np.int8)
    wanted = [array.ravel() for layer in layers for array in (layer.steps, layer.bias)]
    assert np.array_equal(floats, np.concatenate(wanted))
    assert np.array_equal(codes, np.concatenate([layer.codes.ravel() for layer in layers]))


def test_the_same_weights_give_the_same_text():
    assert packed(quantised.quantised(network([30]), 31)) == packed(quantised.quantised(network([30]), 31))


def test_a_network_of_four_times_the_weights_has_half_the_steps():
    small, large = {"layers.0.weight": np.ones((10, 10))}, {"layers.0.weight": np.ones((10, 40))}
    assert steps_of_each([large, small], 60) == [30, 60]


def test_as_many_levels_as_fit():
    networks = [network([60, 40], inputs=200), network([30], 1)]
    widest = sum(len(packed(layers)) for layers in finest(networks, 10**9))
    length = widest * 2 // 3
    fitting = finest(networks, length)
    assert 0.95 * length < sum(len(packed(layers)) for layers in fitting) <= length
    assert max(np.abs(layer.codes).max() for layers in finest(networks, 10**9) for layer in layers) == MOST_STEPS
    with pytest.raises(ValueError, match="2 networks do not fit into 1,000"):
        finest(networks, 1000)
