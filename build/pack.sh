#!/bin/bash
# Makes the packages that vendors build against, in artifacts/packages (or the folder given).
#   build/pack.sh [--version V] [--baseline V] [FOLDER]
#   --version    the packages' version; without it that of Directory.Build.props
#   --baseline   a released version of Orlop.Abstractions: packing fails where this one would break its plugins
set -euo pipefail
cd "$(dirname "$0")/.."

folder=artifacts/packages options=()
while [ $# -gt 0 ]; do
    case $1 in
        --version) options+=("-p:PackageVersion=${2:?--version needs a value}"); shift 2 ;;
        --baseline) options+=("-p:PackageValidationBaselineVersion=${2:?--baseline needs a value}"); shift 2 ;;
        -*) echo "pack: unknown option $1; usage: build/pack.sh [--version V] [--baseline V] [FOLDER]" >&2; exit 2 ;;
        *) folder=$1; shift ;;
    esac
done

folder=$(realpath -m "$folder")
for project in abstractions/Orlop.Abstractions abstractions/Orlop.PluginContracts templates/Orlop.Templates; do
    dotnet pack "$project" --configuration Release --verbosity quiet --nologo --output "$folder" "${options[@]}"
done
ls "$folder"/*.nupkg
