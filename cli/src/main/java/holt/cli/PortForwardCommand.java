package holt.cli;

import holt.model.AccessApi;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt port-forward NAME PORT}: ports of an instance at this machine. */
@Command(
        header = "Reach ports of an instance from this machine.",
        description = {
            "Listens here until Ctrl-C and carries each connection to a port as the instance itself would reach it, "
                    + "also where its program listens on 127.0.0.1 only.",
            "Without an index each connection goes to the first instance that runs at that moment."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt port-forward shop 8080                 127.0.0.1:8080 leads to its port 8080",
            "  holt port-forward shop/1 15432:5432 9090    two ports of instance 1",
            "  holt port-forward shop :9229                at any free port here"
        })
final class PortForwardCommand extends Subcommand {
    private static final Pattern MAPPING = Pattern.compile("(?:(\\d{0,5}):)?(\\d{1,5})");
    private static final int LAST_PORT = 65_535;

    @Parameters(
            index = "0",
            paramLabel = "NAME[/INDEX]",
            description = "The app, and which of its instances; the first one that runs where that is not given.")
    String name = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "[LOCAL:]REMOTE",
            description = "Port of the instance, and the one here; the same one where that is not given.")
    List<String> ports = new ArrayList<>();

    @Option(
            names = {"-a", "--address"},
            paramLabel = "ADDRESS",
            description = "Where to listen here; 127.0.0.1 where this is not given.")
    String address = "127.0.0.1";

    private final Set<String> complaints = ConcurrentHashMap.newKeySet();

    PortForwardCommand(HoltCommand holt) {
        super(holt);
    }

    /** One port of each side. */
    record Mapping(int local, int remote) {}

    /** A mapping as people write it; null for what is none. */
    static @Nullable Mapping mapping(String text) {
        Matcher shape = MAPPING.matcher(text);
        if (!shape.matches()) {
            return null;
        }
        int remote = Integer.parseInt(shape.group(2));
        String here = shape.group(1);
        int local = here == null ? remote : here.isEmpty() ? 0 : Integer.parseInt(here);
        return remote < 1 || remote > LAST_PORT || local > LAST_PORT ? null : new Mapping(local, remote);
    }

    @Override
    int run(ApiClient api, Output output) throws Exception {
        InstanceName instance = InstanceName.parse(name);
        List<Mapping> mappings = mappings();
        api.get(instance.path("").replaceAll("/$", ""));
        List<ServerSocket> listening = new ArrayList<>();
        try {
            for (Mapping mapping : mappings) {
                listening.add(listen(mapping));
            }
            for (int i = 0; i < mappings.size(); i++) {
                tell(listening.get(i), mappings.get(i), instance, output);
                serve(api, instance, listening.get(i), mappings.get(i).remote());
            }
            new CountDownLatch(1).await();
            return ExitCode.OK;
        } finally {
            for (ServerSocket each : listening) {
                each.close();
            }
        }
    }

    private List<Mapping> mappings() {
        List<Mapping> mappings = new ArrayList<>();
        for (String each : ports) {
            Mapping mapping = mapping(each);
            if (mapping == null) {
                throw usage("'" + Text.printable(each, 40)
                        + "' names no port. Expected: REMOTE or LOCAL:REMOTE with numbers up to 65535, such as 8080"
                        + " or 9000:8080.");
            }
            mappings.add(mapping);
        }
        return mappings;
    }

    private ServerSocket listen(Mapping mapping) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), mapping.local()));
            return socket;
        } catch (UnknownHostException unknown) {
            socket.close();
            throw usage("'" + Text.printable(address, 60) + "' is no address of this machine. Expected: 127.0.0.1,"
                    + " 0.0.0.0 for all, or another one.");
        } catch (IOException taken) {
            socket.close();
            throw new ProblemException(
                    Problem.of(
                                    ErrorCode.PORT_TAKEN,
                                    "Nothing can listen at " + address + ":" + mapping.local() + ": "
                                            + taken.getMessage() + ".")
                            .remedy("Choose another port here: 'holt port-forward " + name + " 0:" + mapping.remote()
                                    + "' takes any free one."),
                    taken);
        }
    }

    private void tell(ServerSocket socket, Mapping mapping, InstanceName instance, Output output) {
        if (output.isJson()) {
            output.json(Map.of(
                    "address",
                    address,
                    "local",
                    socket.getLocalPort(),
                    "remote",
                    mapping.remote(),
                    "instance",
                    instance.toString()));
        } else {
            String here = address.contains(":") ? "[" + address + "]" : address;
            output.say(here + ":" + socket.getLocalPort() + " leads to port " + mapping.remote() + " of " + instance
                    + ". Ctrl-C ends it.");
        }
        holt.context().out().flush();
    }

    private void serve(ApiClient api, InstanceName instance, ServerSocket listening, int port) {
        Thread.ofVirtual().name("holt-listen").start(() -> {
            try {
                while (true) {
                    Socket socket = listening.accept();
                    Thread.startVirtualThread(() -> carry(api, instance, socket, port));
                }
            } catch (IOException closed) {
                if (!listening.isClosed()) {
                    complain("Connections are not taken any more: " + closed.getMessage());
                }
            }
        });
    }

    private void carry(ApiClient api, InstanceName instance, Socket socket, int port) {
        AccessApi.Forward body = new AccessApi.Forward(port, instance.index());
        try (socket;
                RemoteSession session = api.session(instance.path("forward"), body)) {
            socket.setTcpNoDelay(true);
            new ForwardedConnection(socket, session).run();
        } catch (RefusedException refused) {
            complain(refused.problem().text());
        } catch (IOException broken) {
            complain(String.valueOf(broken.getMessage()));
        }
    }

    /** Each complaint once: a browser tries again and again. */
    private void complain(String sentence) {
        if (complaints.add(sentence.toLowerCase(Locale.ROOT))) {
            holt.context().err().println(Text.printable(sentence));
            holt.context().err().flush();
        }
    }
}
