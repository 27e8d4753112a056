# Sourced by holt and bench/run: builds the platform once, and again when a source file is newer than the build.
# POSIX sh. Expects $root, JAVA_HOME and scripts/environment.sh.

build=${root:?the script that sources this sets it}/.holt-build
modules="model kernel bus store identity agent stager router controller cli simulator server"

is_built() {
    [ -f "$build/stamp" ] && [ -f "$build/classpath" ] || return 1
    [ "$(cat "$build/jdk" 2>/dev/null)" = "$JAVA_HOME" ] || return 1
    sources=
    for module in $modules; do sources="$sources $module/src/main $module/pom.xml"; done
    # shellcheck disable=SC2086 # our own module names, without blanks
    newer=$(cd "$root" && find $sources pom.xml -type f -newer "$build/stamp" -print 2>/dev/null | head -n 1)
    [ -z "$newer" ]
}

# Shows what Maven is at, one line that is rewritten on a terminal, a line a module elsewhere.
show_progress() {
    awk -v tty="$1" '
        match($0, /Building Holt [a-z]+ .*\[[0-9]+\/[0-9]+\]/) {
            line = substr($0, RSTART + 9, RLENGTH - 9); sub(/ [0-9.]+ +/, " ", line)
            if (tty) printf "\r\033[K  building %s", line; else printf "  building %s\n", line
            fflush()
        }
        END { if (tty) printf "\r\033[K" }'
}

build_platform() {
    is_built && return 0
    need_commands "required: Maven 3.8 or newer builds Holt" mvn=maven
    need_commands "required: two builds must not get into each other's way" flock=util-linux
    mkdir -p "$build"
    # Whoever comes second waits here, and finds it built. The lock ends with the subshell, whatever happens in it.
    ( flock 9 && { is_built || build_now; } ) 9>"$build/lock" || exit 1
}

build_now() {
    say "holt: building (once, for a few minutes; later starts skip this)"
    started=$(date +%s)
    tty=0
    [ -t 2 ] && tty=1
    log=$build/build.log
    rm -rf "$build/stamp" "$build/lib.next"
    touch "$build/stamp.next"
    ( cd "$root" && mvn -B -ntp -Dstyle.color=never -T 1C -Dmaven.test.skip=true -Dspotless.check.skip=true -pl server -am package \
        dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$build/lib.next" 2>&1; echo "maven-exit $?" ) \
        | tee "$log" | show_progress "$tty" >&2
    if ! tail -n 1 "$log" | grep -q 'maven-exit 0$'; then
        grep -E '^\[ERROR\]' "$log" | head -n 20 >&2
        fail "the build failed; all of it is in $log"
    fi
    cp "$root"/server/target/holt-server-*.jar "$build/lib.next/"
    rm -rf "${build:?}/lib" && mv "$build/lib.next" "$build/lib"
    write_classpath
    printf '%s' "$JAVA_HOME" >"$build/jdk"
    warm_up
    mv "$build/stamp.next" "$build/stamp"
    say "holt: built in $(($(date +%s) - started)) s"
}

# The command line's own jars first: most starts need only those.
write_classpath() {
    first=
    rest=
    for jar in "$build"/lib/*.jar; do
        case "${jar##*/}" in
        holt-server-* | holt-cli-* | holt-model-* | picocli-* | jackson-*) first="$first$jar:" ;;
        *) rest="$rest$jar:" ;;
        esac
    done
    printf '%s%s' "$first" "${rest%:}" >"$build/classpath"
}

# Two ahead-of-time caches (JEP 514): one for the command line, one for the server. Without them all works, slower.
warm_up() {
    say "holt: preparing quick starts"
    rm -f "$build"/*.aot
    "$JAVA_HOME/bin/java" -cp "$(cat "$build/classpath")" holt.server.WarmUp "$build" >"$build/warm-up.log" 2>&1 ||
        say "holt: quick starts could not be prepared, starts take a second longer (why: $build/warm-up.log)"
}
