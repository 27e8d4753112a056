# Sourced by holt, verify and bench/run: finds JDK 25 and what else the project needs, installs what is missing where it
# may, and otherwise says exactly what to run. POSIX sh. Expects $root to be the project's folder.

say() { printf '%s\n' "$*" >&2; }
fail() { say "holt: $*"; exit 1; }

# Prints the major version of the JDK in a folder, by its release file: no JVM is started for it.
jdk_major() {
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null | head -n 1
}

is_jdk() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ "$(jdk_major "$1")" -ge 25 ] 2>/dev/null
}

# Sets JAVA_HOME: the one that is set, then the java in PATH, then Debian's folder of JDKs.
find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && is_jdk "$JAVA_HOME"; then
        export JAVA_HOME
        return 0
    fi
    on_path=$(command -v javac 2>/dev/null || true)
    if [ -n "$on_path" ]; then
        candidate=$(dirname "$(dirname "$(readlink -f "$on_path")")")
        if is_jdk "$candidate"; then
            JAVA_HOME=$candidate
            export JAVA_HOME
            return 0
        fi
    fi
    for candidate in /usr/lib/jvm/*; do
        if is_jdk "$candidate"; then
            JAVA_HOME=$candidate
            export JAVA_HOME
            return 0
        fi
    done
    return 1
}

need_jdk() {
    find_jdk && return 0
    if may_install; then
        for package in temurin-25-jdk openjdk-25-jdk-headless; do
            if apt-cache show "$package" >/dev/null 2>&1; then
                install_packages "$package" && find_jdk && return 0
            fi
        done
    fi
    fail "JDK 25 or newer is needed, and none was found in JAVA_HOME (${JAVA_HOME:-not set}), PATH or /usr/lib/jvm.
      Install one, for example:  apt-get install temurin-25-jdk   (or openjdk-25-jdk-headless)
      or unpack a JDK 25 anywhere and set JAVA_HOME to its folder."
}

may_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}

# Installs Debian packages by name, without ever starting the services that some of them bring.
install_packages() {
    say "holt: installing $*"
    log=$(mktemp)
    policy=/usr/sbin/policy-rc.d
    made_policy=
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made_policy=yes
    fi
    status=0
    if ! DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >"$log" 2>&1; then
        apt-get update >>"$log" 2>&1 || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1 || status=$?
    fi
    [ -z "$made_policy" ] || rm -f "$policy"
    if [ "$status" != 0 ]; then
        tail -n 5 "$log" >&2
        say "holt: could not install $* (all of it: $log)"
        return 1
    fi
    rm -f "$log"
}

# need_commands REASON command=package ...: installs the packages whose commands are not there. Where it may not, it
# says what to run, and fails only when REASON begins with "required".
need_commands() {
    reason=$1
    shift
    missing=
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null 2>&1 || missing="$missing ${pair#*=}"
    done
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # the list is ours, and each word is a package
    if may_install && install_packages $missing; then
        return 0
    fi
    case "$reason" in
    required*) fail "$reason. Run as root:  apt-get install$missing" ;;
    *) say "holt: $reason. Run as root for it:  apt-get install$missing" ;;
    esac
}
