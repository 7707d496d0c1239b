#!/bin/bash
# Publishes the tree that runs on a node: orlopd, orlop and the plugins, into artifacts/dist (or the folder given).
# Does nothing when no source is newer than the last publish.
set -euo pipefail
cd "$(dirname "$0")/.."
dist=$(realpath -m "${1:-artifacts/dist}")
stamp=$dist/.published

up_to_date() {
    [ -e "$stamp" ] && [ -z "$(find abstractions host cli plugins build Directory.* global.json nuget.config -newer "$stamp" -print -quit)" ]
}

publish() { # PROJECT FOLDER [OPTION…]
    local project=$1 folder=$2
    shift 2
    echo "publish: $project"
    rm -rf "${dist:?}/$folder" # what a renamed assembly left would be loaded
    dotnet publish "$project" --configuration Release --verbosity quiet --nologo --output "$dist/$folder" "$@"
}

# With native code for the machine, so that it starts fast. The restore goes without a runtime identifier: that is what
# the lock files record.
publish_ready() { # PROJECT FOLDER [RUNTIME]
    dotnet restore "$1" --verbosity quiet -p:PublishReadyToRun=true
    publish "$1" "$2" --no-restore --runtime "${3:-linux-x64}" --no-self-contained -p:PublishReadyToRun=true
}

command -v dotnet >/dev/null || { echo "publish: dotnet is not installed; Orlop needs the .NET SDK of global.json" >&2; exit 1; }
if up_to_date; then
    exit 0
fi

umask 022 # orlopd refuses plugin folders that others can write to
rm -f "$stamp"
mkdir -p "$dist"
started=$(mktemp "$dist/.publishing.XXXXXX")
publish_ready host/Orlop.Host orlopd
publish_ready cli/Orlop.Cli orlop
publish_ready plugins/cni/Orlop.Cni plugins/cni
publish_ready plugins/registry/Orlop.Registry plugins/registry
publish_ready plugins/linux-native/Orlop.Linux plugins/linux-native
publish plugins/linux-native/Orlop.Linux.Supervisor .supervisor
install -m 755 "$dist/.supervisor/orlop-supervisor" "$dist/plugins/linux-native/orlop-supervisor"
publish_ready plugins/windows-hcs/Orlop.Windows plugins/windows-hcs win-x64 # on Linux the daemon skips it by its manifest
# A file changed while we published is newer than the start, so that the next run publishes again.
mv "$started" "$stamp"
chmod 644 "$stamp"
