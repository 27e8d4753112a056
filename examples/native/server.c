/* The smallest server worth measuring: one thread, epoll, the same 200 to every request, keep-alive. */
#define _GNU_SOURCE /* accept4 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const char ANSWER[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\nHello from native C\n\n";
static unsigned char matched[65536]; /* by descriptor: how much of the blank line after the headers was seen */

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void end(int signal) {
    (void)signal;
    _exit(0);
}

/* Answers each "\r\n\r\n" in what came; requests with bodies are not expected here. */
static int serve(int fd) {
    char in[4096];
    ssize_t got = read(fd, in, sizeof in);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    for (ssize_t i = 0; i < got; i++) {
        matched[fd] = in[i] == "\r\n\r\n"[matched[fd]] ? matched[fd] + 1 : in[i] == '\r';
        if (matched[fd] == 4) {
            matched[fd] = 0;
            if (write(fd, ANSWER, sizeof ANSWER - 1) != (ssize_t)sizeof ANSWER - 1) return 0;
        }
    }
    return 1;
}

static int listening(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = INADDR_ANY};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0) fail("bind");
    if (listen(fd, 1024) < 0) fail("listen");
    return fd;
}

static void watch(int epoll, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

static void take_all(int epoll, int server) {
    int fd, on = 1;
    while ((fd = accept4(server, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= (int)sizeof matched) { close(fd); continue; }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        matched[fd] = 0;
        watch(epoll, fd);
    }
}

int main(void) {
    const char *port = getenv("PORT");
    int server = listening(port ? atoi(port) : 8080), epoll = epoll_create1(0);
    signal(SIGTERM, end);
    signal(SIGPIPE, SIG_IGN);
    watch(epoll, server);
    printf("listening at port %s\n", port ? port : "8080");
    fflush(stdout);
    for (struct epoll_event events[64];;) {
        int ready = epoll_wait(epoll, events, 64, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == server) take_all(epoll, server);
            else if (!serve(fd)) close(fd);
        }
    }
}
