#!/bin/bash
# Installs the Debian packages given, as far as they are missing. Daemons among them are not started.
set -euo pipefail

missing=()
for package in "$@"; do
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing: ${missing[*]}; install them, or run this as root on Debian" >&2
    exit 1
fi

policy=/usr/sbin/policy-rc.d # invoke-rc.d(8): 101 forbids to start a service
if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
fi

echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt_get() { apt-get -qq -o DPkg::Lock::Timeout=120 "$@" </dev/null; }
apt_get install --yes --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
    apt_get update
    apt_get install --yes --no-install-recommends "${missing[@]}" >/dev/null
}
