#!/bin/bash
# The images of the comparison, made from Debian's packages:
#   images.sh download FOLDER        fetches the packages
#   images.sh push REGISTRY FOLDER   makes the images and pushes them
#     bench/shell:1   busybox; what the pods run
#     bench/pause:1   a static program that waits; containerd's pods hold their namespaces with it
#     bench/debian:1 to :8  some 140 MB in four layers; what the pulls pull. They differ in a small file of each layer.
set -euo pipefail
cd "$(dirname "$0")/.."
layers=(
    'base-files libc6 libc-bin coreutils bash dash grep sed tar gzip'
    'perl-base perl-modules-5.36 libperl5.36'
    'python3.11-minimal libpython3.11-minimal libpython3.11-stdlib libssl3'
    'git tzdata'
)

download() { # FOLDER
    local number
    for number in "${!layers[@]}"; do
        [ ! -e "$1/$number/complete" ] || continue
        mkdir -p "$1/$number"
        # shellcheck disable=SC2086 — package names
        (cd "$1/$number" && apt-get -qq -o APT::Sandbox::User=root download ${layers[number]} >/dev/null && touch complete)
    done
}

archive() { # FOLDER TAR
    tar --sort=name --owner=0 --group=0 --numeric-owner -C "$1" -cf "$2" .
}

push() { # REGISTRY FOLDER
    local work package number tars=()
    work=$(mktemp -d)
    trap "rm -rf '$work'" EXIT

    build/sample-image.sh "$1" bench/shell 1

    mkdir "$work/pause"
    gcc -O2 -static -s -o "$work/pause/pause" -x c - <<'SOURCE'
#include <signal.h>
#include <unistd.h>
static void end(int signal) { _exit(0); }
int main(void) {
    signal(SIGTERM, end);
    signal(SIGINT, end);
    for (;;) pause();
}
SOURCE
    archive "$work/pause" "$work/pause.tar"
    build/push-image.sh "$1" bench/pause 1 '{"Entrypoint":["/pause"]}' "$work/pause.tar"

    for number in "${!layers[@]}"; do
        mkdir "$work/$number"
        for package in "$2/$number"/*.deb; do dpkg-deb --extract "$package" "$work/$number"; done
        archive "$work/$number" "$work/$number.tar"
        tars+=("$work/$number.tar")
    done
    seq 8 | xargs -P 2 -I TAG bench/images.sh variant "$1" "$work" TAG "${tars[@]}"
}

variant() { # REGISTRY FOLDER TAG TAR…
    local registry=$1 folder=$2/variant-$3 tag=$3 tar
    shift 3
    mkdir "$folder"
    for tar in "$@"; do
        cp "$tar" "$folder/"
        echo "$tag" >"$folder/variant"
        tar --append --owner=0 --group=0 --numeric-owner -C "$folder" -f "$folder/$(basename "$tar")" variant
    done
    build/push-image.sh "$registry" bench/debian "$tag" '{"Env":["PATH=/usr/bin:/bin"],"Cmd":["bash"]}' "${@/#*\//$folder/}"
    rm -rf "$folder"
}

"$@"
