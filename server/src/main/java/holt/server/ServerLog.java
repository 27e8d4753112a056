package holt.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sends the server's log to files in its home: one line an event, at most {@code FILES x BYTES} on disk. */
final class ServerLog {
    private static final int BYTES = 8 << 20;
    private static final int FILES = 4;

    private ServerLog() {}

    static void toFile(Path folder) throws IOException {
        Files.createDirectories(folder);
        LogManager.getLogManager().reset();
        FileHandler handler = new FileHandler(folder.resolve("server.%g.log").toString(), BYTES, FILES, true);
        handler.setFormatter(new OneLine());
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        quiet("org.eclipse.jetty", "io.javalin", "org.flywaydb", "io.netty");
    }

    /** Libraries that tell at every start what nobody wants to know. */
    private static void quiet(String... names) {
        for (String name : names) {
            QUIET.add(Logger.getLogger(name));
        }
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    /** Held, because the log manager forgets the level of a logger that nobody refers to. */
    private static final java.util.List<Logger> QUIET = new java.util.ArrayList<>();

    private static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord log) {
            String line = Instant.ofEpochMilli(log.getMillis()) + " " + log.getLevel() + " " + log.getLoggerName() + " "
                    + formatMessage(log) + "\n";
            if (log.getThrown() == null) {
                return line;
            }
            StringWriter trace = new StringWriter();
            log.getThrown().printStackTrace(new PrintWriter(trace));
            return line + trace;
        }
    }
}
