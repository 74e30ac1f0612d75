from mythical_digit.tables.per_model import per_model


def test_each_model_has_its_own_seeds():
    assert per_model(["a0", "a1", "b0", "b1"], ["a", "b"], 2) == {"a": ["a0", "a1"], "b": ["b0", "b1"]}
