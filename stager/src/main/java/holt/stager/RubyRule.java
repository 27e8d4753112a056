package holt.stager;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A Rack application or another program for Ruby. */
final class RubyRule implements Rule {
    private static final List<String> USUAL = List.of("server.rb", "app.rb", "main.rb");
    private static final String LIBRARIES = "vendor/bundle";
    private static final Pattern GEM = Pattern.compile("^\\s*gem\\s", Pattern.MULTILINE);
    private static final Pattern PUMA = Pattern.compile("^\\s+puma \\(", Pattern.MULTILINE);

    @Override
    public String looksFor() {
        return "config.ru, server.rb or app.rb";
    }

    @Override
    public Finding examine(SourceFiles files) throws IOException {
        Optional<String> program = USUAL.stream().filter(files::hasFile).findFirst();
        if (files.hasFile("config.ru")) {
            boolean puma = files.hasFile("Gemfile.lock")
                    && PUMA.matcher(files.text("Gemfile.lock")).find();
            return found(files, "config.ru", puma ? "puma -b tcp://0.0.0.0:$PORT" : "rackup -o 0.0.0.0 -p $PORT");
        }
        if (program.isPresent()) {
            return found(files, program.get(), "ruby " + program.get());
        }
        return files.hasFile("Gemfile")
                ? new Finding.NearMiss("there is a Gemfile, but none of config.ru, server.rb and app.rb")
                : Finding.nothing();
    }

    private static Finding found(SourceFiles files, String by, String command) throws IOException {
        boolean vendored = files.hasFolder(LIBRARIES);
        Plan plan = Plan.of("ruby", "Ruby, by " + by, vendored ? "bundle exec " + command : command)
                .withEnvironment("RACK_ENV", "production");
        if (vendored) {
            return new Finding.Found(plan.withEnvironment("BUNDLE_PATH", LIBRARIES));
        }
        boolean wantsGems =
                files.hasFile("Gemfile") && GEM.matcher(files.text("Gemfile")).find();
        return new Finding.Found(
                wantsGems
                        ? plan.withWarning("The Gemfile names gems, but there is no folder '" + LIBRARIES
                                + "' in the package, and Holt does not install them yet. Run 'bundle config set --local"
                                + " path " + LIBRARIES + "' and 'bundle install', and push with that folder, or the"
                                + " program may not start.")
                        : plan);
    }
}
