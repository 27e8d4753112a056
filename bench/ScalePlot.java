import java.util.List;
import java.util.Locale;

/** A picture of how a cost grows with a size: both axes logarithmic, and beside the points a line that grows as n log n. */
final class ScalePlot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int LEFT = 70;
    private static final int BOTTOM = 340;
    private static final int TOP = 50;
    private static final int RIGHT = 610;

    private final List<Integer> sizes;
    private final List<Double> seconds;
    private final StringBuilder svg = new StringBuilder();

    private ScalePlot(List<Integer> sizes, List<Double> seconds) {
        this.sizes = sizes;
        this.seconds = seconds;
    }

    /** The picture as SVG. */
    static String of(String title, List<Integer> sizes, List<Double> seconds) {
        ScalePlot plot = new ScalePlot(sizes, seconds);
        plot.draw(title);
        return plot.svg.toString();
    }

    private void draw(String title) {
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
        add("<text x=\"%d\" y=\"24\" font-size=\"15\">%s</text>", LEFT, title);
        add("<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#444\"/>", LEFT, TOP, BOTTOM, RIGHT);
        StringBuilder bound = new StringBuilder();
        StringBuilder line = new StringBuilder();
        double unit = seconds.getFirst() / weight(sizes.getFirst());
        for (int point = 0; point < sizes.size(); point++) {
            double x = x(sizes.get(point));
            double y = y(seconds.get(point));
            line.append(String.format(Locale.ROOT, "%s%.1f %.1f", point == 0 ? "M" : " L", x, y));
            bound.append(String.format(
                    Locale.ROOT, "%s%.1f %.1f", point == 0 ? "M" : " L", x, y(unit * weight(sizes.get(point)))));
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#1f6feb\"/>", x, y);
            add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%.2f s</text>", x, y - 10, seconds.get(point));
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>", x, BOTTOM + 20, sizes.get(point));
        }
        add("<path d=\"%s\" fill=\"none\" stroke=\"#1f6feb\" stroke-width=\"2\"/>", line);
        add("<path d=\"%s\" fill=\"none\" stroke=\"#999\" stroke-dasharray=\"5 4\"/>", bound);
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">processes</text>", RIGHT, BOTTOM + 42);
        add("<text x=\"%d\" y=\"%d\" fill=\"#777\">dashed: n log n through the first point</text>", LEFT + 12, TOP + 12);
        add("</svg>");
    }

    private static double weight(double size) {
        return size * Math.log(size);
    }

    private double x(double size) {
        return LEFT + 40 + (RIGHT - LEFT - 80) * share(size, sizes.getFirst(), sizes.getLast());
    }

    private double y(double value) {
        double most = Math.max(seconds.getLast(), seconds.getFirst() / weight(sizes.getFirst()) * weight(sizes.getLast()));
        return BOTTOM - 30 - (BOTTOM - TOP - 70) * share(value, seconds.getFirst(), most);
    }

    private static double share(double value, double from, double to) {
        return from == to ? 0 : Math.log(value / from) / Math.log(to / from);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
