package dev.isomorph.tools.disasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.tools.MainProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DisasmCommandTest {
  @TempDir Path directory;

  @Test
  void aListingThatCannotBeWrittenIsAnError() throws IOException {
    MainProcess.Result result =
        MainProcess.runInto(directory, Path.of("/dev/full"), "disasm", "../examples/hello/hello");
    assertEquals(
        "isomorph: cannot write to standard output: No space left on device\n", result.err());
    assertEquals(1, result.status());
  }
}
