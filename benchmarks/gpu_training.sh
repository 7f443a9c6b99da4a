#!/usr/bin/env bash
# Train a model of the embedded architecture, some ten times its size, in half an hour of one GPU.
#
#     benchmarks/gpu_training.sh DATA RUN [GPUS]
#
# DATA holds the training shards (train_*.npz) and the tables of annotations/, RUN everything that is kept. Each line may be killed
# and started again: it goes on with the next step. Steps are chosen for an H200; on a smaller GPU
# lower `residues` in the plan. Annotating the corpus (about twenty minutes of one core) comes first. The steps of
# the folding decoder (`decoder`, `repair`) are a guess that no GPU has tried yet.
set -euo pipefail
data=$1 run=$2 gpus=${3:-1}
plan=$(dirname "$0")/gpu_training.json
shards=("$data"/train_allatom_*.npz "$data"/train_backbone.npz "$data"/train_more_*.npz "$data"/train_designed_*.npz)
workbench() {
    if [ "$gpus" -gt 1 ]; then
        torchrun --nproc-per-node "$gpus" -m workbench "$@"
    else
        python -m workbench "$@"
    fi
}
workbench train structure --config "$plan" --data "${shards[@]}" --out "$run"
workbench train trunk --config "$plan" --data "${shards[@]}" --out "$run" --annotations "$data/annotations"
workbench train repair --config "$plan" --data "${shards[@]}" --out "$run"
python -m workbench evaluate --model "$run/model" --data "$data"/valid_allatom.npz "$data"/valid_backbone.npz \
    --train "${shards[@]}" --annotations "$data/annotations" --designs
