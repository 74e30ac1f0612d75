"""What the scripts share, a folder for each phase of the work. Each folder imports only from those above it.

errors      the mistakes that a user can fix
files       whole files or none: CSV, JSON, tensors with checksums
study       the config checked, experiments expanded into arms and models
data        sources, downloads, IDX files, the prepared data
training    trainer, loop, network, losses, optimiser, order of the images, random streams, checkpoint, numerics
evaluation  forward pass, confusion matrix, scores, shifts of the bias and the ways to choose one
tables      accuracies and histories read back, statistics, Markdown, HTML and LaTeX
figures     one style for all figures, curves, galleries of digits
claims      what was published, and the verdicts on it
pages       networks small enough for a page
records     machine, commit, equivalence with what was published
workflow    fingerprints of code, logs of jobs, progress, closing words
"""
