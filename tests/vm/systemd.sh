#!/bin/bash
# Inside the virtual machine: the packaged service under systemd, and what a pod sees of its starts, reloads and stops.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/../.."
export DOTNET_ROOT=/usr/share/dotnet HOME=/root
passed=0 failed=0

check() { # PROMISE COMMAND…
    local promise=$1
    shift
    if "$@" >/tmp/check 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "systemd: not so: $promise"
        tail -n 20 /tmp/check
    fi
}
await() { # COMMAND…: until it succeeds, two minutes at most
    local deadline=$((SECONDS + 120))
    until "$@"; do
        [ $SECONDS -lt $deadline ] || return 1
        sleep 1
    done
}
property() { systemctl show --property "$1" --value orlop; }
service_is() { [ "$(systemctl is-active orlop)" = "$1" ]; }
answers() { orlop status; }
container_of() { orlop ps --quiet | head -n 1; }
process() { pgrep -f 'GREETING, it is'; } # the pod's shell: its script is in its arguments
lines() { orlop logs hello | wc -l; }
logs_go_on() {
    local before
    before=$(lines)
    await eval '[ "$(lines)" -gt '"$before"' ]'
}
daemon_alone() { # beside it only the process that opens paths of the node for it, which ends with it
    local pid
    for pid in $(cat "/sys/fs/cgroup$(property ControlGroup)/cgroup.procs"); do
        [ "$pid" = "$daemon" ] || grep -q open-paths "/proc/$pid/cmdline" || { tr '\0' ' ' <"/proc/$pid/cmdline" && return 1; }
    done
}
unchanged() { [ -n "$first" ] && [ "$(process)" = "$first" ]; }

printf '\n-- systemd\n'
packaging/install.sh
mkdir -p /etc/cni/net.d /etc/orlop/hosts/localhost:5000
cat >/etc/orlop/conf.d/vm.toml <<'CONFIG'
plugin_load_timeout = 300
[plugins.registry]
hosts_folders = ["/etc/orlop/hosts"]
CONFIG
echo 'server = "http://localhost:5000"' >/etc/orlop/hosts/localhost:5000/hosts.toml
cat >/etc/cni/net.d/10-orlop.conflist <<'CONFLIST'
{ "cniVersion": "1.0.0", "name": "orlop",
  "plugins": [{ "type": "bridge", "bridge": "cni0", "isGateway": true,
      "ipam": { "type": "host-local", "ranges": [[{ "subnet": "10.88.0.0/16" }]] } }] }
CONFLIST
# Debian's own configuration asks for a password.
cat >/etc/docker/registry/config.yml <<'REGISTRY'
version: 0.1
storage: { filesystem: { rootdirectory: /var/lib/docker-registry } }
http: { addr: 127.0.0.1:5000 }
REGISTRY
systemctl daemon-reload
systemctl restart docker-registry
await curl -fsS http://localhost:5000/v2/ >/dev/null && build/sample-image.sh localhost:5000 orlop/hello 1

check 'systemd starts the service and waits until it is ready' systemctl start orlop
check 'it answers as soon as it is started' answers
check 'a pod runs' orlop run --detach samples/hello.yaml
check 'and greets' logs_go_on
first=$(process)
daemon=$(property MainPID)

check 'the pod is in cgroups outside of the service' grep -qE '^0::/(orlop|kubepods)/' "/proc/$first/cgroup"
check 'nothing of a pod is in the cgroup of the service' daemon_alone
check 'a reload keeps the daemon' systemctl reload orlop
check 'and it answers' await answers
check 'it is the same process' [ "$(property MainPID)" = "$daemon" ]
check 'a restart brings a new daemon' systemctl restart orlop
check 'that answers' answers
check 'and is another process' [ "$(property MainPID)" != "$daemon" ]
check 'the process of the pod has run on through the restart' unchanged
check 'and its log goes on' logs_go_on
check 'a command runs in the container that was started before' orlop exec hello -- true
daemon=$(property MainPID)
kill -9 "$daemon"
check 'systemd starts a daemon anew that was killed' await eval "service_is active && [ \"\$(property MainPID)\" != $daemon ] && answers"
check 'the process of the pod has run on through the crash' unchanged
check 'a stop ends the daemon' systemctl stop orlop
check 'and leaves the service inactive, not failed' service_is inactive
check 'the process of the pod runs on without a daemon' unchanged
systemctl start orlop
check 'the next daemon finds the pod' eval 'orlop ps | grep -qi running'
check 'stops it' orlop stop hello
check 'and removes it' orlop rm hello
check 'nothing of it is left' eval '! process && [ -z "$(find /sys/fs/cgroup/orlop -mindepth 1 -type d ! -name supervisors)" ] && [ -z "$(ls /run/netns)" ]'
systemctl stop orlop
[ $failed = 0 ] || journalctl --unit orlop --no-pager --lines 40
echo "systemd: $passed passed, $failed failed, 0 skipped, $SECONDS s"
