#!/bin/bash
# Writes the public members of Orlop.Abstractions that no release has shipped into PublicAPI.Unshipped.txt. Its diff is
# what reviewers read; a member of PublicAPI.Shipped.txt that is gone or changed stays an error of the build.
set -euo pipefail
cd "$(dirname "$0")/../abstractions/Orlop.Abstractions"
list=PublicAPI.Unshipped.txt
echo '#nullable enable' >$list
dotnet build --configuration Release --verbosity quiet --nologo 2>&1 |
    sed -nE "s/.*error RS0016: Symbol '(.*)' is not part of the declared public API.*/\1/p" | LC_ALL=C sort -u >>$list || true
dotnet build --configuration Release --verbosity quiet --nologo
