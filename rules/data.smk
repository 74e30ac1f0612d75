# From the sources to one file of images and labels.
IDX_FILES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}
RAW = {part: "results/data/{dataset}/raw/" + name for part, name in IDX_FILES.items()}


# The four IDX files, from the first source whose bytes have the SHA-256 of the config.
rule download:
    output:
        **RAW,
    log:
        "results/logs/data/{dataset}/download.log",
    benchmark:
        "results/benchmarks/data/{dataset}/download.tsv"
    retries: 0
    params:
        code=code("download"),
        files=lambda wildcards: config["datasets"][wildcards.dataset]["files"],
    script:
        "../scripts/download.py"


# One file of images and labels. Its content follows from the SHA-256s alone, so fetching the same bytes again, from
# wherever, makes nothing stale: the raw files are `ancient`.
rule prepare:
    input:
        **{part: ancient(path) for part, path in RAW.items()},
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
