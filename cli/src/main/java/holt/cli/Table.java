package holt.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows under headings, as wide as their content. Where that is wider than the screen, columns that can be done without
 * are left out, then those that may shrink are cut, the widest first; what is still too wide wraps, because half a name
 * or URL is of no use. One thread.
 */
final class Table {
    private static final String GAP = "  ";
    private static final int SMALLEST = 6;

    /** Columns that can be done without are left out before text that may be cut gets shorter than this. */
    private static final int READABLE = 24;

    private static final int LEFT_OUT = -1;

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** A column: numbers stand at its right side, text that may be cut can shrink, a spare one can be left out. */
    private record Column(String heading, boolean right, boolean shrinks, boolean spare) {
        static Column of(String marked) {
            String heading = marked.replaceFirst("^[>~-]+", "");
            String marks = marked.substring(0, marked.length() - heading.length());
            return new Column(heading, marks.contains(">"), marks.contains("~"), marks.contains("-"));
        }
    }

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
     * @param headings each with its marks: {@code >NAME} for numbers, {@code ~NAME} for text that may be cut, {@code
     *     -NAME} for a column that can be left out, the last of them first
     */
    Table(String... headings) {
        this.columns = Arrays.stream(headings).map(Column::of).toList();
    }

    void row(Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> cell instanceof Cell ready ? ready : Cell.of(String.valueOf(cell)))
                .toList());
    }

    /** The lines of the table, without spaces at their ends. */
    List<String> lines(Terminal terminal) {
        int[] widths = widths();
        leaveOut(widths, terminal.width());
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

    /** Gives spare columns the width {@link #LEFT_OUT}, from the right, until the others have room. */
    private void leaveOut(int[] widths, int screen) {
        for (int i = widths.length - 1; i >= 0; i--) {
            if (columns.get(i).spare() && total(readable(widths)) > screen) {
                widths[i] = LEFT_OUT;
            }
        }
    }

    private int[] readable(int[] widths) {
        int[] least = widths.clone();
        for (int i = 0; i < least.length; i++) {
            least[i] = columns.get(i).shrinks() ? Math.min(READABLE, least[i]) : least[i];
        }
        return least;
    }

    private static int total(int[] widths) {
        return Arrays.stream(widths)
                        .filter(width -> width != LEFT_OUT)
                        .map(width -> width + GAP.length())
                        .sum()
                - GAP.length();
    }

    private void shrink(int[] widths, int screen) {
        int total = total(widths);
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
            if (widths[i] == LEFT_OUT) {
                continue;
            }
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
