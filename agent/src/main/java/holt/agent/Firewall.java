package holt.agent;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which way packets of a platform's instances may go: out of this host through address translation, in from this host,
 * and between instances of one group. Nothing else: not to this host, not to other groups or platforms, not to addresses
 * at which clouds tell secrets, and not under another's address. The rules are nftables' and stay when the agent ends.
 *
 * <p>Each address belongs to a group, known to the rules as a mark; two addresses reach each other where both have the
 * same. The kernel is only told of groups with two or more addresses here, behind the start, many changes at once. Any
 * thread; guarded by its lock, and one thread at a time tells the kernel.
 */
final class Firewall {
    private static final System.Logger LOG = System.getLogger(Firewall.class.getName());
    /** Link-local, and what some clouds use besides it. Name servers there stay in reach. */
    private static final String METADATA = "169.254.0.0/16, 100.100.100.200, 168.63.129.16, 192.0.0.192";

    private final String table;
    private final String links;
    private final String network;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock telling = new ReentrantLock();
    private final Map<String, Long> groups = new HashMap<>();
    private final Map<Long, Set<String>> members = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private boolean scheduled;

    /** What the kernel knows; owned by whoever tells it. */
    private final Map<String, Long> told = new HashMap<>();

    /**
     * @param platform names the rules
     * @param links of the instances on this host, a name that may end in an asterisk
     * @param network range of the instances' addresses
     */
    Firewall(String platform, String links, String network) {
        this.table = "inet holt-" + platform;
        this.links = links;
        this.network = network;
    }

    /** Makes the rules anew, at one stroke, with the instances that live: address to group. */
    void make(Map<String, Long> living) throws IOException {
        telling.lock();
        try {
            living.forEach(this::put);
            lock.lock();
            try {
                changed.clear();
                groups.forEach((address, group) -> {
                    if (isShared(group)) {
                        told.put(address, group);
                    }
                });
            } finally {
                lock.unlock();
            }
            Tool.check(List.of("nft", "-f", "-"), rules() + elements("add", told));
        } finally {
            telling.unlock();
        }
    }

    /** The address is that of an instance of this group. */
    void join(String address, long group) {
        lock.lock();
        try {
            put(address, group);
            schedule();
        } finally {
            lock.unlock();
        }
    }

    /** The instance of this address has ended. */
    void leave(String address) {
        lock.lock();
        try {
            Long group = groups.remove(address);
            if (group != null) {
                Set<String> rest = members.getOrDefault(group, Set.of());
                rest.remove(address);
                changed.add(address);
                changed.addAll(rest.size() == 1 ? rest : Set.of());
                if (rest.isEmpty()) {
                    members.remove(group);
                }
                schedule();
            }
        } finally {
            lock.unlock();
        }
    }

    private void put(String address, long group) {
        lock.lock();
        try {
            groups.put(address, group);
            Set<String> all = members.computeIfAbsent(group, unused -> new HashSet<>());
            all.add(address);
            changed.addAll(all.size() == 2 ? all : Set.of(address));
        } finally {
            lock.unlock();
        }
    }

    private boolean isShared(long group) {
        return members.getOrDefault(group, Set.of()).size() > 1;
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            Thread.startVirtualThread(this::tell);
        }
    }

    private void tell() {
        telling.lock();
        try {
            Map<String, Long> gone = new TreeMap<>();
            Map<String, Long> fresh = new TreeMap<>();
            Set<String> seen = difference(gone, fresh);
            if (gone.isEmpty() && fresh.isEmpty()) {
                return;
            }
            try {
                Tool.check(List.of("nft", "-f", "-"), elements("delete", gone) + elements("add", fresh));
                told.keySet().removeAll(gone.keySet());
                told.putAll(fresh);
            } catch (IOException fault) {
                LOG.log(System.Logger.Level.ERROR, "event=groups-not-told table=\"" + table + "\"", fault);
                repeatLater(seen);
            }
        } finally {
            telling.unlock();
        }
    }

    /** What the kernel has too much of and what it lacks, of all that has changed since it was last asked. */
    private Set<String> difference(Map<String, Long> gone, Map<String, Long> fresh) {
        lock.lock();
        try {
            scheduled = false;
            Set<String> seen = Set.copyOf(changed);
            changed.clear();
            for (String address : seen) {
                @Nullable Long group = groups.get(address);
                @Nullable Long wanted = group == null || !isShared(group) ? null : group;
                @Nullable Long present = told.get(address);
                if (present != null && !present.equals(wanted)) {
                    gone.put(address, present);
                }
                if (wanted != null && !wanted.equals(present)) {
                    fresh.put(address, wanted);
                }
            }
            return seen;
        } finally {
            lock.unlock();
        }
    }

    /** The next change brings these along. */
    private void repeatLater(Set<String> addresses) {
        lock.lock();
        try {
            changed.addAll(addresses);
        } finally {
            lock.unlock();
        }
    }

    private String elements(String verb, Map<String, Long> addresses) {
        StringBuilder text = new StringBuilder();
        addresses.forEach((address, group) -> text.append("""
                %1$s element %2$s groups { %3$s : %4$d }
                %1$s element %2$s members { %3$s . %4$d }
                """.formatted(verb, table, address, mark(group))));
        return text.toString();
    }

    /** Group ids are pids, small and never used again: the lower half of one stands for it. */
    private static long mark(long group) {
        return group & 0xFFFF_FFFFL;
    }

    private String rules() {
        return """
                table %1$s
                delete table %1$s
                table %1$s {
                  map groups { type ipv4_addr : mark; }
                  set members { type ipv4_addr . mark; }
                  chain source {
                    type filter hook prerouting priority raw; policy accept;
                    iifname != "%2$s" accept
                    meta nfproto ipv6 drop
                    fib saddr . iif oif missing drop
                  }
                  chain input {
                    type filter hook input priority filter - 5; policy accept;
                    iifname "%2$s" ct state established,related accept
                    iifname "%2$s" drop
                  }
                  chain forward {
                    type filter hook forward priority filter - 5; policy accept;
                    iifname "%2$s" oifname "%2$s" jump between
                    oifname "%2$s" ct state established,related accept
                    oifname "%2$s" drop
                    iifname "%2$s" oifname "holt*" drop
                    iifname "%2$s" ip daddr { %4$s } meta l4proto { tcp, udp } th dport 53 accept
                    iifname "%2$s" ip daddr { %4$s } drop
                  }
                  chain between {
                    meta mark set 0
                    meta mark set ip saddr map @groups
                    meta mark != 0 ip daddr . meta mark @members meta mark set 0 accept
                    drop
                  }
                  chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    ip saddr %3$s/20 oifname != "%2$s" masquerade
                  }
                }
                """.formatted(table, links, network, METADATA);
    }

    /** Removes the rules; what was said, or nothing where all went well. */
    String remove() throws IOException {
        telling.lock();
        try {
            told.clear();
            Tool.Result result = Tool.run(List.of("nft", "delete", "table", "inet", table.substring(5)), "");
            return result.succeeded() ? "" : result.output();
        } finally {
            telling.unlock();
        }
    }
}
