package dev.isomorph.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher script in a made-up tree, with a java and a mvn that only tell how they were called.
 */
final class LauncherTest {
  private static final Instant EARLIER = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir Path scratch;
  private Path home;
  private Path jdk;
  private final Map<String, String> environment = new LinkedHashMap<>();

  private record Outcome(int status, String output, String errors) {}

  @BeforeEach
  void makeTree() throws IOException {
    home = scratch.resolve("a project");
    Files.createDirectories(home.resolve("tools/src/main"));
    Files.createDirectories(home.resolve("tools/target"));
    script(home.resolve("isomorph"), Files.readString(Path.of("../isomorph")));
    Files.writeString(home.resolve("pom.xml"), "");
    age(home.resolve("pom.xml"));
    age(home.resolve("tools/src/main"));
    Files.writeString(home.resolve("tools/target/isomorph.jar"), "");
    Files.writeString(home.resolve("tools/target/isomorph-25.0.3.aot"), "");
    jdk = jdk("jdk", "25.0.3");
    environment.put("JAVA_HOME", jdk.toString());
    environment.put("ISOMORPH_JAVA_HOME", "");
    environment.put(
        "PATH",
        script(
                    scratch.resolve("bin/mvn"),
                    """
                    #!/bin/sh
                    echo "mvn $*" >>"%s/mvn.log"
                    touch tools/target/isomorph.jar
                    exit "${MVN_STATUS:-0}"
                    """
                        .formatted(scratch))
                .getParent()
            + ":/usr/bin:/bin");
  }

  private Path jdk(String name, String version) throws IOException {
    Path place = scratch.resolve(name);
    script(place.resolve("bin/javac"), "#!/bin/sh\n");
    script(
        place.resolve("bin/java"),
        """
        #!/bin/sh
        case "$*" in *AOTCacheOutput*) echo "trained" >>"%s/train.log"; exit 0 ;; esac
        echo "%s"
        printf '<%%s>\\n' "$@"
        exit 42
        """
            .formatted(scratch, name));
    Files.writeString(
        place.resolve("release"),
        "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nOS=\"y\"\n");
    return place;
  }

