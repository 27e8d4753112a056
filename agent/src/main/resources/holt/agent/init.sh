# Process 1 of an instance: a program as process 1 would ignore SIGTERM and leave zombies behind. Runs the program as
# its child, collects orphans, and ends with the program's status. That it began and how it ended goes to the file named
# by the first argument. Signals for the program are sent to it by the agent: one in the foreground needs no program in
# between that resets them. Arguments: file, "now" or "later", command...
# "later": first waits on its input for more variables and more words of the command (StartRecord.java); where its input
# ends before, whoever prepared it is gone, and so goes it. What is read is never run as shell text.
# Its own variables have names that no program's have.
__holt_notes=$1
__holt_when=$2
shift 2
if [ "$__holt_when" = later ]; then
    __holt_entry=
    while IFS= read -r __holt_line; do
        case $__holt_line in
        +*)
            __holt_entry="$__holt_entry
${__holt_line#+}"
            continue
            ;;
        esac
        case $__holt_entry in
        v:*) export "${__holt_entry#v:}" ;;
        a:*) set -- "$@" "${__holt_entry#a:}" ;;
        esac
        __holt_entry=$__holt_line
        [ "$__holt_line" != end: ] || break
    done
    [ "$__holt_entry" = end: ] || exit 0
fi
# What the shell itself would say of a killed program is not the program's output.
exec 3>&2 2>/dev/null
echo started > "$__holt_notes"
"$@" < /dev/null 2>&3 3>&-
__holt_status=$?
echo "exit $__holt_status" >> "$__holt_notes"
exit "$__holt_status"
