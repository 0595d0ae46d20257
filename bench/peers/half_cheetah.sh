#!/bin/sh
# Compiles and runs the C loop against the library the toolkit was built with.
set -e
staged=toolkit/mujoco-java/target/mujoco
mkdir -p build/bench
library=$(readlink -f "$staged/lib/libmujoco.so")
cc -O2 -I"$staged/include" bench/peers/half_cheetah.c -o build/bench/half_cheetah "$library" -Wl,-rpath,"$(dirname "$library")"
exec build/bench/half_cheetah toolkit/metarl/src/main/resources/metarl/env/mujoco/half_cheetah.xml "$1"
