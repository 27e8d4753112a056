package holt.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The directions of ARCHITECTURE.md, held. Each exception stands here with its reason. */
final class ArchitectureTest {
    private static final JavaClasses HOLT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("holt");

    /** What each module may see of the others. */
    private static final Map<String, List<String>> DIRECTIONS = Map.of(
            "model", List.of(),
            "kernel", List.of("model"),
            "bus", List.of("model"),
            "store", List.of("model"),
            "identity", List.of("model"),
            "agent", List.of("model", "kernel", "bus", "store", "identity"),
            "stager", List.of("model", "kernel", "bus", "store", "identity"),
            "router", List.of("model", "kernel", "bus", "store", "identity"),
            "controller", List.of("model", "kernel", "bus", "store", "identity"),
            "cli", List.of("model"));

    @Test
    void everyModuleSeesOnlyWhatItMay() {
        DIRECTIONS.forEach((module, allowed) -> {
            String[] seen = allowed.stream().map(name -> "holt." + name + "..").toArray(String[]::new);
            classes()
                    .that()
                    .resideInAPackage("holt." + module + "..")
                    .should()
                    .onlyDependOnClassesThat(resideInAPackage("holt." + module + "..")
                            .or(resideInAnyPackage(seen))
                            .or(not(resideInAPackage("holt.."))))
                    .because(module + " may see " + allowed)
                    .check(HOLT);
        });
    }

    @Test
    void nothingButTheServerSeesTheSimulator() {
        noClasses()
                .that()
                .resideOutsideOfPackages("holt.simulator..", "holt.server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("holt.simulator..")
                .because("what is simulated must not know of it")
                .check(HOLT);
    }

    @Test
    void theSimulatorHasNoClockAndNoChanceOfItsOwn() {
        noClasses()
                .that()
                .resideInAPackage("holt.simulator..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(Thread.class.getName())
                .because("a run follows from its plan alone")
                .check(HOLT);
    }

    @Test
    void theKernelIsPure() {
        noClasses()
                .that()
                .resideInAPackage("holt.kernel..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.io..",
                                "java.net..",
                                "java.nio.file..",
                                "java.nio.channels..",
                                "java.sql..",
                                "java.util.concurrent..")
                        .and(not(resideInAPackage("java.util.concurrent.atomic.."))))
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .because("a decision that depends on facts and time alone can be simulated")
                .check(HOLT);
    }

    @Test
    void theModelDoesNoInputOrOutput() {
        noClasses()
                .that()
                .resideInAPackage("holt.model..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..", "java.sql.."))
                .check(HOLT);
    }

    @Test
    void sqlIsInTheStoreOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("holt.store..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.flywaydb.."))
                .check(HOLT);
    }

    @Test
    void processesAreStartedByTheAgentOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("holt.agent..", "holt.stager..", "holt.server..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ProcessBuilder.class.getName())
                .because("what users send is run by the agent and the stager; the server module starts the server's own"
                        + " process in the background, and the build's warm-up")
                .check(HOLT);
    }

    @Test
    void theTimeComesFromAnInjectedSource() {
        noClasses()
                .that()
                .resideInAPackage("holt..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("a test must be able to be the clock")
                .check(HOLT);
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("holt.(*)..").should().beFreeOfCycles().check(HOLT);
    }
}
