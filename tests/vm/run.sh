#!/bin/bash
# Runs tests on a node with cgroup v2 only and systemd as init: a virtual machine made from Debian's packages, without
# hardware virtualization, so that it runs anywhere, ten to thirty times slower than this machine.
#   tests/vm/run.sh                   the usual selection
#   tests/vm/run.sh all               every test of linux-native and of a whole node: some hours
#   tests/vm/run.sh NAME=FILTER…      suites with a filter of `dotnet test`, for example Orlop.NodeTests=Resources
#   tests/vm/run.sh systemd           only the service under systemd
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/../.."
vm=$PWD/artifacts/vm
results=$vm/results
daemons=() machine=''

fail() {
    echo "vm: $*" >&2
    exit 1
}

jobs=()
for word in "${@:-usual}"; do
    case $word in
        usual) jobs+=('Orlop.Linux.Tests=EndToEnd.Unified|Linux.Tests.Cgroups|BirthTests|PodTests' 'Orlop.NodeTests=Resources|Mounts.Devices|NodeTests.Exec|Apparmor' systemd) ;;
        all) jobs+=('Orlop.Linux.Tests=EndToEnd|Linux.Tests.Cgroups|Sandboxes|Mounting|Supervisor.PodTests|Supervisor.BirthTests|Supervisor.LaunchTests|Supervisor.ExecTests|Supervisor.LogTests' 'Orlop.NodeTests=Orlop' systemd) ;;
        systemd | *.Tests=* | *.NodeTests=*) jobs+=("$word") ;;
        *) fail "'$word' is neither systemd nor all nor SUITE=FILTER" ;;
    esac
done

[ "$(uname -m)" = x86_64 ] || fail "the machine is made for x86-64, this is $(uname -m)"
[ "$(id -u)" = 0 ] || fail "needs root to make the machine's disk"
build/install.sh qemu-system-x86 mmdebstrap e2fsprogs busybox-static || fail "cannot install what the machine is made with"
tests/vm/image.sh "$vm"
build/publish.sh

rm -rf "$results"
mkdir -p "$results"
{
    echo 'set -u; cd /orlop'
    for job in "${jobs[@]}"; do
        if [ "$job" = systemd ]; then
            echo 'bash tests/vm/systemd.sh'
            continue
        fi
        suite=${job%%=*} filter=FullyQualifiedName~${job#*=}
        project=$(ls -d tests/*/"$suite")
        # Compiled ahead of time: to compile while it runs takes the machine longer than the tests themselves.
        dotnet restore "$project" --verbosity quiet -p:PublishReadyToRun=true
        dotnet publish "$project" --configuration Release --verbosity quiet --nologo --no-restore --runtime linux-x64 --no-self-contained \
            -p:PublishReadyToRun=true --output "$vm/tests/$suite" >&2
        echo "bash tests/vm/suite.sh $suite '${filter//|/|FullyQualifiedName~}'"
    done
} >"$vm/job"

end() {
    [ -z "$machine" ] || kill "$machine" 2>/dev/null || true
    for daemon in "${daemons[@]}"; do kill "$daemon" 2>/dev/null || true; done
    wait
}
trap end EXIT
share() { # NAME FOLDER
    rm -f "$vm/$1.sock"
    /usr/lib/qemu/virtiofsd --socket-path="$vm/$1.sock" -o source="$2" -o cache=always -o sandbox=chroot >"$vm/$1.log" 2>&1 &
    daemons+=($!)
    until [ -S "$vm/$1.sock" ]; do
        kill -0 "${daemons[-1]}" 2>/dev/null || fail "virtiofsd has ended: $(tail -n 3 "$vm/$1.log")"
        sleep 0.1
    done
}
share orlop "$PWD"
share dotnet "$(dirname "$(realpath "$(command -v dotnet)")")"

truncate -s 0 "$vm/output"
timeout "${ORLOP_VM_TIMEOUT:-3600}" qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu Nehalem -smp 2 -m 3G -nodefaults -no-user-config -display none -no-reboot \
    -object memory-backend-memfd,id=memory,size=3G,share=on -numa node,memdev=memory \
    -kernel "$vm/vmlinuz" -initrd "$vm/first.img" \
    -append 'console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off random.trust_cpu=on systemd.show_status=0 systemd.getty_auto=no' \
    -drive "file=$vm/root.img,if=virtio,format=raw,snapshot=on" -serial "file:$vm/console.log" \
    -device virtio-serial -chardev "file,id=output,path=$vm/output" -device virtserialport,chardev=output,name=output \
    -chardev "socket,id=orlop,path=$vm/orlop.sock" -device vhost-user-fs-pci,chardev=orlop,tag=orlop \
    -chardev "socket,id=dotnet,path=$vm/dotnet.sock" -device vhost-user-fs-pci,chardev=dotnet,tag=dotnet &
machine=$!
echo "vm: starting …"
tail --pid=$machine --lines=+1 --follow "$vm/output"
wait $machine || fail "the machine ended with $?; see $vm/console.log"
machine=''

# Each part closes with "NAME: N passed, N failed, N skipped"; without such a line it failed.
awk -v parts=${#jobs[@]} '
    /^[A-Za-z.]+: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped/ { passed += $2; failed += $4; skipped += $6; seen++ }
    END {
        failed += parts - seen
        printf "\n%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0 || passed == 0
    }' "$vm/output"
