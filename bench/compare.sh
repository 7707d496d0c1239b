#!/bin/bash
# Measures Orlop beside Debian's containerd with runc and with crun, and writes the tables of docs/performance.md.
#   bench/compare.sh [OPTION OF orlop-bench run…]     for example --samples 10 --only pods exec
# All three run at the same time, take turns sample by sample, and have the same images, registry, CNI plugins, disk and
# PATH; each has mount, network and cgroup namespaces of its own. RESULTS=FILE keeps the results as JSON lines.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
document=docs/performance.md
dist=$PWD/artifacts/dist
driver=$PWD/artifacts/bench/orlop-bench
runtimes=(orlop containerd+runc containerd+crun)
registry=localhost:5000

fail() {
    echo "compare: $*" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || fail "needs root: it makes namespaces, mounts, cgroups and network interfaces"
[ -e /sys/fs/cgroup/cpuacct ] || fail "needs cgroup v1: the nodes' own roots are made of its hierarchies"
build/install.sh containerd runc crun docker-registry libisal2 libzstd1 containernetworking-plugins busybox-static iptables iproute2 curl gcc libc6-dev zlib1g-dev
build/publish.sh
dotnet publish bench/Orlop.Bench/Orlop.Bench.csproj --configuration Release --verbosity quiet --nologo --output artifacts/bench
bench/images.sh download artifacts/bench-packages

work=$(mktemp -d /var/tmp/orlop-bench.XXXXXX)
cgroup=/$(basename "$work")
holders=() children=()

# A process's group in every hierarchy of cgroup v1.
enter_cgroup() { # PATH PID
    local hierarchy
    for hierarchy in /sys/fs/cgroup/*/; do
        [ -e "$hierarchy/cgroup.procs" ] && [ ! -e "$hierarchy/cgroup.controllers" ] || continue
        mkdir -p "$hierarchy$1"
        if [ -e "$hierarchy/cpuset.cpus" ]; then
            for file in cpuset.cpus cpuset.mems; do
                cat "$hierarchy/$file" >"$hierarchy$cgroup/$file"
                cat "$hierarchy/$file" >"$hierarchy$1/$file"
            done
        fi
        echo "$2" >"$hierarchy$1/cgroup.procs"
    done
}

clean_up() {
    local code=$? folder
    trap '' INT TERM
    set +e
    for child in "${children[@]}"; do kill "$child" 2>/dev/null; done
    # What a run that was cut short left: pods, shims and daemons are all in the nodes' cgroups.
    for _ in 1 2 3 4 5; do
        find /sys/fs/cgroup -path "*$cgroup/*/*" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u | xargs -r kill -9 2>/dev/null || break
        sleep 0.2
    done
    echo $$ >/sys/fs/cgroup/cpu/cgroup.procs
    wait
    for folder in /sys/fs/cgroup/*"$cgroup"; do find "$folder" -depth -type d -exec rmdir {} \; ; done 2>/dev/null
    [ -n "${KEEP:-}" ] || rm -rf "$work"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What else the machine does shall wait: the measurement has its cores nearly for itself.
mkdir "/sys/fs/cgroup/cpu$cgroup"
echo 262144 >"/sys/fs/cgroup/cpu$cgroup/cpu.shares"
echo $$ >"/sys/fs/cgroup/cpu$cgroup/cgroup.procs"

# Copies of their own: a runtime that shares its program's pages with others of the machine would look smaller.
dotnet_root=$(dirname "$(realpath "$(command -v dotnet)")")
mkdir -p "$work/dotnet/shared" "$work/storage"
cp -r "$dotnet_root/host" "$work/dotnet/"
for framework in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    mkdir "$work/dotnet/shared/$framework"
    cp -r "$(ls -d "$dotnet_root/shared/$framework"/10.* | sort --version-sort | tail -n 1)" "$work/dotnet/shared/$framework/"
done

write_configuration() { # NODE
    local folder=$work/$1
    mkdir -p "$folder/net.d" "$folder/hosts/$registry" "$folder/bin"
    printf 'server = "http://%s"\n' "$registry" >"$folder/hosts/$registry/hosts.toml"
    cat >"$folder/net.d/10-bench.conflist" <<CONFLIST
{ "cniVersion": "1.0.0", "name": "bench",
  "plugins": [
    { "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
      "ipam": { "type": "host-local", "ranges": [[{ "subnet": "10.88.0.0/16" }]], "routes": [{ "dst": "0.0.0.0/0" }] } },
    { "type": "portmap", "capabilities": { "portMappings": true } } ] }
CONFLIST
    case $1 in
    orlop)
        cp -r "$dist"/. "$folder/bin/"
        daemon=("DOTNET_ROOT=$work/dotnet" "$folder/bin/orlopd/orlopd" --config "$folder/config.toml")
        cat >"$folder/config.toml" <<CONFIG
socket = "$folder/cri.sock"
root = "$folder/root"
state = "/run/orlop"
plugin_folders = ["$folder/bin/plugins"]
[plugins.cni]
conf_folder = "$folder/net.d"
bin_folders = ["/usr/lib/cni"]
[plugins.registry]
hosts_folders = ["$folder/hosts"]
CONFIG
        ;;
    containerd+*)
        cp /usr/bin/containerd /usr/bin/containerd-shim-runc-v2 "$(command -v "${1#*+}")" "$folder/bin/"
        daemon=("$folder/bin/containerd" --config "$folder/config.toml")
        cat >"$folder/config.toml" <<CONFIG
version = 2
root = "$folder/root"
state = "/run/containerd"
[grpc]
address = "$folder/cri.sock"
[plugins."io.containerd.internal.v1.opt"]
path = "$folder/opt"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "$registry/bench/pause:1"
restrict_oom_score_adj = true
disable_apparmor = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "$folder/net.d"
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "overlayfs"
default_runtime_name = "oci"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.oci]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.oci.options]
BinaryName = "$folder/bin/${1#*+}"
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "$folder/hosts"
CONFIG
        ;;
    esac
}

start_registry() { # HOLDER
    [ -e "$work/registry.yml" ] || cat >"$work/registry.yml" <<REGISTRY
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $work/storage } }
http: { addr: 127.0.0.1:5000 }
REGISTRY
    nsenter --target "$1" --net docker-registry serve "$work/registry.yml" >>"$work/registry.log" 2>&1 </dev/null &
    children+=($!)
    for _ in $(seq 100); do
        nsenter --target "$1" --net curl -fsS "http://$registry/v2/" >/dev/null 2>&1 && return
        sleep 0.1
    done
    fail "the registry does not answer; see $work/registry.log"
}

options=()
for name in "${runtimes[@]}"; do
    folder=$work/$name
    mkdir -p "$folder"
    write_configuration "$name"

    # The holder enters its cgroup before it makes the cgroup namespace, whose root that becomes.
    mkfifo "$folder/ready" "$folder/hold"
    bash -c 'read -r _ <"$1/hold"; exec unshare --mount --net --cgroup --propagation private bash bench/node.sh "$1" <"$1/hold" >"$1/ready"' holder "$folder" &
    holder=$!
    children+=($holder)
    enter_cgroup "$cgroup/$name" $holder
    exec {hold}<>"$folder/hold"
    echo >&$hold
    read -r answer <"$folder/ready" || answer=''
    [ "$answer" = ready ] || fail "the node of $name cannot be made"
    start_registry $holder
    [ ${#options[@]} -gt 0 ] || nsenter --target $holder --net bench/images.sh push "$registry" artifacts/bench-packages

    cat >"$folder/start" <<START
#!/bin/bash
for hierarchy in /sys/fs/cgroup/*/; do
    [ ! -e "\$hierarchy$cgroup/$name" ] || echo \$\$ >"\$hierarchy$cgroup/$name/tasks"
done
exec nsenter --target $holder --mount --net --cgroup -- env -i HOME=/root PATH="$folder/bin:/usr/sbin:/usr/bin:/sbin:/bin" ${daemon[*]} >>"$folder/daemon.log" 2>&1 </dev/null
START
    chmod +x "$folder/start"
    options+=(--runtime "$name=unix://$folder/cri.sock" --cgroup "$name=$cgroup/$name" --start "$name=$folder/start")
done

version() { dpkg-query --show --showformat='${Version}' "$1"; }
cat >"$work/machine.md" <<MACHINE

Measured on $(date +%F): $(nproc) cores ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)), $(awk '/MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GiB of memory, Linux $(uname -r | cut -d- -f1), Debian $(cat /etc/debian_version), cgroup v1.
Orlop $(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props) on .NET $(ls "$work/dotnet/shared/Microsoft.NETCore.App"); containerd $(version containerd), runc $(version runc), crun $(version crun), containernetworking-plugins $(version containernetworking-plugins). Load average before: $(cut -d' ' -f1 /proc/loadavg).
MACHINE

results=${RESULTS:-$work/results.jsonl}
"$driver" run "${options[@]}" --image "$registry/bench/shell:1" --pull "$registry"/bench/debian:{1..8} --output "$results" "$@" ||
    fail "the measurement failed; the ends of the daemons' logs:"$'\n'"$(tail -n 3 "$work"/*/daemon.log)"
"$driver" report "$results" $document --machine "$work/machine.md"
echo "compare: $document is written"