  private static Path script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  private static void age(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(EARLIER));
  }

  private Outcome launch(Path directory, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(words));
    Path errors = scratch.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    builder.redirectError(errors.toFile());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes());
    return new Outcome(process.waitFor(), output, Files.readString(errors));
  }

  @Test
  void guestWordsArriveUntouched() throws Exception {
    Outcome outcome =
        launch(home, "./isomorph", "run", "--stats", "prog", "a  b", "", "*", "-x", "\\n");
    assertEquals(42, outcome.status);
    assertEquals("", outcome.errors);
    assertTrue(
        outcome.output.endsWith(
            "<-cp>\n<"
                + home
                + "/./tools/target/isomorph.jar>\n"
                + "<dev.isomorph.tools.Main>\n"
                + "<run>\n"
                + "<--stats>\n"
                + "<prog>\n"
                + "<a  b>\n"
                + "<>\n"
                + "<*>\n"
                + "<-x>\n"
                + "<\\n"
                + ">\n"),
        outcome.output);
    assertTrue(outcome.output.contains("<-Xrs>"));
  }

  /** The first is what shells say by what they run, and have others inherit. */
  @Test
  void whatIsExportedIsLeftToTheGuest() throws Exception {
    List<String> names =
        List.of("_", "version", "key", "value", "home", "module", "jar", "guest", "self", "place");
    names.forEach(name -> environment.put(name, "the user's"));
    script(jdk.resolve("bin/java"), "#!/bin/sh\ntr '\\0' '\\n' </proc/$$/environ\n");
    List<String> seen = launch(home, "./isomorph", "run", "prog").output.lines().toList();
    for (String name : names) {
      assertTrue(seen.contains(name + "=the user's"), name + " in " + seen);
    }
  }

  @Test
  void symbolicLinksLeadHome() throws Exception {
    Path link = scratch.resolve("elsewhere/iso");
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(scratch.resolve("hop"), Path.of("a project/isomorph"));
    Files.createSymbolicLink(link, Path.of("../hop"));
    Outcome outcome = launch(link.getParent(), link.toString(), "run", "x");
    assertEquals(42, outcome.status, outcome.errors);
    assertTrue(outcome.output.contains("a project/tools/target/isomorph.jar>"), outcome.output);
  }

  @Test
  void theNamedJdkMustBeNewEnough() throws Exception {
    environment.put("ISOMORPH_JAVA_HOME", jdk("old", "17.0.1").toString());
    Outcome outcome = launch(home, "./isomorph", "--version");
    assertEquals(127, outcome.status);
    assertEquals(
        "isomorph: ISOMORPH_JAVA_HOME=" + scratch + "/old is not a JDK 25 or newer\n",
        outcome.errors);
    environment.put("ISOMORPH_JAVA_HOME", jdk("new", "26").toString());
    assertTrue(launch(home, "./isomorph", "--version").output.startsWith("new\n"));
  }

  @Test
  void oldJdksArePassedOver() throws Exception {
    environment.put("JAVA_HOME", jdk("old", "24.0.1").toString());
    environment.put("HOME", scratch.toString());
    jdk(".jdks/mine", "25");
    String output = launch(home, "./isomorph", "--version").output;
    assertFalse(output.startsWith("old\n"), output);
  }

  @Test
  void aFreshJarIsNotBuilt() throws Exception {
    launch(home, "./isomorph", "run", "x");
    assertFalse(Files.exists(scratch.resolve("mvn.log")));
    assertFalse(Files.exists(scratch.resolve("train.log")));
  }

  @Test
  void newerSourcesAreBuiltOnce() throws Exception {
    age(home.resolve("tools/target/isomorph.jar"));
    Files.writeString(home.resolve("tools/src/main/A.java"), "");
    Outcome outcome = launch(home, "./isomorph", "run", "x");
    assertEquals("isomorph: building tools (sources changed)\n", outcome.errors);
    assertEquals(42, outcome.status);
    outcome = launch(home, "./isomorph", "run", "x");
    assertEquals("", outcome.errors);
    assertEquals(1, Files.readAllLines(scratch.resolve("mvn.log")).size());
    assertEquals(1, Files.readAllLines(scratch.resolve("train.log")).size());
  }

  /** Java takes what it has cached for what is in them, and nothing if its options are others. */
  @Test
  void jarsThatAreNewerThanWhatJavaHasCachedOfThemAreCachedAgain() throws Exception {
    Path library = home.resolve("tools/target/lib/engine.jar");
    Files.createDirectories(library.getParent());
    Files.writeString(library, "");
    List<Path> parts =
        List.of(library, home.resolve("tools/target/isomorph.jar"), home.resolve("isomorph"));
    for (Path part : parts) {
      age(part);
    }
    for (Path part : parts) {
      Files.setLastModifiedTime(part, FileTime.from(EARLIER.plusSeconds(1)));
      age(home.resolve("tools/target/isomorph-25.0.3.aot"));
      launch(home, "./isomorph", "run", "x");
      launch(home, "./isomorph", "run", "x");
      age(part);
    }
    assertEquals(3, Files.readAllLines(scratch.resolve("train.log")).size());
  }

  @Test
  void aTreeThatCannotBeWrittenIsSaid() throws Exception {
    Files.delete(home.resolve("tools/target/isomorph.jar"));
    Files.delete(home.resolve("tools/target/isomorph-25.0.3.aot"));
    Files.delete(home.resolve("tools/target"));
    Files.writeString(home.resolve("tools/target"), "");
    Outcome outcome = launch(home, "./isomorph", "run", "x");
    assertEquals(125, outcome.status);
    assertEquals(
        "isomorph: cannot build: " + home + "/./tools/target cannot be written\n", outcome.errors);
  }

  @Test
  void crashReportsOfJavaStayOutOfTheUsersFolder() throws Exception {
    for (String command : List.of("run", "--version")) {
      assertTrue(launch(home, "./isomorph", command, "x").output.contains("<-XX:ErrorFile=/tmp/"));
    }
  }

  @Test
  void campaignsStartFromAJarOfTheirOwn() throws Exception {
    Outcome outcome = launch(home, "./isomorph", "campaign", "--help");
    assertEquals("isomorph: building conformance-tests (first use)\n", outcome.errors);
    assertTrue(
        outcome.output.endsWith("/conformance-tests/target/isomorph.jar>\n<campaign>\n<--help>\n"),
        outcome.output);
    assertTrue(outcome.output.contains("<-Disomorph.launcher="), outcome.output);
    String build = Files.readString(scratch.resolve("mvn.log"));
    assertTrue(build.contains("-pl conformance-tests -am package"), build);
    assertFalse(Files.exists(scratch.resolve("train.log")));
  }

  @Test
  void helpIsGivenByTheCommandItself() throws Exception {
    for (String command : List.of("run", "campaign")) {
      Outcome outcome = launch(home, "./isomorph", "help", command);
      assertTrue(outcome.output.endsWith("<" + command + ">\n<--help>\n"), outcome.output);
    }
    String all = launch(home, "./isomorph", "help").output;
    assertTrue(all.endsWith("/tools/target/isomorph.jar>\n<--help>\n"), all);
  }

  @Test
  void aFailedBuildShowsWhyAndStops() throws Exception {
    environment.put("MVN_STATUS", "1");
    Files.delete(home.resolve("tools/target/isomorph.jar"));
    Outcome outcome = launch(home, "./isomorph", "run", "x");
    assertEquals(125, outcome.status);
    assertEquals(
        "isomorph: building tools (first use)\nisomorph: the build failed\n", outcome.errors);
    assertEquals("", outcome.output);
  }
}
