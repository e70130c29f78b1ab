package dev.isomorph.tools.diff;

import dev.isomorph.decoder.Registers;
import dev.isomorph.engine.Hart;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.RunOptions;
import dev.isomorph.processvm.fs.HostFiles;
import dev.isomorph.processvm.fs.PathFailure;
import dev.isomorph.processvm.fs.RootedPaths;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.tools.Qemu;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A qemu that runs the same program beside Isomorph. It is asked by a debugger's protocol how the
 * program starts, and then let run; its log tells the registers before each instruction.
 */
final class QemuWitness implements Witness, Comparison.Start {
  private static final int PC = 32;
  private static final int MOST_STACK = 4 << 20;
  private static final int VDSO_BYTES = 4096;
  private static final int CONNECT_ATTEMPTS = 1000;
  private static final int PAUSE_MILLIS = 10;

  /** What is added to the number of a signal in the status of a process that it has ended. */
  private static final int BY_SIGNAL = 128;

  /** Signals that no instruction causes: SIGHUP, SIGINT, SIGQUIT, SIGKILL and SIGTERM. */
  private static final long ASKING = 1L << 1 | 1L << 2 | 1L << 3 | 1L << 9 | 1L << 15;

  /** Since this version one instruction per block is asked for by another name. */
  private static final int FIRST_WITH_ONE_PER_BLOCK = 8;

  private final Qemu qemu;
  private final Path directory;
  private final Process process;
  private final QemuLog log;
  private final GuestState state = new GuestState();
  private final byte[] stack;
  private final long pointer;
  private final long pc;
  private GdbStub stub;
  private final byte[] vdso;

  /**
   * Starts qemu.
   *
   * @param input what the program reads as its standard input
   */
  QemuWitness(Qemu qemu, RunOptions options, File input) throws IOException {
    this.qemu = qemu;
    directory = Files.createTempDirectory("isomorph-diff");
    Path socket = directory.resolve("gdb");
    // The log goes where standard error was: a pipe to here, by another descriptor.
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", "exec 3>&2 2>\"$0\"; exec \"$@\""));
    command.add(directory.resolve("errors").toString());
    command.addAll(qemu.fullest());
    command.add(qemu.major() >= FIRST_WITH_ONE_PER_BLOCK ? "-one-insn-per-tb" : "-singlestep");
    command.addAll(List.of("-d", "cpu,fpu,nochain", "-D", "/proc/self/fd/3"));
    command.addAll(List.of("-R", "0x" + Long.toHexString(AddressSpace.DEFAULT_SIZE)));
    command.addAll(List.of("-g", socket.toString()));
    for (String variable : options.environment()) {
      command.addAll(List.of("-E", variable));
    }
    String program = options.program();
    if (options.root() != null) {
      command.addAll(List.of("-L", options.root()));
      program = program.startsWith("/") ? inRoot(options.root(), program) : program;
    }
    command.addAll(List.of("-0", options.program(), program));
    command.addAll(options.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(input))
            .redirectOutput(Redirect.DISCARD);
    if (options.directory() != null) {
      String root = options.root() == null ? "" : options.root();
      builder.directory(new File(root + options.directory()));
    }
    process = builder.start();
    try {
      stub = connect(socket);
      long[] registers = stub.registers();
      pc = registers[PC];
      pointer = registers[Registers.SP];
      stack = StartImage.trim(stub.memory(pointer, MOST_STACK), pointer);
      long page = StartImage.auxiliary(stack, StartImage.AT_SYSINFO_EHDR);
      vdso = page == 0 ? null : stub.memory(page, VDSO_BYTES);
      stub.run();
    } catch (IOException e) {
      close();
      throw e;
    }
    log = new QemuLog(new PatientInputStream(process.getErrorStream()));
    if (!log.read(state)) {
      throw new IOException(name() + " runs nothing: " + errors());
    }
  }

  /** Symbolic links in a root lead to what is in the root. */
  private static String inRoot(String root, String program) throws IOException {
    try {
      return new RootedPaths(Path.of(root).toRealPath().toString(), new HostFiles())
          .resolve(program, true);
    } catch (PathFailure e) {
      throw new IOException(program + ": " + Errno.name(e.errno()), e);
    }
  }

  private GdbStub connect(Path socket) throws IOException {
    for (int i = 0; i < CONNECT_ATTEMPTS && process.isAlive(); i++) {
      try {
        return new GdbStub(socket);
      } catch (SocketException notYet) {
        try {
          Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
    }
    throw new IOException(name() + " does not start the program: " + errors());
  }

  private String errors() throws IOException {
    Path file = directory.resolve("errors");
    return Files.exists(file) ? Files.readString(file).strip() : "no reason given";
  }

  @Override
  public void impose(Hart hart, AddressSpace space, ForeignMemory foreign) throws IOException {
    byte[] ours = StartImage.stackOf(hart, space);
    move(space, ours, StartImage.AT_PHDR);
    move(space, ours, StartImage.AT_BASE);
    StartImage.placeStack(hart, space, pointer, stack);
    if (vdso != null) {
      long page = StartImage.auxiliary(stack, StartImage.AT_SYSINFO_EHDR);
      StartImage.placeCode(space, page, vdso);
    }
    hart.pc(pc);
  }

  /** Moves the program, or its dynamic linker, to where qemu has it. */
  private void move(AddressSpace space, byte[] ours, int type) throws IOException {
    long from = StartImage.auxiliary(ours, type);
    long to = StartImage.auxiliary(stack, type);
    StartImage.moveImage(space, from, to - from);
  }

  @Override
  public String name() {
    return "qemu-riscv64 " + qemu.version();
  }

  @Override
  public GuestState state() {
    return state;
  }

  @Override
  public boolean advance() throws IOException {
    return log.read(state);
  }

  @Override
  public void requireOwnEnd() throws IOException {
    try {
      int signal = process.waitFor() - BY_SIGNAL;
      if (signal > 0 && (ASKING & 1L << signal) != 0) {
        throw new IOException(name() + " was ended by signal " + signal);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    if (stub != null) {
      stub.close();
    }
    Files.deleteIfExists(directory.resolve("gdb"));
    Files.deleteIfExists(directory.resolve("errors"));
    Files.deleteIfExists(directory);
  }
}
