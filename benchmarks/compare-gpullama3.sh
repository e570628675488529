#!/bin/sh
# Runs attention4j and GPULlama3.java in turns on one model and one TornadoVM, and prints medians and ratios.
#
#   GPULLAMA3=<its checkout, built> TORNADOVM_HOME=<SDK> benchmarks/compare-gpullama3.sh MODEL.gguf [rounds] [prompt] [tokens]
#
# MODEL must be one that both run: F16 or Q8_0, with the vocabulary of Llama 3. BATCH is the batch of its prompts (default 32),
# GPULLAMA3_FLAGS its options for the device (default: what PoCL needs; "" on a GPU). Wants python3 for the medians.
set -eu
model=$(realpath "$1")
rounds=${2:-3}
prompt=${3:-64}
tokens=${4:-16}
here=$(cd "$(dirname "$0")/.." && pwd)
flags=${GPULLAMA3_FLAGS---opencl-flags=-cl-mad-enable -w -DNaNF=NAN -Dhalf=_Float16}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

theirs() {
  (cd "$GPULLAMA3" && LLAMA_ROOT=$GPULLAMA3 ./llama-tornado --gpu --model "$model" --heap-min 1g --heap-max 4g --gpu-memory 4GB \
    ${flags:+"$flags"} --bench --bench-args="$1" 2>&1) | grep '^\[bench\]'
}

round=1
while [ "$round" -le "$rounds" ]; do
  "$here/attention4j" bench --backend tornado --model "$model" -p "$prompt" -n "$tokens" -r 1 2>/dev/null >"$results/ours.$round"
  theirs "-p 0 -n $tokens -r 1" >"$results/decode.$round"
  theirs "-p $prompt -n 0 -r 1 -b ${BATCH:-32}" >"$results/prefill.$round"
  cat "$results/ours.$round" "$results/decode.$round" "$results/prefill.$round"
  round=$((round + 1))
done

python3 - "$results" "$rounds" <<'EOF'
import re, statistics, sys

folder, rounds = sys.argv[1], int(sys.argv[2])

def figures(name, pattern):
    found = []
    for i in range(1, rounds + 1):
        text = open(f"{folder}/{name}.{i}").read()
        found.append(float(re.search(pattern, text).group(1)))
    return found

for what, theirs in (("prefill", "prefill"), ("decode", "decode")):
    ours = figures("ours", what + r".*?([\d.,]+) tokens/s")
    other = figures(theirs, r"([\d.]+) ± [\d.]+ t/s")
    ratios = [a / b for a, b in zip(ours, other)]
    print(f"{what}: attention4j {statistics.median(ours):.2f}, GPULlama3.java {statistics.median(other):.2f} tokens/s: "
          f"{statistics.median(ratios):.2f} times ({min(ratios):.2f} to {max(ratios):.2f})")
EOF
