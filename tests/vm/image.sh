#!/bin/bash
# Makes the disk, the kernel and the first file system of the virtual machine from Debian's packages: image.sh FOLDER
# Does nothing when they are there and were made by this very script.
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$(realpath "$0")")"
packages=(
    systemd systemd-sysv linux-image-cloud-amd64 kmod procps curl busybox-static
    docker-registry containernetworking-plugins iproute2 iptables apparmor
    libicu72 libssl3 libstdc++6 zlib1g ca-certificates # what .NET needs
)

made=$(cat image.sh guest/* | sha256sum)
[ "$(cat "$out/.made" 2>/dev/null)" != "$made" ] || exit 0
rm -f "$out/.made"
mkdir -p "$out"
work=$(mktemp -d "$out/making.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root first=$work/first

echo "vm: making a Debian node …"
# INITRD=No: the kernel's package would make a first file system with drivers for every machine there is.
INITRD=No mmdebstrap --quiet --variant=minbase --include="$(IFS=, && echo "${packages[*]}")" bookworm "$root"
kernel=$(ls "$root/lib/modules")

echo orlop-vm >"$root/etc/hostname"
echo overlay >"$root/etc/modules-load.d/orlop.conf"
rm -f "$root/etc/systemd/system/multi-user.target.wants/docker-registry.service" # tests start registries of their own
install -m 755 guest/vm "$root/usr/local/sbin/vm"
install -m 644 guest/vm.service "$root/etc/systemd/system/vm.service"
mkdir -p "$root/orlop" "$root/usr/share/dotnet" "$root/etc/systemd/system/default.target.wants"
ln -sf ../vm.service "$root/etc/systemd/system/default.target.wants/vm.service"

mkdir -p "$first"/{bin,dev,modules,root}
cp "$root/bin/busybox" "$first/bin/busybox"
install -m 755 guest/init "$first/init"
number=10
for module in virtio_pci virtio_blk virtio_console virtiofs; do
    chroot "$root" /sbin/modprobe --set-version "$kernel" --show-depends "$module"
done | awk '/^insmod/ && !seen[$2]++ { print $2 }' | while read -r file; do
    cp "$root$file" "$first/modules/$((number++))-$(basename "$file")"
done
(cd "$first" && find . | /bin/busybox cpio -o -H newc 2>/dev/null) | gzip -1 >"$out/first.img"
cp "$root/boot/vmlinuz-$kernel" "$out/vmlinuz"
rm -f "$out/root.img"
mke2fs -q -F -t ext4 -O ^has_journal -m 0 -d "$root" "$out/root.img" 3G
echo "$made" >"$out/.made"
