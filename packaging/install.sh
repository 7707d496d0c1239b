#!/bin/bash
# Installs a published tree: packaging/install.sh [DESTDIR]. What is in /etc already stays.
set -euo pipefail
cd "$(dirname "$0")/.."
root=${1:-}
dist=artifacts/dist
[ -e $dist/.published ] || { echo "install: $dist is not there; run build/publish.sh first" >&2; exit 1; }

lib=$root/usr/lib/orlop
rm -rf "$lib"
install -d -m 755 "$lib/plugins" "$root/usr/bin" "$root/etc/orlop/conf.d" "$root/usr/lib/systemd/system"
cp -r --no-preserve=ownership $dist/orlopd $dist/orlop "$lib/"
cp -r --no-preserve=ownership $dist/plugins/. "$lib/plugins/"
ln -sf ../lib/orlop/orlop/orlop "$root/usr/bin/orlop"
ln -sf ../lib/orlop/orlopd/orlopd "$root/usr/bin/orlopd"
install -m 644 packaging/systemd/orlop.service "$root/usr/lib/systemd/system/"
[ -e "$root/etc/orlop/config.toml" ] || install -m 644 packaging/config.toml "$root/etc/orlop/"
[ -e "$root/etc/crictl.yaml" ] || install -m 644 packaging/crictl.yaml "$root/etc/crictl.yaml"
