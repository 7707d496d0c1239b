#!/bin/bash
# Makes the sample image from Debian's busybox-static and pushes it: sample-image.sh REGISTRY REPOSITORY TAG
set -euo pipefail
registry=$1 repository=$2 tag=$3
base=http://$registry/v2/$repository
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

digest() { echo "sha256:$(sha256sum "$1" | cut -d' ' -f1)"; }
size() { stat --format=%s "$1"; }

push_blob() { # FILE
    local upload
    upload=$(curl -fsS -X POST -o /dev/null -D - "$base/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
    case $upload in *\?*) upload="$upload&digest=$(digest "$1")" ;; *) upload="$upload?digest=$(digest "$1")" ;; esac
    curl -fsS -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$1" "$upload"
}

root=$work/root
mkdir -p "$root"/{bin,dev,etc,proc,root,run,sys,tmp,var}
chmod 1777 "$root/tmp"
cp /bin/busybox "$root/bin/busybox"
for applet in awk cat cut date echo env grep head hostname httpd id ip ls nc printf ps sed sh sleep tail wget; do
    ln -s busybox "$root/bin/$applet"
done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1700000000 -C "$root" -cf "$work/layer.tar" .
gzip -n -k "$work/layer.tar"
cat >"$work/config.json" <<CONFIG
{"architecture":"amd64","os":"linux",
 "config":{"Env":["PATH=/bin"],"Cmd":["/bin/sh","-c","echo Hello"],"WorkingDir":"/"},
 "rootfs":{"type":"layers","diff_ids":["$(digest "$work/layer.tar")"]}}
CONFIG
cat >"$work/manifest.json" <<MANIFEST
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
 "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"$(digest "$work/config.json")","size":$(size "$work/config.json")},
 "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"$(digest "$work/layer.tar.gz")","size":$(size "$work/layer.tar.gz")}]}
MANIFEST
push_blob "$work/layer.tar.gz"
push_blob "$work/config.json"
curl -fsS -X PUT -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' --data-binary "@$work/manifest.json" "$base/manifests/$tag"
