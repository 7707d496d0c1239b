#!/bin/bash
# The inside of ./run: expects mount and network namespaces of its own, so that all it mounts and configures ends with it.
set -euo pipefail
cd "$(dirname "$0")/.."
once=${1:-}
dist=$PWD/artifacts/dist
image=localhost:5000/orlop/hello:1
work=$(mktemp -d /tmp/orlop-run.XXXXXX)
daemon='' registry='' host_folder=''

say() { printf '\n== %s\n' "$*"; }
fail() {
    echo "run: $*" >&2
    [ ! -s "$work/orlopd.log" ] || { echo "the end of orlopd's log:" && tail -n 20 "$work/orlopd.log"; } >&2
    exit 1
}
orlop() { "$dist/orlop/orlop" --address "unix://$socket" "$@"; }
await() { # WHAT COMMAND…
    local what=$1 deadline=$((SECONDS + 30))
    shift
    until "$@" >/dev/null 2>&1; do
        [ -z "$daemon" ] || kill -0 "$daemon" 2>/dev/null || fail "orlopd has ended by itself"
        [ $SECONDS -lt $deadline ] || fail "waited 30 s for $what"
        sleep 0.1
    done
}
end() { # PID
    kill "$1" 2>/dev/null || return 0
    timeout 30 tail --pid="$1" -f /dev/null || kill -9 "$1"
}

clean_up() {
    local code=$? pods='' left
    trap '' INT TERM
    set +e
    if [ -n "$daemon" ] && kill -0 "$daemon" 2>/dev/null; then
        pods=$(orlop pods --quiet)
        for pod in $pods; do
            orlop stop "$pod" >/dev/null && orlop rm "$pod" >/dev/null || code=1
        done
        end "$daemon"
    fi
    [ -z "$registry" ] || end "$registry"
    # The parent of pods without one; a daemon beside this one may use it too, and then it stays.
    rmdir /sys/fs/cgroup{,/*}/orlop/supervisors /sys/fs/cgroup{,/*}/orlop 2>/dev/null
    left=$(for pod in $pods; do find /sys/fs/cgroup -name "*$pod*"; grep -slF "$pod" /proc/[0-9]*/cmdline; done)
    if [ -n "$left" ]; then
        printf 'run: left behind:\n%s\n' "$left" >&2
        code=1
    fi
    cd /
    if [ -n "$host_folder" ]; then
        umount /run/orlop
        rm -f "$host_folder/orlop.sock"
        rmdir "$host_folder"
    fi
    umount "$work/run" "$work/root" || umount --lazy "$work/run" "$work/root"
    rm -rf "$work"
    exit "$code"
}

# The host's /run and /var/log stay as they are; only the folder of the socket is theirs.
mkdir "$work/run" "$work/root" "$work/net.d" "$work/registry"
mount --bind /run "$work/run"
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/log
mount -t tmpfs -o mode=700 tmpfs "$work/root"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
socket=$work/orlop.sock
if [ ! -e "$work/run/orlop" ]; then
    host_folder=$work/run/orlop
    mkdir "$host_folder" /run/orlop
    mount --bind "$host_folder" /run/orlop
    socket=/run/orlop/orlop.sock
fi
ip link set lo up

cat >"$work/config.toml" <<CONFIG
socket = "$socket"
root = "$work/root"
state = "/run/orlop-state"
plugin_folders = ["$dist/plugins"]

[plugins.cni]
conf_folder = "$work/net.d"
bin_folders = ["/usr/lib/cni"]

[plugins.registry]
hosts_folders = ["$work/hosts"]
CONFIG
mkdir -p "$work/hosts/localhost:5000"
cat >"$work/hosts/localhost:5000/hosts.toml" <<'HOSTS'
server = "http://localhost:5000"
HOSTS
cat >"$work/net.d/10-orlop.conflist" <<CONFLIST
{ "cniVersion": "1.0.0", "name": "orlop",
  "plugins": [
    { "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
      "ipam": { "type": "host-local", "dataDir": "$work/leases",
                "ranges": [[{ "subnet": "10.88.0.0/16" }]], "routes": [{ "dst": "0.0.0.0/0" }] } },
    { "type": "portmap", "capabilities": { "portMappings": true } } ] }
CONFLIST
cat >"$work/registry.yml" <<REGISTRY
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $work/registry } }
http: { addr: 127.0.0.1:5000 }
REGISTRY

say "a registry on loopback, with the sample image"
# In sessions of their own: Ctrl-C is for this script, which ends them in order.
setsid docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 </dev/null &
registry=$!
await "the registry" curl -fsS http://localhost:5000/v2/
build/sample-image.sh localhost:5000 orlop/hello 1
echo "$image"

say "orlopd"
setsid "$dist/orlopd/orlopd" --config "$work/config.toml" >"$work/orlopd.log" 2>&1 </dev/null &
daemon=$!
await "orlopd to answer on $socket" orlop status
orlop version

say "orlop pull $image"
orlop pull "$image"

say "orlop run samples/hello.yaml"
orlop run --detach samples/hello.yaml
address=$(orlop pods --output json | grep -oE '10\.88\.[0-9]+\.[0-9]+' | sort -u)
[ -n "$address" ] || fail "the pod has no address"
greeted() { orlop logs hello | grep "Hello from $address,"; } # all of the log is read: nobody gets a broken pipe
await "the pod's greeting in its log" greeted

say "orlop logs hello"
orlop logs hello
say "orlop pods"
orlop pods
say "orlop ps"
orlop ps
orlop ps | grep -i running >/dev/null || fail "the container does not run"
say "orlop status"
orlop status
say "orlop trace hello"
orlop trace hello
say "the node reaches the pod at its CNI address"
/bin/busybox ping -c 1 -W 5 "$address" || fail "the pod does not answer at $address"

if [ "$once" = --once ]; then
    say "all of it worked"
    exit 0
fi

cat <<HELP

== orlopd serves the CRI until Ctrl-C
  crictl --runtime-endpoint unix://$socket pods
  $dist/orlop/orlop --address unix://$socket pods
The node has mount and network namespaces of its own; a shell inside, for its addresses, logs and mounts:
  nsenter --target $$ --mount --net
HELP
wait "$daemon" || fail "orlopd has ended by itself"
fail "orlopd has ended by itself"
