#!/usr/bin/env bash
# GPU figures in one call: bash benchmarks/gpu.sh OUT
# Needs the test environment of `make test` with a CUDA build of torch; about 10 minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?folder for the results}
python=${PYTHON:-.venv/bin/python}
mkdir -p "$out"
nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv > "$out/gpu.csv"
"$python" -m benchmarks --device cuda --sizes nano half full --lengths 64 256 1024 --turns 9 \
    --no-starts --out "$out" | tee "$out/log"
"$python" -m pytest -q tests/model/test_cuda_graphs.py | tee -a "$out/log"
"$python" -m workbench precision esm3-mini --dtype bf16 --device cuda | tee -a "$out/log"
"$python" -m workbench design workbench/examples/three_helix_bundle.cif --device cuda \
    --mask sequence=all --mask structure=all --recipe structure:16,sequence:16 --out "$out/designs" \
    | tee -a "$out/log"
