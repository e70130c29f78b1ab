package dev.isomorph.conformance.campaign;

import dev.isomorph.tools.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that findings are kept in, each in a folder of its own. */
final class Reproducers {
  private final Path folder;
  private final Path qemu;

  /**
   * A folder, which is made when there is something to keep.
   *
   * @param qemu the one that was chosen to compare with, null where none was
   */
  Reproducers(Path folder, Path qemu) {
    this.folder = folder;
    this.qemu = qemu;
  }

  /** Writes a finding down and tells where. */
  Path write(Kind kind, long seed, Finding finding) throws IOException {
    Path place = folder.resolve(kind.word() + "-" + Seeds.text(seed));
    Files.createDirectories(place);
    for (String name : finding.files()) {
      Path file = place.resolve(name);
      Files.write(file, finding.bytes(name));
      if (finding.executable(name) && !file.toFile().setExecutable(true)) {
        throw new IOException(file + " cannot be made executable");
      }
    }
    Files.writeString(place.resolve("README.md"), readme(kind, seed, finding));
    return place;
  }

  private String readme(Kind kind, long seed, Finding finding) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(finding.title()).append("\n\n");
    text.append("Again: `./isomorph campaign --kind ").append(kind.word());
    text.append(" --case ").append(Seeds.text(seed));
    if (qemu != null) {
      text.append(" --qemu ").append(ShellWord.of(qemu.toString()));
    }
    text.append("`\n");
    text.append(finding.notes());
    return text.toString();
  }
}
