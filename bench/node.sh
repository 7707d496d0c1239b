#!/bin/bash
# The inside of a node of the comparison, in mount, network and cgroup namespaces of its own: node.sh FOLDER
# Mounts what a machine has, says "ready", and holds the namespaces until its input ends.
set -euo pipefail
folder=$1
mkdir -p "$folder"/{cni,log}

mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/netns
mkdir -p /var/lib/cni
mount --bind "$folder/cni" /var/lib/cni
mount --bind "$folder/log" /var/log

# A machine of cgroup v1 whose root is the node's own cgroup. Without the hybrid layout's `unified`, which crun refuses.
controllers=$(awk -F: '$2 != "" { print $2 }' /proc/self/cgroup)
umount --lazy --recursive /sys/fs/cgroup 2>/dev/null || umount --lazy /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
for controller in $controllers; do
    mkdir "/sys/fs/cgroup/${controller#name=}"
    mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/${controller#name=}"
done
ip link set lo up
echo ready
cat >/dev/null
