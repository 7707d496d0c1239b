#!/bin/bash
# Pushes layers as an image for amd64: push-image.sh REGISTRY REPOSITORY TAG CONFIG LAYER…
# CONFIG is the JSON object of the image's `config`; a LAYER is an uncompressed tar file.
set -euo pipefail
base=http://$1/v2/$2 tag=$3 config=$4
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

digest() { echo "sha256:$(sha256sum "$1" | cut -d' ' -f1)"; }
descriptor() { # MEDIATYPE FILE
    printf '{"mediaType":"application/vnd.oci.image.%s","digest":"%s","size":%s}' "$1" "$(digest "$2")" "$(stat --format=%s "$2")"
}

push_blob() { # FILE
    local upload
    upload=$(curl -fsS -X POST -o /dev/null -D - "$base/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
    case $upload in *\?*) upload="$upload&digest=$(digest "$1")" ;; *) upload="$upload?digest=$(digest "$1")" ;; esac
    curl -fsS -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$1" "$upload"
}

layers='' diff_ids=''
for layer in "$@"; do
    gzip -n -c "$layer" >"$work/layer.tar.gz"
    push_blob "$work/layer.tar.gz"
    layers+=${layers:+,}$(descriptor layer.v1.tar+gzip "$work/layer.tar.gz")
    diff_ids+=${diff_ids:+,}'"'$(digest "$layer")'"'
done
cat >"$work/config.json" <<CONFIG
{"architecture":"amd64","os":"linux","config":$config,"rootfs":{"type":"layers","diff_ids":[$diff_ids]}}
CONFIG
cat >"$work/manifest.json" <<MANIFEST
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
 "config":$(descriptor config.v1+json "$work/config.json"),"layers":[$layers]}
MANIFEST
push_blob "$work/config.json"
curl -fsS -X PUT -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' --data-binary "@$work/manifest.json" "$base/manifests/$tag"
