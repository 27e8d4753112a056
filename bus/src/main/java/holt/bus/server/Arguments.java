package holt.bus.server;

/** The arguments of an operation as ranges of its line, split at blanks, tabs, CR and LF; more than five are not kept. */
final class Arguments {
    private static final int MOST = 5;

    private final int[] from = new int[MOST];
    private final int[] to = new int[MOST];
    private int count;

    int count() {
        return count;
    }

    int from(int index) {
        return from[index];
    }

    int to(int index) {
        return to[index];
    }

    void split(byte[] line, int begin, int end) {
        count = 0;
        int start = -1;
        for (int at = begin; at < end; at++) {
            byte each = line[at];
            boolean blank = each == ' ' || each == '\t' || each == '\r' || each == '\n';
            if (!blank) {
                if (start < 0) {
                    start = at;
                }
            } else if (start >= 0) {
                add(start, at);
                start = -1;
            }
        }
        if (start >= 0) {
            add(start, end);
        }
    }

    private void add(int begin, int end) {
        if (count < MOST) {
            from[count] = begin;
            to[count] = end;
        }
        count++;
    }
}
