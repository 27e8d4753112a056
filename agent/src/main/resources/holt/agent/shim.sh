# Stands between the agent and one instance, so that neither needs the other to live: runs the instance in the
# foreground, keeps its output, and leaves its exit status behind. Arguments: folder, command...
# A complete exit file ends with a line end; until then it is not there for its reader.
umask 077
folder=$1
shift
read -r self < /proc/$$/stat
echo "$self" > "$folder/shim"
# Handlers, not "ignore": ignored signals would be inherited by the instance.
trap : HUP INT QUIT TERM
"$@" < /dev/null >> "$folder/log/out" 2>> "$folder/log/err"
echo "$?" > "$folder/exit"
