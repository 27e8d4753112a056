package holt.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command's words go: results to standard output; with {@code --json} that is JSON and nothing else, and what is
 * meant for people goes to standard error. One thread at a time.
 */
public final class Output {
    private final CliContext context;
    private final boolean json;
    private final PrintStream people;

    Output(CliContext context, boolean json) {
        this.context = context;
        this.json = json;
        this.people = json ? context.err() : context.out();
    }

    /** Whether results are wanted as JSON. */
    public boolean isJson() {
        return json;
    }

    /** The screen people see this on. */
    Terminal terminal() {
        return context.terminal();
    }

    /** Whether lines for people go to a screen that can be drawn on. */
    boolean isLive() {
        return json ? context.terminal().errors() : context.terminal().output();
    }

    /** A line for people. */
    public void say(String line) {
        people.println(line);
    }

    /** Text for people without a line end, shown at once. */
    void sayRaw(String text) {
        people.print(text);
        people.flush();
    }

    /** A warning or a hint, which is never part of a result. */
    public void warn(String line) {
        context.err()
                .println(style(Style.YELLOW, "Warning: ", context.terminal().errors()) + line);
    }

    /** A payload for programs, as it came; a line end behind it where pieces have to be told apart. */
    void raw(byte[] bytes, boolean lineEnd) {
        context.out().write(bytes, 0, bytes.length);
        if (lineEnd) {
            context.out().write('\n');
        }
        context.out().flush();
    }

    void table(Table table) {
        people.println(String.join("\n", table.lines(context.terminal())));
    }

    /** A JSON result as it came. */
    void json(byte[] result) {
        context.out().println(new String(result, StandardCharsets.UTF_8).strip());
    }

    /** A JSON result made here. */
    public void json(Object result) {
        context.out().println(LeanJson.text(result));
    }

    String style(Style style, String text) {
        return style(style, text, isLive());
    }

    private String style(Style style, String text, boolean screen) {
        return style.apply(text, screen && context.terminal().colour());
    }
}
