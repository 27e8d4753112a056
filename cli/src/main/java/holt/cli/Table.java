package holt.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows under headings, as wide as their content and no wider than the screen: where it is too wide, columns that may
 * shrink are cut, the widest first. One thread.
 */
final class Table {
    private static final String GAP = "  ";
    private static final int SMALLEST = 6;

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** A column: numbers stand at its right side, text that may be cut can shrink. */
    private record Column(String heading, boolean right, boolean shrinks) {}

    /** One field. */
    record Cell(String text, Style style) {
        Cell {
            text = Text.printable(text);
        }

        static Cell of(String text) {
            return new Cell(text, Style.PLAIN);
        }

        static Cell state(String state) {
            return new Cell(state, Style.ofState(state));
        }
    }

    /**
     * An empty table.
     *
     * @param headings each with a mark: {@code >NAME} for numbers, {@code ~NAME} for text that may be cut
     */
    Table(String... headings) {
        this.columns = Arrays.stream(headings)
                .map(heading ->
                        new Column(heading.replaceFirst("^[>~]", ""), heading.startsWith(">"), heading.startsWith("~")))
                .toList();
    }

    void row(Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> cell instanceof Cell ready ? ready : Cell.of(String.valueOf(cell)))
                .toList());
    }

    /** The lines of the table, without spaces at their ends. */
    List<String> lines(Terminal terminal) {
        int[] widths = widths();
        shrink(widths, terminal.width());
        List<String> lines = new ArrayList<>();
        lines.add(line(
                columns.stream()
                        .map(column -> new Cell(column.heading(), Style.DIM))
                        .toList(),
                widths,
                terminal));
        rows.forEach(row -> lines.add(line(row, widths, terminal)));
        return lines;
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).heading().length();
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).text().length());
            }
        }
        return widths;
    }

    private void shrink(int[] widths, int screen) {
        int total = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1);
        while (total > screen) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                boolean possible = columns.get(i).shrinks() && widths[i] > SMALLEST;
                if (possible && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
            total--;
        }
    }

    private String line(List<Cell> cells, int[] widths, Terminal terminal) {
        StringBuilder line = new StringBuilder();
        int pending = 0;
        for (int i = 0; i < widths.length; i++) {
            String text = cut(cells.get(i).text(), widths[i], terminal.unicode());
            int space = widths[i] - text.length();
            pending += i == 0 ? 0 : GAP.length();
            pending += columns.get(i).right() ? space : 0;
            if (!text.isEmpty()) {
                line.repeat(' ', pending).append(cells.get(i).style().apply(text, terminal.colour()));
                pending = 0;
            }
            pending += columns.get(i).right() ? 0 : space;
        }
        return line.toString();
    }

    private static String cut(String text, int width, boolean unicode) {
        if (text.length() <= width) {
            return text;
        }
        return unicode ? text.substring(0, width - 1) + "…" : text.substring(0, width - 2) + "..";
    }
}
