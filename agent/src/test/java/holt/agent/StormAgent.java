package holt.agent;

import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Json;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * A program of its own with an agent in it, for the restart storm: does what lines on its input say, and writes what the
 * agent says. Argument: home.
 */
final class StormAgent {
    private StormAgent() {}

    public static void main(String[] arguments) throws IOException {
        Platform platform =
                new Platform(Path.of(arguments[0]), settings -> settings.withReportInterval(Duration.ofMillis(100)));
        Thread.ofPlatform().daemon().start(() -> tellAll(platform));
        System.out.println("ready");
        BufferedReader lines = new BufferedReader(new java.io.InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 2);
            AgentRequest request = switch (words[0]) {
                case "start" -> new AgentRequest.Start(Json.read(words[1].getBytes(), ProcessSpec.class));
                default -> new AgentRequest.Stop(Long.parseLong(words[1]), 1, 300);
            };
            AgentReply reply = platform.ask(request);
            synchronized (System.out) {
                System.out.println("answer " + words[0] + " " + (reply instanceof AgentReply.Accepted));
            }
        }
    }

    /** Each state of each process once. */
    private static void tellAll(Platform platform) {
        Set<String> told = new HashSet<>();
        while (true) {
            platform.reports.forEach(report -> tell(told, report));
            platform.hostReports.forEach(host -> host.processes().forEach(report -> tell(told, report)));
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    private static void tell(Set<String> told, ProcessReport report) {
        String line = "report " + report.pid() + " " + report.state() + " "
                + (report.exit() == null ? "-" : report.exit().code());
        if (told.add(line)) {
            synchronized (System.out) {
                System.out.println(line);
            }
        }
    }
}
