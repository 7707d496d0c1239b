#!/bin/bash
# Writes the public members of Orlop.Abstractions that no release has shipped into PublicAPI.Unshipped.txt. Its diff is
# what reviewers read; a member of PublicAPI.Shipped.txt that is gone or changed stays an error of the build.
set -euo pipefail
cd "$(dirname "$0")/../abstractions/Orlop.Abstractions"
list=PublicAPI.Unshipped.txt
before=$(cat $list)
build() { dotnet build --configuration Release --verbosity quiet --nologo; }

echo '#nullable enable' >$list
errors=$(build 2>&1 || true)
if grep -q 'error CS' <<<"$errors"; then
    echo "$before" >$list
    grep 'error CS' <<<"$errors" | sort -u >&2
    exit 1
fi
sed -nE "s/.*error RS0016: Symbol '(.*)' is not part of the declared public API.*/\1/p" <<<"$errors" | LC_ALL=C sort -u >>$list
build
