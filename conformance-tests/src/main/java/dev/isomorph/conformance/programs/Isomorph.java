package dev.isomorph.conformance.programs;

import dev.isomorph.tools.Main;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Isomorph's command line in a process of its own. */
public final class Isomorph {
  /** What the launcher tells of itself. */
  private static final String LAUNCHER = "isomorph.launcher";

  private Isomorph() {}

  /**
   * The words before a program and its arguments: the launcher that started this process, or a Java
   * like this one, with the classes of this one.
   */
  public static List<String> run(List<String> options) {
    String launcher = System.getProperty(LAUNCHER, "");
    List<String> command = launcher.isEmpty() ? java() : new ArrayList<>(List.of(launcher));
    command.add("run");
    command.addAll(options);
    return command;
  }

  private static List<String> java() {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=1",
            "-Xrs",
            "--add-exports",
            "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
  }
}
