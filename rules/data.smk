# From the sources to one file of images and labels.
IDX_FILES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}
RAW = {part: "results/data/{dataset}/raw/" + name for part, name in IDX_FILES.items()}


# The four IDX files, from the first source whose bytes have the SHA-256 of the config. The SHA-256s alone decide what
# they are: neither the sources nor the code that fetches them is a param, so that no change of these makes all that
# was trained on the same bytes stale.
rule download:
    output:
        **RAW,
    log:
        "results/logs/data/{dataset}/download.log",
    benchmark:
        "results/benchmarks/data/{dataset}/download.tsv"
    params:
        files=lambda wildcards: config["datasets"][wildcards.dataset]["files"],
    script:
        "../scripts/download.py"


# One file of images and labels.
rule prepare:
    input:
        **RAW,
    output:
        "results/data/{dataset}.safetensors",
    log:
        "results/logs/data/{dataset}/prepare.log",
    benchmark:
        "results/benchmarks/data/{dataset}/prepare.tsv"
    params:
        code=code("prepare"),
        files=lambda wildcards: config["datasets"][wildcards.dataset]["files"],
        classes=lambda wildcards: config["datasets"][wildcards.dataset]["classes"],
    script:
        "../scripts/prepare.py"
