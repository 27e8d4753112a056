package holt.agent;

import holt.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The network of a platform's instances on this host: a range of addresses, and for each instance a network namespace
 * with one address, made ready ahead of the start and taken down behind its end. Instances reach the outside through
 * address translation, but neither each other nor this host.
 *
 * <p>A namespace is held by an open descriptor until a process lives in it and by nothing else, so nothing has to be
 * cleaned up after an instance or an agent that died: the kernel removes it with its last user. One platform thread
 * makes the namespaces, because making one moves the thread that does it; another takes links down.
 */
final class InstanceNetwork implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InstanceNetwork.class.getName());
    private static final int FIRST_SLOT = 2;
    private static final int LAST_SLOT = AddressRange.SIZE - 2;
    private static final int START_LIMIT_SECONDS = 20;
    private static final int CLOSE_SECONDS = 10;
    private static final long RETRY_MILLIS = 500;

    private final Path folder;
    private final String platform;
    private final String bridge;
    private final String links;
    private final int network;
    private final Firewall firewall;
    private final BlockingQueue<Prepared> ready = new LinkedBlockingQueue<>();
    private final NetworkDemand demand;
    private final Semaphore wanted = new Semaphore(0);
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final ExecutorService remover = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("holt-agent-links").factory());
    private final Thread maker;
    private int nextSlot;
    private volatile boolean closed;

    /** A network namespace that waits for its instance. */
    record Prepared(String address, int descriptor) {
        /** A path by which a runtime can enter the namespace, as long as the agent holds it. */
        String path() {
            return "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
        }
    }

    private record Kept(int network, int nextSlot) {}

    /**
     * Makes the gateway and the rules, or takes those that are there, and begins to prepare networks.
     *
     * @param inUse addresses of instances that live, each with its group
     */
    InstanceNetwork(Path folder, String platform, int prepared, Map<String, Long> inUse) throws IOException {
        this.folder = folder;
        this.platform = platform;
        this.bridge = "holt" + platform;
        this.links = bridge + "*";
        Kept kept = kept();
        this.network = kept.network();
        this.nextSlot = kept.nextSlot();
        used.addAll(inUse.keySet());
        demand = new NetworkDemand(Math.max(1, prepared));
        removeLinks(inUse.keySet());
        makeBridge();
        firewall = new Firewall(platform, links, AddressRange.text(network));
        firewall.make(inUse);
        wanted.release(demand.least());
        maker = Thread.ofPlatform().daemon().name("holt-agent-networks").start(this::make);
    }

    /** A network for one instance, for the caller to release. */
    Prepared take() throws IOException {
        wanted.release(demand.taken(System.nanoTime()));
        try {
            Prepared prepared = ready.poll(START_LIMIT_SECONDS, TimeUnit.SECONDS);
            if (prepared == null) {
                throw new IOException("no network could be made within " + START_LIMIT_SECONDS + " s");
            }
            return prepared;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for a network", stop);
        }
    }

    /** The instance at this address and those of the same group may reach each other. */
    void join(String address, long group) {
        firewall.join(address, group);
    }

    /** Lets go of the namespace: from now on it lives as long as its processes. */
    void release(Prepared prepared) throws IOException {
        Native.close(prepared.descriptor());
    }

    /**
     * The instance has ended: removes its link, which may take a while, so that connections left half open do not keep
     * it; then the address may be given to another instance, once all others have had their turn.
     */
    void free(String address) {
        firewall.leave(address);
        try {
            remover.execute(() -> takeDown(address));
        } catch (RejectedExecutionException closing) {
            LOG.log(System.Logger.Level.DEBUG, "event=link-left-to-the-next-agent address=" + address);
        }
    }

    private void takeDown(String address) {
        try {
            removeLink(port(address));
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=link-not-removed address=" + address, fault);
        } finally {
            used.remove(address);
        }
    }

    private static void removeLink(String port) throws IOException {
        try (Netlink kernel = Netlink.open()) {
            kernel.request("deleting the link " + port, InstanceLink.delete(port));
        } catch (Native.CallFailed failure) {
            if (failure.errorNumber() != Netlink.ENODEV) { // the kernel may have been quicker
                throw failure;
            }
        }
    }

    /** Name of the host's end of an instance's link. */
    String port(String address) {
        String[] parts = address.split("\\.");
        int slot = ((Integer.parseInt(parts[2]) << 8) | Integer.parseInt(parts[3])) & (AddressRange.SIZE - 1);
        return port(slot);
    }

    /** As long as the kernel allows, 15 characters. */
    private String port(int slot) {
        return bridge + "%03x".formatted(slot);
    }

    /** Removes links of instances that are not among the living. */
    private void removeLinks(Set<String> living) throws IOException {
        Set<String> kept = living.stream().map(this::port).collect(java.util.stream.Collectors.toSet());
        for (Path each : Folders.list(Path.of("/sys/class/net"))) {
            String name = String.valueOf(each.getFileName());
            if (name.startsWith(bridge) && !name.equals(bridge) && !kept.contains(name)) {
                removeLink(name);
            }
        }
    }

    private void make() {
        try {
            int host = Native.open("/proc/thread-self/ns/net", Native.O_RDONLY);
            try (Netlink outside = Netlink.open()) {
                while (!closed) {
                    wanted.acquire();
                    makeNext(host, outside);
                }
            } finally {
                Native.close(host);
            }
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=networks-ended bridge=" + bridge, fault);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void makeNext(int host, Netlink outside) throws InterruptedException {
        try {
            ready.add(makeOne(host, outside));
        } catch (IOException fault) {
            if (!closed) {
                LOG.log(System.Logger.Level.ERROR, "event=network-failed bridge=" + bridge, fault);
                wanted.release();
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }

    private Prepared makeOne(int host, Netlink outside) throws IOException {
        int slot = takeSlot();
        String address = AddressRange.text(network + slot);
        InstanceLink link = new InstanceLink(port(slot), network + slot, network + 1);
        int descriptor = -1;
        try {
            Native.unshare(Native.CLONE_NEWNET);
            try (Netlink inside = Netlink.open()) {
                descriptor = Native.open("/proc/thread-self/ns/net", Native.O_RDONLY);
                Native.enterNamespace(host, Native.CLONE_NEWNET);
                inside.request("the instance's end of " + link.port(), link.inside(host));
                outside.request("the host's end of " + link.port(), link.outside(Netlink.index(link.port())));
            }
            return new Prepared(address, descriptor);
        } catch (IOException fault) {
            if (descriptor >= 0) {
                Native.close(descriptor);
            }
            used.remove(address);
            throw fault;
        } finally {
            Native.enterNamespace(host, Native.CLONE_NEWNET);
        }
    }

    private int takeSlot() throws IOException {
        for (int tries = 0; tries < AddressRange.SIZE; tries++) {
            int slot = nextSlot;
            nextSlot = slot >= LAST_SLOT ? FIRST_SLOT : slot + 1;
            if (used.add(AddressRange.text(network + slot))) {
                Files.write(folder.resolve("network.json"), Json.bytes(new Kept(network, nextSlot)));
                return slot;
            }
        }
        throw new IOException(
                "all " + AddressRange.SIZE + " addresses of " + AddressRange.text(network) + "/20 are in use");
    }

    private Kept kept() throws IOException {
        Path file = folder.resolve("network.json");
        if (Files.exists(file)) {
            return Json.read(Files.readAllBytes(file), Kept.class);
        }
        Kept fresh = new Kept(AddressRange.findFree(platform), FIRST_SLOT);
        Files.write(file, Json.bytes(fresh));
        return fresh;
    }

    private void makeBridge() throws IOException {
        if (!Files.exists(Path.of("/sys/class/net", bridge))) {
            Tool.check(
                    List.of("ip", "-batch", "-"), """
                    link add %1$s address %2$s type bridge
                    addr add %3$s/20 dev %1$s
                    link set %1$s up
                    """.formatted(bridge, AddressRange.hardware(network + 1), gateway()));
        }
        write("/proc/sys/net/ipv6/conf/" + bridge + "/disable_ipv6", "1");
        write("/proc/sys/net/ipv4/ip_forward", "1");
    }

    private static void write(String setting, String value) throws IOException {
        Path file = Path.of(setting);
        if (Files.exists(file) && !Files.readString(file).strip().equals(value)) {
            Files.writeString(file, value);
        }
    }

    private String gateway() {
        return AddressRange.text(network + 1);
    }

    /** Stops preparing and drops what was prepared. Instances keep their networks. */
    @Override
    public void close() throws IOException {
        closed = true;
        maker.interrupt();
        remover.shutdown();
        try {
            maker.join();
            if (!remover.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "event=links-not-removed-in-time bridge=" + bridge);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        Set<Prepared> rest = new HashSet<>();
        ready.drainTo(rest);
        for (Prepared prepared : rest) {
            release(prepared);
        }
    }

    /** Removes gateway, links and rules; for a platform that has no instance any more. */
    void remove() throws IOException {
        removeLinks(Set.of());
        String rules = firewall.remove();
        Tool.Result link = Tool.run(List.of("ip", "link", "delete", bridge), "");
        if (!rules.isEmpty() || !link.succeeded()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "event=network-not-removed bridge={0} rules={1} link={2}",
                    bridge,
                    rules,
                    link.output());
        }
    }
}
