# Adds up the line coverage of several cobertura files: a line counts once, and is covered when any suite ran it.
match($0, /filename="[^"]*"/) { file = substr($0, RSTART + 10, RLENGTH - 11); sub(/.*\/(abstractions|host|cli|plugins)\//, "&", file) }
match($0, /<line number="[0-9]+" hits="[0-9]+"/) {
    split(substr($0, RSTART, RLENGTH), part, "\"")
    key = file ":" part[2]
    if (!(key in hits)) { total++; hits[key] = 0 }
    if (part[4] > 0 && !hits[key]) { hits[key] = 1; covered++ }
}
END { if (total > 0) printf "line coverage of the suites' own processes: %.1f %% (%d of %d lines)\n", 100 * covered / total, covered, total }
