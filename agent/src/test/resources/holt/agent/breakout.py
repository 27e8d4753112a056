"""Tries to get out of an instance, in one way a call: breakout.py WAY [ARGUMENT...].

Prints a line "ESCAPED ..." for each thing that worked and must not, and at last "tried N".
"""
import ctypes
import errno
import os
import signal
import socket
import struct
import subprocess
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
tried = 0


def attempt(what, action):
    """The action must fail, with an OSError or a result that says so."""
    global tried
    tried += 1
    try:
        result = action()
    except (OSError, ValueError, OverflowError, socket.timeout) as refused:
        print("held", what, "-", refused)
        return
    if not result:
        print("held", what)
    else:
        print("ESCAPED", what, repr(result)[:200])


def call(name, *arguments):
    """A function of the C library that must fail; its result otherwise."""
    result = getattr(LIBC, name)(*arguments)
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "%s gave %d" % (name, result)


def syscall(number, *arguments):
    result = LIBC.syscall(ctypes.c_long(number), *arguments)
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "call %d gave %d" % (number, result)


def read(path):
    with open(path, "rb") as file:
        return file.read(64)


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    return "wrote " + path


def connect(address, port, family=socket.AF_INET):
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(1)
        sock.connect((address, int(port)))
    return "connected"


def processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def files(*paths):
    """Paths of the host that must not be seen, and what is never readable."""
    for path in paths:
        attempt("look at " + path, lambda: os.path.lexists(path))
        for pid in processes():
            attempt("through %d's root" % pid, lambda: os.path.lexists("/proc/%d/root%s" % (pid, path)))
            attempt("through %d's folder" % pid, lambda: os.path.lexists("/proc/%d/cwd/../%s" % (pid, path)))
    for path in ["/etc/shadow", "/etc/gshadow", "/proc/kcore", "/proc/kmsg", "/proc/keys", "/root/.ssh/id_rsa",
                 "/proc/config.gz", "/proc/timer_list", "/dev/mem", "/dev/kmsg", "/run/holt", "/dev/sda", "/dev/vda"]:
        if path != "/run/holt":
            attempt("read " + path, lambda: read(path))
    for path in ["/usr/planted", "/bin/planted", "/etc/planted", "/planted", "/run/planted", "/var/planted",
                 "/home/planted", "/sys/planted", "/dev/planted"]:
        attempt("write " + path, lambda: write(path, "x"))


