#!/bin/bash
# Makes the sample image from Debian's busybox-static and pushes it: sample-image.sh REGISTRY REPOSITORY TAG
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

root=$work/root
mkdir -p "$root"/{bin,dev,etc,proc,root,run,sys,tmp,var}
chmod 1777 "$root/tmp"
cp /bin/busybox "$root/bin/busybox"
for applet in awk cat cut date echo env grep head hostname httpd id ip ls nc printf ps sed sh sleep tail true wget; do
    ln -s busybox "$root/bin/$applet"
done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1700000000 -C "$root" -cf "$work/layer.tar" .
./push-image.sh "$1" "$2" "$3" '{"Env":["PATH=/bin"],"Cmd":["/bin/sh","-c","echo Hello"],"WorkingDir":"/"}' "$work/layer.tar"
