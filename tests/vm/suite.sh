#!/bin/bash
# Inside the virtual machine: runs tests of a published suite: suite.sh NAME FILTER
set -uo pipefail
name=$1 filter=$2
results=/orlop/artifacts/vm/results
# All a machine needs that is ten to thirty times slower than the one that the tests are written on.
export ORLOP_TEST_PATIENCE=15 VSTEST_CONNECTION_TIMEOUT=900 DOTNET_TieredPGO=0 DOTNET_ROOT=/usr/share/dotnet HOME=/root
cd /orlop

printf '\n-- %s: %s\n' "$name" "$filter"
# One after the other: a whole node is all that the machine can carry.
parallel=$([[ $name = *NodeTests ]] && echo false || echo true)
$DOTNET_ROOT/dotnet $DOTNET_ROOT/sdk/*/vstest.console.dll "artifacts/vm/tests/$name/$name.dll" --TestCaseFilter:"$filter" \
    --logger:'console;verbosity=minimal' --logger:"trx;LogFileName=$name.trx" --ResultsDirectory:$results -- \
    xUnit.ParallelizeTestCollections="$parallel" </dev/null | grep -vE '^(A total of|Results File|Starting|VSTest|$)'
code=${PIPESTATUS[0]}
counter() { sed -n "s/.*<Counters [^>]*\b$1=\"\([0-9]*\)\".*/\1/p" "$results/$name.trx"; }
[ -e "$results/$name.trx" ] || exit 1
total=$(counter total) executed=$(counter executed) passed=$(counter passed)
failed=$((executed - passed))
[ "$code" = 0 ] || [ $failed -gt 0 ] || failed=1 # a fixture that failed to clean up
echo "$name: $passed passed, $failed failed, $((total - executed)) skipped, $SECONDS s"
