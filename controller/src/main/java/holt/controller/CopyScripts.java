package holt.controller;

import java.util.List;

/**
 * What is run inside an instance to copy files: fixed scripts, whose arguments are never part of their text. The exit
 * statuses from 40 on say what is wrong with a path; the command line tells them in words. It all happens as the
 * instance's own user in its own file system, so whatever a path or an archive says, nothing else can be reached. Pure.
 */
final class CopyScripts {
    /** The best shell there is. */
    static final List<String> SHELL =
            List.of("/bin/sh", "-c", "if command -v bash > /dev/null 2>&1; then exec bash; fi; exec /bin/sh");

    /** Arguments: path. A folder is sent as what is in it, a file as itself. */
    private static final String OUT = """
            command -v tar > /dev/null 2>&1 || exit 44
            case $1 in -*) set -- "./$1" ;; esac
            [ -e "$1" ] || exit 40
            [ -r "$1" ] || exit 43
            if [ -d "$1" ]; then
                exec tar -C "$1" -cf - .
            fi
            folder=$(dirname "$1")
            name=$(basename "$1")
            exec tar -C "$folder" -chf - "./$name"
            """;

    /** Arguments: path, name, kind. What is replaced is replaced as a whole, and no link is written through. */
    private static final String IN = """
            command -v tar > /dev/null 2>&1 || exit 44
            case $1 in -*) set -- "./$1" "$2" "$3" ;; esac
            target=$1
            if [ -d "$1" ]; then
                target=${1%/}/$2
            else
                case $1 in */) exit 41 ;; esac
            fi
            folder=$(dirname "$target")
            [ -d "$folder" ] || exit 42
            if [ "$3" = folder ]; then
                if [ -L "$target" ] || { [ -e "$target" ] && [ ! -d "$target" ]; }; then exit 41; fi
                [ -d "$target" ] || mkdir "$target" || exit 43
                exec tar -C "$target" -xpof -
            fi
            [ -d "$target" ] && exit 45
            [ -w "$folder" ] || exit 43
            part=$(mktemp -d "$folder/.holt-XXXXXX") || exit 43
            trap 'rm -rf "$part"' EXIT
            trap 'exit 143' TERM HUP INT
            tar -C "$part" -xpof - && mv -f "$part/file" "$target"
            """;

    private CopyScripts() {}

    static List<String> out(String path) {
        return List.of("/bin/sh", "-c", OUT, "holt-copy", path);
    }

    static List<String> in(String path, String name, boolean folder) {
        return List.of("/bin/sh", "-c", IN, "holt-copy", path, name, folder ? "folder" : "file");
    }
}
