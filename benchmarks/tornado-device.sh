#!/bin/sh
# What there is to measure of runtime-tornado on a device, with models of random weights that it writes to a folder.
#
#   TORNADOVM_HOME=<SDK> benchmarks/tornado-device.sh FOLDER [device such as 0:0]
set -eu
folder=$1
device=${2:-0:0}
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder"

bench() {
  echo "== $*"
  "$here/attention4j" bench --backend tornado --device "$device" "$@"
}

for shape in M mamba2_130m rwkv7_190m; do
  model=$folder/$shape-q8.gguf
  [ -f "$model" ] || "$here/attention4j" convert --random "$shape" --dtype q8_0 "$model"
done
# Decode: gigabytes per second are the file's size times tokens per second. Prefill: 2 operations a weight and token.
bench --model "$folder/M-q8.gguf" -p 512 -n 64 -d 0,4096
bench --model "$folder/mamba2_130m-q8.gguf" -p 512 -n 64
bench --model "$folder/rwkv7_190m-q8.gguf" -p 512 -n 64
# Kernels' own time, and what crosses the bus.
"$here/attention4j" generate --backend tornado --device "$device" --model "$folder/M-q8.gguf" --tokens 1,2,3 --max-tokens 32 \
  --setting profile="$folder/profile" >/dev/null
echo "profile: $(ls -t "$folder"/profile_*.json | head -1)"
