# From the sources to one file of images and labels.
IDX_FILES = {
    "train_images": "results/data/{dataset}/raw/train-images-idx3-ubyte",
    "train_labels": "results/data/{dataset}/raw/train-labels-idx1-ubyte",
    "test_images": "results/data/{dataset}/raw/t10k-images-idx3-ubyte",
    "test_labels": "results/data/{dataset}/raw/t10k-labels-idx1-ubyte",
}


# The four IDX files, from the first source whose bytes have the SHA-256 in the config. The SHA-256s alone decide what
# the files are. So neither the sources nor the code that fetches them is a param: a change to these must not make
# stale what was trained on the same bytes.
rule download:
    output:
        **IDX_FILES,
    log:
        "results/logs/data/{dataset}/download.log",
    benchmark:
        "results/benchmarks/data/{dataset}/download.tsv"
    localrule: True  # a cluster's nodes often have no network
    resources:
        mem_mb=500,
        runtime=30,
    params:
        files=lambda wildcards: config["datasets"][wildcards.dataset]["files"],
    script:
        "../scripts/download.py"


# One file of images and labels.
rule prepare:
    input:
        **IDX_FILES,
    output:
        "results/data/{dataset}.safetensors",
    log:
        "results/logs/data/{dataset}/prepare.log",
    benchmark:
        "results/benchmarks/data/{dataset}/prepare.tsv"
    resources:
        mem_mb=1500,
    params:
        code=code("prepare"),
        origins=origins,
        files=lambda wildcards: config["datasets"][wildcards.dataset]["files"],
        classes=lambda wildcards: config["datasets"][wildcards.dataset]["classes"],
        layout=lambda wildcards: class_labels.layout(config["datasets"][wildcards.dataset]) or None,
    script:
        "../scripts/prepare.py"
