package holt.cli;

import java.util.List;

/** Lines that are drawn again in the same place. What was drawn last stays. One thread. */
final class LiveScreen {
    private final Output output;
    private int drawn;

    LiveScreen(Output output) {
        this.output = output;
    }

    void draw(List<String> lines) {
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append("\u001b[").append(drawn).append("A\r");
        }
        lines.forEach(line -> text.append(line).append("\u001b[K\n"));
        output.sayRaw(text.append("\u001b[J").toString());
        drawn = lines.size();
    }
}