def others(*pids):
    attempt("see many processes", lambda: len(processes()) > 12)
    for pid in map(int, pids):
        attempt("environment of %d" % pid, lambda: read("/proc/%d/environ" % pid))
        attempt("kill %d" % pid, lambda: os.kill(pid, signal.SIGKILL) or "killed")
        attempt("attach to %d" % pid, lambda: syscall(101, 16, pid, None, None))
        attempt("pidfd of %d" % pid, lambda: syscall(434, pid, 0))
    attempt("slow others down", lambda: os.setpriority(os.PRIO_PROCESS, os.getpid(), -10) or "done")
    attempt("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)) or "done")


def network(*targets):
    """Targets as ADDRESS/PORT that must not answer."""
    for target in targets:
        address, port = target.rsplit("/", 1)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        attempt("reach " + target, lambda: connect(address, port, family))
    attempt("reach the metadata", lambda: connect("169.254.169.254", 80))
    attempt("raw socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
    attempt("packet socket", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3))
    attempt("vsock", lambda: socket.socket(40, socket.SOCK_STREAM))
    attempt("kernel crypto", lambda: socket.socket(38, socket.SOCK_SEQPACKET))
    attempt("own addresses", lambda: subprocess.run(
        ["ip", "addr", "add", "10.9.9.9/8", "dev", "eth0"], capture_output=True).returncode == 0)
    attempt("own speed", lambda: subprocess.run(
        ["tc", "qdisc", "del", "dev", "eth0", "root"], capture_output=True).returncode == 0)
    attempt("own rules", lambda: subprocess.run(["nft", "list", "ruleset"], capture_output=True).stdout)
    attempt("abstract sockets of the host", lambda: [
        line for line in open("/proc/net/unix").read().splitlines() if "@/" in line])


def spoof(address, target, port):
    """Says to be another address."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    attempt("bind to " + address, lambda: sock.bind((address, 0)) or "bound")
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IP, 15, 1)  # IP_FREEBIND
    attempt("send as " + address, lambda: sock.bind((address, 0)) or sock.sendto(b"x", (target, int(port))))
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    attempt("transparent", lambda: sock.setsockopt(socket.IPPROTO_IP, 19, 1) or "set")


def kernel():
    none = ctypes.c_void_p(None)
    attempt("mount tmpfs", lambda: call("mount", b"x", b"/tmp", b"tmpfs", 0, none))
    attempt("mount proc", lambda: call("mount", b"proc", b"/tmp", b"proc", 0, none))
    attempt("remount", lambda: call("mount", none, b"/usr", none, 32 | 4096, none))
    attempt("unmount", lambda: call("umount2", b"/app", 2))
    for name, flag in [("user", 0x10000000), ("mount", 0x20000), ("net", 0x40000000), ("pid", 0x20000000),
                       ("ipc", 0x8000000), ("uts", 0x4000000), ("cgroup", 0x2000000)]:
        attempt("unshare " + name, lambda: call("unshare", flag))
        attempt("clone " + name, lambda: syscall(56, ctypes.c_long(flag | 17), none, none, none, none))
    attempt("clone3", lambda: syscall(435, none, 88))
    attempt("enter a namespace", lambda: call("setns", os.open("/proc/1/ns/net", os.O_RDONLY), 0))
    attempt("chroot", lambda: os.chroot("/tmp") or "done")
    attempt("pivot", lambda: syscall(155, b"/tmp", b"/tmp"))
    attempt("device c", lambda: os.mknod("/tmp/mem", 0o20666, os.makedev(1, 1)) or read("/tmp/mem"))
    attempt("device b", lambda: os.mknod("/tmp/disk", 0o60666, os.makedev(254, 0)) or read("/tmp/disk"))
    attempt("device in the layer", lambda: os.mknod("/app/disk", 0o60666, os.makedev(254, 0)) or "made")
    attempt("open by handle", lambda: syscall(304, -100, none, 0))
    attempt("keys", lambda: syscall(250, 0, -3, 1))
    attempt("add a key", lambda: syscall(248, b"user", b"x", b"y", 1, -3))
    attempt("bpf", lambda: syscall(321, 0, none, 0))
    attempt("perf", lambda: syscall(298, none, 0, -1, -1, 0))
    attempt("io_uring", lambda: syscall(425, 8, ctypes.create_string_buffer(120)))
    attempt("userfaultfd", lambda: syscall(323, 0))
    attempt("modules", lambda: syscall(313, 0, b"", 0))
    attempt("kexec", lambda: syscall(246, 0, 0, none, 0))
    attempt("reboot", lambda: syscall(169, 0xfee1dead, 672274793, 0, none))
    attempt("host name", lambda: socket.sethostname("other") or "done")
    attempt("clock", lambda: syscall(227, 0, ctypes.create_string_buffer(16)))
    attempt("quota", lambda: syscall(179, 0x800002, b"/dev/vda", 0, none))
    attempt("new mounts", lambda: syscall(430, b"tmpfs", 0))
    attempt("kernel log", lambda: syscall(103, 3, ctypes.create_string_buffer(64), 64))
    attempt("fanotify", lambda: syscall(300, 0, 0))
    attempt("swap", lambda: syscall(167, b"/tmp/x", 0))
    attempt("a call nobody knows", lambda: syscall(999))
    attempt("32 bit calls", lambda: os.WIFSTOPPED(1) and syscall(0x40000000 | 39))


def privileges():
    status = open("/proc/self/status").read()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    for name in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]:
        attempt(name, lambda: int(fields[name], 16) != 0)
    attempt("new privileges", lambda: fields["NoNewPrivs"] != "1")
    attempt("seccomp", lambda: fields["Seccomp"] != "2")
    attempt("root", lambda: os.getuid() == 0)
    attempt("setuid", lambda: os.setuid(0) or "done")
    attempt("groups", lambda: os.setgroups([0]) or "done")
    for command in [["su", "-c", "id"], ["sudo", "-n", "id"], ["mount", "-t", "tmpfs", "x", "/tmp"], ["newgrp", "root"],
                    ["passwd", "-d", "root"], ["unshare", "-r", "id"], ["nsenter", "-t", "1", "-a", "id"]]:
        try:
            ended = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=5)
            attempt(" ".join(command), lambda: ended.returncode == 0 and b"uid=0" in ended.stdout or
                    command[0] == "mount" and ended.returncode == 0)
        except (FileNotFoundError, PermissionError) as gone:
            print("held", command, gone)
    os.system("cp /bin/busybox /tmp/up 2>/dev/null; cp /bin/sh /app/up; chmod 4755 /tmp/up /app/up")
    attempt("own setuid", lambda: b"uid=0" in subprocess.run(["/app/up", "-p", "-c", "id"], capture_output=True).stdout)


def control():
    for path in ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/panic_on_oom",
                 "/proc/sys/net/ipv4/ip_forward", "/proc/sysrq-trigger", "/proc/irq/0/smp_affinity",
                 "/sys/kernel/uevent_helper", "/sys/power/state", "/sys/block/vda/queue/scheduler",
                 "/proc/1/oom_score_adj", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                 "/sys/fs/cgroup/memory/cgroup.procs", "/sys/fs/cgroup/pids/pids.max",
                 "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/devices/devices.allow",
                 "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/release_agent",
                 "/sys/fs/cgroup/memory/release_agent", "/sys/fs/cgroup/memory/notify_on_release"]:
        attempt("write " + path, lambda: write(path, "-17" if path.endswith("adj") else "1"))
    attempt("group of my own", lambda: os.mkdir("/sys/fs/cgroup/memory/own") or "made")
    attempt("see other groups", lambda: [name for name in os.listdir("/sys/fs/cgroup/memory")
                                         if name.startswith("holt")])
    import resource
    attempt("more files", lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 20, 1 << 20)) or "set")
    attempt("terminal", lambda: __import__("fcntl").ioctl(os.open("/dev/tty", os.O_RDWR), 0x5412, b"x"))
    allowed = {"null", "zero", "full", "random", "urandom", "tty", "console", "ptmx", "pts", "shm", "mqueue", "fd",
               "stdin", "stdout", "stderr", "core"}
    attempt("devices", lambda: sorted(set(os.listdir("/dev")) - allowed))


def forks():
    children = 0
    try:
        while children < 5000:
            if os.fork() == 0:
                signal.pause()
            children += 1
    except OSError as full:
        print("held after", children, full)
    attempt("as many processes as I like", lambda: children >= 5000)
    os.kill(0, signal.SIGTERM) if False else None
    sys.stdout.flush()


def memory(where):
    """Takes memory until it is ended."""
    block = bytes(1 << 20)
    if where == "heap":
        held = []
        while True:
            held.append(bytearray(block))
            held[-1][::4096] = b"x" * 256
    with open(where + "/bomb", "wb", buffering=0) as file:
        for _ in range(4096):
            file.write(block)
    print("ESCAPED: wrote 4 GiB to", where)


def disk(where):
    block = os.urandom(1 << 20)
    written = 0
    try:
        with open(where + "/fill", "wb", buffering=0) as file:
            while written < 4 << 30:
                written += file.write(block)
    except OSError as full:
        print("held after", written >> 20, "MiB:", errno.errorcode[full.errno])
    attempt("4 GiB of disk", lambda: written >= 4 << 30)
    made = 0
    try:
        os.mkdir(where + "/many")
        while made < 2000000:
            os.mknod(where + "/many/%d" % made)
            made += 1
    except OSError as full:
        print("held after", made, "names:", errno.errorcode[full.errno])
    attempt("two million names", lambda: made >= 2000000)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    print("tried", tried, flush=True)
