/* stamp: tells the time at which its main() begins, in nanoseconds of the monotonic clock. "stamp wait" then waits for
 * a signal; "stamp run PROGRAM ARGUMENT..." instead starts that program right then and waits for its end. */
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int main(int count, char **arguments)
{
	struct timespec now;
	int status = 0;
	pid_t child;

	clock_gettime(CLOCK_MONOTONIC, &now);
	dprintf(1, "stamp %lld\n", now.tv_sec * 1000000000LL + now.tv_nsec);
	if (count > 1 && strcmp(arguments[1], "wait") == 0)
		pause();
	if (count > 2 && strcmp(arguments[1], "run") == 0) {
		if (posix_spawnp(&child, arguments[2], NULL, NULL, arguments + 2, environ) != 0)
			return 127;
		waitpid(child, &status, 0);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
	}
	return 0;
}
