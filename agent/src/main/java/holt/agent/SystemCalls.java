package holt.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which calls of the kernel an instance may make, as a filter in the form of the OCI runtime specification. What is
 * listed as usual is allowed; what could change the machine is refused as not permitted; what nobody here knows is
 * answered as a call this kernel has not, so that programs fall back to an older one. Pure.
 */
final class SystemCalls {
    private static final String ALLOW = "SCMP_ACT_ALLOW";
    private static final String ERROR = "SCMP_ACT_ERRNO";
    private static final int NOT_PERMITTED = 1;
    private static final int NO_SUCH_CALL = 38;
    /** Mount, cgroup, uts, ipc, user, pid and network namespaces, as flags of clone. */
    private static final long NEW_NAMESPACES = 0x7E020000L;

    private static final List<Long> SOCKET_FAMILIES = List.of(1L, 2L, 10L, 16L); // unix, IPv4, IPv6, netlink
    private static final List<Long> PERSONALITIES = List.of(0L, 8L, 0x20000L, 0x20008L, 0xFFFFFFFFL);

    private static final String FILES = """
            access chdir chmod chown chown32 close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2
            fadvise64 fallocate fchdir fchmod fchmodat fchown fchown32 fchownat fcntl fcntl64 fdatasync
            fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate
            ftruncate64 futimesat getcwd getdents getdents64 getxattr inotify_add_watch inotify_init inotify_init1
            inotify_rm_watch ioctl lchown lchown32 lgetxattr link linkat listxattr llistxattr llseek lremovexattr lseek
            lsetxattr lstat lstat64 mkdir mkdirat mknod mknodat name_to_handle_at newfstatat open openat openat2 pread64
            preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv removexattr rename renameat
            renameat2 rmdir sendfile sendfile64 setxattr splice stat stat64 statfs statfs64 statx symlink symlinkat sync
            sync_file_range syncfs tee truncate truncate64 umask unlink unlinkat utime utimensat utimes vmsplice write
            writev""";
    private static final String MEMORY = """
            brk get_mempolicy madvise mbind membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2
            mprotect mremap msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect process_madvise
            process_mrelease remap_file_pages set_mempolicy""";
    private static final String PROCESSES = """
            alarm arch_prctl capget capset execve execveat exit exit_group fork futex futex_waitv getcpu getegid getegid32
            geteuid geteuid32 getgid getgid32 getgroups getgroups32 getitimer getpgid getpgrp getpid getppid getpriority
            getresgid getresgid32 getresuid getresuid32 getrlimit getrusage getsid gettid getuid getuid32 get_robust_list
            get_thread_area ioprio_get ioprio_set kcmp kill landlock_add_rule landlock_create_ruleset
            landlock_restrict_self pause pidfd_getfd pidfd_open pidfd_send_signal prctl prlimit64 process_vm_readv
            process_vm_writev ptrace restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
            rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min
            sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity
            sched_setattr sched_setparam sched_setscheduler sched_yield seccomp set_robust_list set_thread_area
            set_tid_address setfsgid setfsuid setgid setgroups setitimer setpgid setpriority setregid setresgid setresuid
            setreuid setrlimit setsid setuid sigaltstack signalfd signalfd4 sigreturn tgkill time times tkill ugetrlimit
            vfork wait4 waitid""";
    private static final String COMMUNICATION = """
            accept accept4 bind connect epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd
            eventfd2 getpeername getsockname getsockopt io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit
            listen mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd
            pipe pipe2 poll ppoll pselect6 recvfrom recvmmsg recvmsg select semctl semget semop semtimedop sendmmsg
            sendmsg sendto setsockopt shmat shmctl shmdt shmget shutdown socketpair""";
    private static final String TIME_AND_SYSTEM = """
            clock_getres clock_gettime clock_nanosleep getrandom gettimeofday nanosleep sysinfo timer_create timer_delete
            timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime uname""";

    /** No application needs them, and some have opened kernels before. */
    private static final List<String> REFUSED = names("""
            acct add_key adjtimex bpf chroot clock_adjtime clock_settime delete_module fanotify_init fanotify_mark
            finit_module fsconfig fsmount fsopen fspick init_module io_uring_enter io_uring_register io_uring_setup
            ioperm iopl kexec_file_load kexec_load keyctl lookup_dcookie migrate_pages modify_ldt mount mount_setattr
            move_mount move_pages nfsservctl open_by_handle_at open_tree perf_event_open pivot_root quotactl quotactl_fd
            reboot request_key setdomainname sethostname setns settimeofday swapoff swapon sysfs syslog umount umount2
            unshare uselib userfaultfd ustat vhangup""");

    private SystemCalls() {}

    /** The calls that are allowed whatever their arguments are. */
    static List<String> usual() {
        return names(String.join(" ", FILES, MEMORY, PROCESSES, COMMUNICATION, TIME_AND_SYSTEM));
    }

    static List<String> refused() {
        return REFUSED;
    }

    static Map<String, Object> filter() {
        List<Object> rules = new ArrayList<>();
        rules.add(Map.of("names", usual(), "action", ALLOW));
        rules.add(error(REFUSED, NOT_PERMITTED));
        // Its flags lie in memory, where a filter cannot look; the C library falls back to clone.
        rules.add(error(List.of("clone3"), NO_SUCH_CALL));
        rules.add(allow("clone", 0, NEW_NAMESPACES, 0));
        for (long family : SOCKET_FAMILIES) {
            rules.add(allow("socket", family));
        }
        for (long personality : PERSONALITIES) {
            rules.add(allow("personality", personality));
        }
        return Map.of("defaultAction", ERROR, "defaultErrnoRet", NO_SUCH_CALL, "syscalls", rules);
    }

    private static Map<String, Object> error(List<String> names, int number) {
        return Map.of("names", names, "action", ERROR, "errnoRet", number);
    }

    private static Map<String, Object> allow(String name, long value) {
        return Map.of(
                "names",
                List.of(name),
                "action",
                ALLOW,
                "args",
                List.of(Map.of("index", 0, "value", value, "op", "SCMP_CMP_EQ")));
    }

    private static Map<String, Object> allow(String name, int index, long mask, long value) {
        return Map.of(
                "names",
                List.of(name),
                "action",
                ALLOW,
                "args",
                List.of(Map.of("index", index, "value", mask, "valueTwo", value, "op", "SCMP_CMP_MASKED_EQ")));
    }

    private static List<String> names(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
