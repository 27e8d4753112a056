package holt.stager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectionTest {
    private static Plan plan(String... pathsAndContents) throws IOException {
        return Detection.plan(FakeFiles.of(pathsAndContents), null);
    }

    private static Problem refusal(String... pathsAndContents) {
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> plan(pathsAndContents));
        assertThat(refused.problem().code()).isEqualTo(ErrorCode.DETECTION_FAILED);
        return refused.problem();
    }

    @Test
    void anExplicitCommandGoesBeforeEverything() throws IOException {
        Plan plan = Detection.plan(FakeFiles.of("Procfile", "web: ./a", "index.html", ""), "  ./mine --now ");
        assertThat(plan.buildpack()).isEqualTo("command");
        assertThat(plan.webCommand()).isEqualTo("./mine --now");
        assertThat(plan.processTypes()).isEqualTo(Map.of("web", "./mine --now"));
    }

    @Test
    void aBlankCommandIsNone() throws IOException {
        assertThat(Detection.plan(FakeFiles.of("Procfile", "web: ./a"), " ").buildpack())
                .isEqualTo("procfile");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Procfile,app.jar,server.js   | procfile
                    app.jar,server.js            | jar
                    server.js,app.py             | node
                    app.py,config.ru             | python
                    config.ru,index.html         | ruby
                    index.html,README.md         | static
                    """)
    void theFirstRuleThatFitsIsTaken(String names, String buildpack) throws IOException {
        FakeFiles files = FakeFiles.of(java.util.Arrays.stream(names.split(",", -1))
                .flatMap(name -> java.util.stream.Stream.of(name, "web: x"))
                .toArray(String[]::new));
        assertThat(Detection.plan(files, null).buildpack()).isEqualTo(buildpack);
    }

    @Test
    void anExecutableJarIsRunWithinItsMemory() throws IOException {
        assertThat(plan("my app.jar", "com.example.Main", "lib.jar", "").webCommand())
                .isEqualTo("java -XX:MaxRAMPercentage=65 -XX:+UseSerialGC -XX:-UsePerfData -jar 'my app.jar'");
    }

    @Test
    void anUnpackedJarIsRunByItsManifest() throws IOException {
        assertThat(plan("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: com.example.Main\n")
                        .webCommand())
                .endsWith("-cp . com.example.Main");
    }

    @Test
    void jarsThatCannotBeRunAreTold() {
        assertThat(refusal("a.jar", "", "b.war", "").detail()).contains("no manifest names a Main-Class: a.jar, b.war");
        assertThat(refusal("a.jar", "A", "b.jar", "B").detail()).contains("several executable jars: a.jar, b.jar");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"scripts":{"start":"node server.js --fast"}}                     | node server.js --fast
                    {"scripts":{"start":"NODE_ENV=x node a.js && true"}}              | npm start
                    {"scripts":{"start":"next start"}}                                | npm start
                    {"scripts":{"start":"node server.js","prestart":"echo"}}          | npm start
                    {"main":"./lib/run.js"}                                           | node lib/run.js
                    {"main":"lib/run"}                                                | node lib/run
                    {"main":"nowhere.js"}                                             | node server.js
                    {}                                                                | node server.js
                    """)
    void nodeIsStartedAsPackageJsonSays(String description, String command) throws IOException {
        Plan plan = plan("package.json", description, "server.js", "", "lib/run.js", "", "lib/run", "");
        assertThat(plan.webCommand()).isEqualTo(command);
        assertThat(plan.environment()).containsEntry("NODE_ENV", "production");
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void packageJsonThatIsNotJsonIsTold() {
        assertThat(refusal("package.json", "{nope").detail()).isEqualTo("package.json is not JSON.");
    }

    @Test
    void packageJsonWithNothingToStartIsTold() {
        assertThat(refusal("package.json", "{}").detail()).contains("neither a start script nor a main file");
    }

    @Test
    void missingNodeModulesAreWarnedOf() throws IOException {
        String description = "{\"main\":\"server.js\",\"dependencies\":{\"express\":\"5\",\"pg\":\"8\"}}";
        assertThat(plan("package.json", description, "server.js", "").warnings())
                .singleElement()
                .asString()
                .contains("2 dependencies", "npm install --omit=dev");
        assertThat(plan("package.json", description, "server.js", "", "node_modules/pg/x.js", "")
                        .warnings())
                .isEmpty();
    }

    @Test
    void aStartScriptOfAFileThatIsNotThereIsWarnedOf() throws IOException {
        assertThat(plan("package.json", "{\"scripts\":{\"start\":\"node dist/main.js\"}}")
                        .warnings())
                .singleElement()
                .asString()
                .contains("'dist/main.js', which is not in the package");
    }

    @Test
    void scriptsOfAPageAreNoProgram() throws IOException {
        assertThat(plan("index.html", "", "app.js", "").buildpack()).isEqualTo("static");
        assertThat(plan("index.html", "", "server.js", "").buildpack()).isEqualTo("node");
        assertThat(plan("index.html", "", "package.json", "{\"devDependencies\":{}}")
                        .buildpack())
                .isEqualTo("static");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    app.py    | ''              | print()         | python3 app.py
                    main.py   | flask           | app = Flask()   | python3 main.py
                    app.py    | gunicorn==23.0  | app = Flask()   | python3 -m gunicorn --bind 0.0.0.0:$PORT app:app
                    wsgi.py   | gunicorn        | application = x | python3 -m gunicorn --bind 0.0.0.0:$PORT wsgi:application
                    manage.py | django          | ''              | python3 manage.py runserver 0.0.0.0:$PORT --noreload
                    """)
    void pythonIsStartedByItsUsualNames(String name, String requirements, String text, String command)
            throws IOException {
        Plan plan = plan(name, text, "requirements.txt", requirements, "vendor/x/__init__.py", "");
        assertThat(plan.webCommand()).isEqualTo(command);
        assertThat(plan.environment()).containsEntry("PYTHONPATH", "vendor").containsEntry("PYTHONUNBUFFERED", "1");
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void missingPythonLibrariesAreWarnedOf() throws IOException {
        assertThat(plan("app.py", "", "requirements.txt", "# web\nflask==3\n").warnings())
                .singleElement()
                .asString()
                .contains("pip install -r requirements.txt -t vendor");
        assertThat(plan("app.py", "", "requirements.txt", "# nothing\n").warnings())
                .isEmpty();
        assertThat(refusal("requirements.txt", "flask").detail()).contains("there is a requirements.txt, but none of");
    }

    @Test
    void rackIsStartedByPumaWhereItIsLocked() throws IOException {
        assertThat(plan("config.ru", "").webCommand()).isEqualTo("rackup -o 0.0.0.0 -p $PORT");
        assertThat(plan("config.ru", "", "Gemfile.lock", "  specs:\n    puma (6.0)\n", "vendor/bundle/x", "")
                        .webCommand())
                .isEqualTo("bundle exec puma -b tcp://0.0.0.0:$PORT");
        assertThat(plan("server.rb", "").webCommand()).isEqualTo("ruby server.rb");
    }

    @Test
    void missingGemsAreWarnedOf() throws IOException {
        assertThat(plan("config.ru", "", "Gemfile", "source 'x'\ngem 'sinatra'\n")
                        .warnings())
                .singleElement()
                .asString()
                .contains("vendor/bundle");
        assertThat(plan("config.ru", "", "Gemfile", "# none\n").warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    index.html              | ''           | StaticSite
                    public/index.html       | ''           | StaticSite public
                    public/a.txt            | ''           | StaticSite public
                    dist/index.html         | ''           | StaticSite dist
                    my site/index.html      | root: my site| StaticSite 'my site'
                    www/index.html          | root: "www/" | StaticSite www
                    www/index.html          | root: .      | StaticSite
                    """)
    void aSiteIsServedFromItsFolder(String path, String staticfile, String end) throws IOException {
        Plan plan = staticfile.isEmpty() ? plan(path, "") : plan(path, "", "Staticfile", staticfile);
        assertThat(plan.buildpack()).isEqualTo("static");
        assertThat(plan.staticSite()).isTrue();
        assertThat(plan.webCommand()).startsWith("java -Xmx32m").endsWith(".site." + end);
    }

    @Test
    void aStaticfileWithAFolderThatIsNotThereIsTold() {
        assertThat(refusal("Staticfile", "root: nowhere", "index.html", "").found())
                .isEqualTo("nowhere");
    }

    @Test
    void aPackageThatNobodyKnowsIsToldWhatIsLookedFor() {
        Problem problem = refusal("README.md", "", "src/main.rs", "");
        assertThat(problem.expected())
                .contains("Procfile", "executable jar", "package.json", "app.py", "config.ru", "index.html");
        assertThat(problem.found()).isEqualTo("src/, README.md");
        assertThat(problem.remedy()).contains("--command");
    }

    @Test
    void aPackageOfOneFolderIsToldToPushThatFolder() {
        assertThat(refusal("shop/index.html", "").remedy()).contains("'shop'");
    }

    @Test
    void aProcfileUnderAnotherNameIsTold() {
        assertThat(refusal("procfile", "web: x").detail()).contains("'procfile' must be called 'Procfile'");
    }
}
