# Process 1 of an instance: a program as process 1 would ignore SIGTERM and leave zombies behind. Runs the program as
# its child, hands signals on, collects orphans, and ends with the program's status. That it began and how it ended goes
# to the file named by the first argument. Arguments: file, "now" or "later", command...
# "later": first waits on its input for more variables and more words of the command (StartRecord.java); where its input
# ends before, whoever prepared it is gone, and so goes it. What is read is never run as shell text.
# Its own variables have names that no program's have.
__holt_notes=$1
__holt_when=$2
shift 2
__holt_program=
__holt_pending=
__holt_hand_on() {
    __holt_again=1
    if [ -n "$__holt_program" ]; then
        kill -s "$1" "$__holt_program"
    else
        __holt_pending=$1
    fi
}
trap '__holt_hand_on TERM' TERM
trap '__holt_hand_on INT' INT
trap '__holt_hand_on HUP' HUP
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
echo started > "$__holt_notes"
"$@" < /dev/null &
__holt_program=$!
if [ -n "$__holt_pending" ]; then
    kill -s "$__holt_pending" "$__holt_program"
fi
__holt_again=1
while [ -n "$__holt_again" ]; do
    __holt_again=
    wait "$__holt_program"
    __holt_status=$?
done
echo "exit $__holt_status" >> "$__holt_notes"
exit "$__holt_status"
