package dev.isomorph.systemvm.machine;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.options.BootOptions;
import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.Diagnostics;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.RealTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Kernels of a few instructions, and machines for them under the built-in firmware. */
final class TestKernel {
  static final EngineOptions ENGINE = EngineOptions.DEFAULT.withCodeCache(1 << 20);
  static final long MEMORY = 16 << 20;

  /** RAM that nothing is loaded to. */
  static final long SCRATCH = 0x8010_0000L;

  private static final int HEADER = 64;
  private static final int ECALL = 0x73;
  private static final int SYSTEM_RESET = 0x53525354;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A6 = 16;
  private static final int A7 = 17;

  private TestKernel() {}

  /** A machine with that kernel and nothing else. */
  static MachineOptions machine(Path kernel, int harts) {
    return new MachineOptions(
        BootOptions.of(kernel),
        harts,
        MEMORY,
        List.of(),
        List.of(),
        new CharacterBackend.None(),
        new RealTime.Host(Duration.ZERO),
        false,
        Diagnostics.NONE);
  }

  /** Turns a machine on; the exit status comes when it is off. */
  static CompletableFuture<Integer> start(Machine machine) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return machine.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  static Path write(Path folder, RiscvAssembler asm) throws IOException {
    return Files.write(folder.resolve("Image"), image(asm.bytes()));
  }

  /** Ends the machine. */
  static void powerOff(RiscvAssembler asm, int status) {
    asm.li(A0, 0);
    asm.li(A1, status);
    call(asm, SYSTEM_RESET, 0);
  }

  /** A call of the firmware's. */
  static void call(RiscvAssembler asm, int extension, int function) {
    asm.li(A6, function);
    asm.li(A7, extension);
    asm.raw(ECALL);
  }

  /** Linux's format of kernels: a header that begins with a jump over itself. */
  private static byte[] image(byte[] code) {
    ByteBuffer file = ByteBuffer.allocate(HEADER + code.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new RiscvAssembler().emit(Opcode.JAL, 0, HEADER).bytes());
    file.putLong(8, 2 << 20).putLong(16, file.capacity());
    file.put(48, "RISCV".getBytes(StandardCharsets.US_ASCII));
    file.put(56, "RSC\u0005".getBytes(StandardCharsets.US_ASCII));
    return file.put(HEADER, code).array();
  }
}
