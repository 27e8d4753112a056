# Process 1 of an instance: a program as process 1 would ignore SIGTERM and leave zombies behind. Runs the program as
# its child, hands signals on, collects orphans, and ends with the program's status. What it knows of the end goes to
# the file named by the first argument. Arguments: file, command...
notes=$1
shift
program=
pending=
hand_on() {
    interrupted=1
    if [ -n "$program" ]; then
        kill -s "$1" "$program"
    else
        pending=$1
    fi
}
trap 'hand_on TERM' TERM
trap 'hand_on INT' INT
trap 'hand_on HUP' HUP
echo started > "$notes"
"$@" &
program=$!
if [ -n "$pending" ]; then
    kill -s "$pending" "$program"
fi
interrupted=1
while [ -n "$interrupted" ]; do
    interrupted=
    wait "$program"
    status=$?
done
if [ "$status" -ne 0 ]; then
    for file in /sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events; do
        if [ -r "$file" ]; then
            while read -r key value; do
                if [ "$key" = oom_kill ]; then
                    echo "oom_kill $value" >> "$notes"
                fi
            done < "$file"
        fi
    done
fi
exit "$status"
