package holt.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * A run as a picture (SVG): drift over time, and below it a lane for each kind of fault with the spans it was in effect.
 * Pure.
 */
public final class Picture {
    private static final int WIDTH = 1100;
    private static final int LEFT = 150;
    private static final int RIGHT = 24;
    private static final int TOP = 56;
    private static final int CHART = 300;
    private static final int LANE = 16;
    private static final int LANES_GAP = 44;
    private static final double NARROWEST = 0.8;
    private static final int TICKS = 12;
    private static final String[] LAYERS = {"missing", "another release", "too many"};
    private static final String[] COLOURS = {"#c0392b", "#d68910", "#2471a3"};

    private final Plan plan;
    private final Outcome outcome;
    private final double end;
    private final double highest;
    private final StringBuilder svg = new StringBuilder();

    private Picture(Plan plan, Outcome outcome) {
        this.plan = plan;
        this.outcome = outcome;
        this.end = Math.max(1, outcome.summary().simulatedMillis());
        int most = 1;
        for (Outcome.Sample sample : outcome.samples()) {
            most = Math.max(most, sample.drift().total());
        }
        this.highest = rounded(most);
    }

    /** The picture of a run. */
    public static String svg(Plan plan, Outcome outcome) {
        return new Picture(plan, outcome).draw();
    }

    private String draw() {
        TreeMap<FaultKind, List<Plan.Entry>> lanes = lanes();
        int height = TOP + CHART + LANES_GAP + lanes.size() * LANE + 20;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\"",
                WIDTH, height, WIDTH, height);
        add(" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n");
        add(
                "<text x=\"%d\" y=\"22\" font-size=\"15\">Drift of %d hosts over %s, seed %d</text>\n",
                LEFT, plan.hosts(), hours(end), plan.seed());
        legend();
        lanes.values().forEach(spans -> spans.forEach(this::shade));
        axes();
        layers();
        drawLanes(lanes);
        found();
        return svg.append("</svg>\n").toString();
    }

    private TreeMap<FaultKind, List<Plan.Entry>> lanes() {
        TreeMap<FaultKind, List<Plan.Entry>> lanes = new TreeMap<>();
        for (Plan.Entry entry : plan.entries()) {
            if (entry.action() instanceof Action.Fault fault && entry.atMillis() <= end) {
                lanes.computeIfAbsent(fault.kind(), none -> new ArrayList<>()).add(entry);
            }
        }
        return lanes;
    }

    private void legend() {
        int x = LEFT;
        for (int layer = 0; layer < LAYERS.length; layer++) {
            add("<rect x=\"%d\" y=\"34\" width=\"12\" height=\"12\" fill=\"%s\"/>", x, COLOURS[layer]);
            add("<text x=\"%d\" y=\"45\">%s</text>\n", x + 17, LAYERS[layer]);
            x += 140;
        }
        add("<rect x=\"%d\" y=\"34\" width=\"12\" height=\"12\" fill=\"#dddddd\"/>", x);
        add("<text x=\"%d\" y=\"45\">faults in effect</text>\n", x + 17);
    }

    private void shade(Plan.Entry entry) {
        add(
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#888888\" fill-opacity=\"0.12\"/>\n",
                x(entry.atMillis()), TOP, width(entry), CHART);
    }

    private double width(Plan.Entry entry) {
        double last = Math.min(end, entry.atMillis() + Plan.length(entry.action()));
        return Math.max(NARROWEST, x(last) - x(entry.atMillis()));
    }

    private void axes() {
        for (int tick = 0; tick <= 4; tick++) {
            double value = highest * tick / 4;
            add(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#cccccc\"/>",
                    LEFT, WIDTH - RIGHT, y(value), y(value));
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT - 8, y(value) + 4, number(value));
        }
        double step = rounded(end / 3_600_000 / TICKS);
        for (double hour = 0; hour * 3_600_000 <= end; hour += step) {
            double at = x(hour * 3_600_000);
            add(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#333333\"/>",
                    at, at, TOP + CHART, TOP + CHART + 4);
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", at, TOP + CHART + 17, number(hour));
        }
        add(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">virtual time, hours</text>\n",
                (LEFT + WIDTH - RIGHT) / 2, TOP + CHART + 33);
        add(
                "<text transform=\"translate(%d %d) rotate(-90)\" text-anchor=\"middle\">instances not as wanted</text>\n",
                LEFT - 60, TOP + CHART / 2);
    }

    /** The three kinds of drift on top of each other, the widest behind. */
    private void layers() {
        for (int layer = LAYERS.length - 1; layer >= 0; layer--) {
            add("<path fill=\"%s\" fill-opacity=\"0.85\" d=\"M%.1f %.1f", COLOURS[layer], x(0), y(0));
            double before = 0;
            for (Outcome.Sample sample : outcome.samples()) {
                double height = height(sample.drift(), layer);
                add("L%.1f %.1fL%.1f %.1f", x(sample.atMillis()), y(before), x(sample.atMillis()), y(height));
                before = height;
            }
            add("L%.1f %.1fL%.1f %.1fZ\"/>\n", x(end), y(before), x(end), y(0));
        }
    }

    private static double height(Drift drift, int layer) {
        return switch (layer) {
            case 0 -> drift.missing();
            case 1 -> drift.missing() + drift.wrong();
            default -> drift.total();
        };
    }

    private void drawLanes(TreeMap<FaultKind, List<Plan.Entry>> lanes) {
        int top = TOP + CHART + LANES_GAP;
        for (var lane : lanes.entrySet()) {
            add(
                    "<text x=\"%d\" y=\"%d\" font-size=\"11\" text-anchor=\"end\">%s</text>\n",
                    LEFT - 8, top + 11, lane.getKey().word());
            add(
                    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#f4f4f4\"/>\n",
                    LEFT, top + 2, WIDTH - RIGHT - LEFT, LANE - 4);
            for (Plan.Entry entry : lane.getValue()) {
                add(
                        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#555555\"/>\n",
                        x(entry.atMillis()), top + 2, width(entry), LANE - 4);
            }
            top += LANE;
        }
    }

    private void found() {
        outcome.found().ifPresent(found -> {
            double at = x(found.atMillis());
            add(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#c0392b\" stroke-width=\"2\"/>",
                    at, at, TOP, TOP + CHART);
            add(
                    "<text x=\"%.1f\" y=\"%d\" fill=\"#c0392b\" text-anchor=\"end\">%s</text>\n",
                    at - 4, TOP + 14, found.invariant());
        });
    }

    private double x(double millis) {
        return LEFT + millis / end * (WIDTH - RIGHT - LEFT);
    }

    private double y(double value) {
        return TOP + CHART - value / highest * CHART;
    }

    /** The next number of the kind 1, 2, 5, 10, 20, ... that is not below. */
    private static double rounded(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1e-3, value))));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= value - 1e-9) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return Math.abs(value - Math.rint(value)) < 1e-6
                ? Long.toString(Math.round(value))
                : String.format(Locale.ROOT, "%.2f", value).replaceFirst("0$", "");
    }

    private static String hours(double millis) {
        return String.format(Locale.ROOT, "%.1f virtual hours", millis / 3_600_000);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
