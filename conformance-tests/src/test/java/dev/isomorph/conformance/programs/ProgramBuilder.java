package dev.isomorph.conformance.programs;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.isomorph.tools.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Builds programs, and keeps what it has built until a source, a flag or a compiler changes. */
final class ProgramBuilder {
  private static final int NAME_DIGITS = 16;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path folder;
  private final Path header;
  private final Map<Toolchain, String> versions = new EnumMap<>(Toolchain.class);

  /**
   * A builder.
   *
   * @param folder where the executables go
   * @param header what every source may include
   */
  ProgramBuilder(Path folder, Path header) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.header = header;
  }

  /** The executable of a source file. */
  Path build(Path source, Toolchain toolchain, int optimisation)
      throws IOException, InterruptedException {
    List<String> command = toolchain.command(source, optimisation);
    Path program = folder.resolve(name(source, toolchain, optimisation, command));
    if (!Files.exists(program)) {
      Path unfinished = Files.createTempFile(folder, "unfinished", null);
      List<String> whole = new ArrayList<>(command);
      whole.addAll(List.of("-o", unfinished.toString()));
      ChildProcess.Outcome outcome = new ChildProcess(LIMIT).run(whole);
      if (outcome.status() != 0) {
        Files.delete(unfinished);
        throw new IOException(String.join(" ", whole) + "\n" + outcome.errors());
      }
      Files.move(unfinished, program, StandardCopyOption.ATOMIC_MOVE);
    }
    return program.toAbsolutePath();
  }

  private String name(Path source, Toolchain toolchain, int optimisation, List<String> command)
      throws IOException, InterruptedException {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putString(String.join(" ", command), StandardCharsets.UTF_8);
    hasher.putString(version(toolchain, source), StandardCharsets.UTF_8);
    hasher.putBytes(Files.readAllBytes(source)).putBytes(Files.readAllBytes(header));
    return "%s-%s-O%d-%s"
        .formatted(
            source.getFileName(),
            toolchain.name().toLowerCase(),
            optimisation,
            hasher.hash().toString().substring(0, NAME_DIGITS));
  }

  private synchronized String version(Toolchain toolchain, Path source)
      throws IOException, InterruptedException {
    String version = versions.get(toolchain);
    if (version == null) {
      List<String> command = List.of(toolchain.compiler(source), "--version");
      version = new ChildProcess(LIMIT).run(command).text();
      versions.put(toolchain, version);
    }
    return version;
  }
}
