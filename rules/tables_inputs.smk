# What the tables read that have several experiments side by side, and what they say of it.


def labels_in_both(wildcards):
    """Those of the models that the experiment and the one that it is compared with both have."""
    other = labels_in(experiment_of(wildcards)["compared_with"])
    return {model: label for model, label in labels(wildcards).items() if model in other}


def recipes_of(wildcards):
    """The students of a table of recipes: what they are called, their experiment, arm and seeds, and their recipe."""
    found = []
    for label, student in experiment_of(wildcards)["recipes"].items():
        name, arm = student.get("experiment", wildcards.experiment), student["arm"]
        recipe = experiments.recipe_of(name, EXPERIMENTS[name], arm)
        names = {"label": label, "experiment": name, "arm": arm}
        found.append({**names, "seeds": experiments.seeds(config, name), "recipe": recipe})
    return found


def shifted_by_recipes(wildcards):
    """The classes that all of these shift, by their names, if they have any."""
    first = recipes_of(wildcards)[0]
    shifted = EXPERIMENTS[first["experiment"]]["bias"][first["arm"]]["classes"]
    return class_labels.called(shifted, class_names(wildcards))
