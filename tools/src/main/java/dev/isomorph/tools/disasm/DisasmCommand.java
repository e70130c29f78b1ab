package dev.isomorph.tools.disasm;

import dev.isomorph.tools.Failures;
import dev.isomorph.tools.elf.ElfImage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isomorph disasm}: machine code of a RISC-V program or library as text. */
@Command(
    name = "disasm",
    header = "Prints a riscv64 ELF file's machine code as text.",
    description = {"", "The form is that of 'objdump -d' of binutils.", ""},
    footer = {
      "",
      "Examples:",
      "  isomorph disasm examples/hello/hello",
      "  isomorph disasm ~/debian/usr/lib/riscv64-linux-gnu/libc.so.6 | less"
    })
public final class DisasmCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "Program, library or object file.")
  private Path file;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  /** Made by the command line. */
  public DisasmCommand() {}

  @Override
  public Integer call() {
    try {
      Writer out =
          new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), 1 << 16);
      new Listing(new ElfImage(Files.readAllBytes(file)), out).print(file.toString());
      out.flush();
      return 0;
    } catch (FileSystemException e) {
      System.err.println("isomorph disasm: " + Failures.reason(e));
      return 1;
    } catch (IOException e) {
      System.err.println(
          "isomorph disasm: "
              + Failures.shown(file.toString())
              + ": "
              + Failures.uncapitalised(e.getMessage()));
      return 1;
    }
  }
}
