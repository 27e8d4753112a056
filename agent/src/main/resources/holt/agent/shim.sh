# Stands between the agent and one instance, so that neither needs the other to live: runs the instance in the
# foreground, keeps its output, and leaves its exit status behind. Arguments: folder, command...
# A complete exit file ends with a line end; until then it is not there for its reader.
# What the instance makes is for it to close; the folder itself is closed to others already.
umask 022
folder=$1
shift
read -r self < /proc/$$/stat
echo "$self" > "$folder/shim"
# Handlers, not "ignore": ignored signals would be inherited by the instance.
trap : HUP INT QUIT TERM
"$@" < /dev/null >> "$folder/log/out" 2>> "$folder/log/err"
echo "$?" > "$folder/exit"
