package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.signal.SignalInbox;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Emitted code that makes system calls; each test is an ecall and what comes of it. */
@Timeout(300)
class DirectCallTest {
  private static final long PC = 0x4000;
  private static final int ARGUMENT = 10;
  private static final int NUMBER = 17;

  // The guest's numbers, which are of the tests' own choice.
  private static final int SOME_CALL = 7;
  private static final int OTHER_CALL = 511;

  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int PIPE = 22;
  private static final int FUTEX = 202;
  private static final int CLOCK_GETRES = 229;

  private static final int EAGAIN = 11;
  private static final int EFAULT = 14;
  private static final int EBADF = 9;
  private static final int EINVAL = 22;
  private static final int ENOSYS = 38;
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;
  private static final int FUTEX_REQUEUE = 3;
  private static final int FUTEX_PRIVATE = 128;
  private static final int FUTEX_CLOCK = 256;

  private static final int READER = 1000;
  private static final int WRITER = 3;
  private static final long LIMIT = 1L << 30;

  private final BlockRunner runner = new BlockRunner();
  private final byte[] memory = new byte[2 * GuestPages.PAGE];
  private final DirectCalls calls = new DirectCalls();
  private final long descriptors = HostMemory.allocate(Integer.BYTES * DirectCalls.DESCRIPTORS);
  private final int[] pipe = new int[2];
  private ArrayState before = States.random(new Random(1));

  @BeforeEach
  void open() {
    HostMemory.fill(descriptors, Integer.BYTES * DirectCalls.DESCRIPTORS, (byte) -1);
    HostCalls.check(call(PIPE, descriptors), "pipe");
    pipe[0] = HostMemory.getInt(descriptors);
    pipe[1] = HostMemory.getInt(descriptors + Integer.BYTES);
    HostMemory.fill(descriptors, 2L * Integer.BYTES, (byte) -1);
    HostMemory.putInt(descriptors + Integer.BYTES * READER, pipe[0]);
    HostMemory.putInt(descriptors + Integer.BYTES * WRITER, pipe[1]);
    runner.hart().directCalls(calls, descriptors, LIMIT);
  }

  @AfterEach
  void close() {
    for (int end : pipe) {
      call(HostLinux.CLOSE, end);
    }
    runner.close();
    HostMemory.free(descriptors, Integer.BYTES * DirectCalls.DESCRIPTORS);
  }

  private static long call(int number, long... arguments) {
    long[] a = java.util.Arrays.copyOf(arguments, 6);
    return HostCalls.syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }

  private BlockRunner.Result ecall(boolean polled, long number, long... arguments) {
    before = States.copyOf(before);
    for (int i = 0; i < arguments.length; i++) {
      before.put(ARGUMENT + i, arguments[i]);
    }
    before.put(NUMBER, number);
    IrBlock block = new IrBlock();
    block.beginInstruction(PC, 0x73, 4);
    block.emit(IrOp.TRAP, IrBlock.NONE, TrapKind.SYSTEM_CALL.ordinal());
    return runner.run(block, before, memory, polled);
  }

  private BlockRunner.Result ecall(long number, long... arguments) {
    return ecall(false, number, arguments);
  }

  /** The guest goes on behind the ecall; nothing has changed but a0. */
  private void assertMade(long result, BlockRunner.Result actual) {
    assertEquals(ExitReason.LINK, actual.reason());
    assertEquals(PC + 4, actual.pc());
    before.put(ARGUMENT, result);
    assertSame(actual);
  }

  /** Java is asked to look after the ecall; nothing has changed. */
  private void assertLeft(ExitReason reason, BlockRunner.Result actual) {
    assertEquals(reason, actual.reason());
    assertEquals(PC, actual.pc());
    assertSame(actual);
  }

  private void assertSame(BlockRunner.Result actual) {
    for (int slot = 1; slot < StateSlot.COUNT; slot++) {
      assertEquals(before.get(slot), actual.state().get(slot), StateSlot.name(slot));
    }
    assertEquals(before.fflags(), actual.state().fflags());
  }

  @Test
  void anAnswerIsTheResult() {
    calls.allow(SOME_CALL, HostLinux.GETPID, new DirectCalls.Form());
    calls.allow(OTHER_CALL, HostLinux.GETTID, new DirectCalls.Form());
    assertMade(call(HostLinux.GETPID), ecall(SOME_CALL));
    assertMade(call(HostLinux.GETTID), ecall(OTHER_CALL));
  }

  @ParameterizedTest
  @ValueSource(longs = {SOME_CALL + 1, DirectCalls.ROWS, -1, 1L << 32 | SOME_CALL})
  void whatIsNotInTheTableIsForJava(long number) {
    calls.allow(SOME_CALL, HostLinux.GETPID, new DirectCalls.Form());
    assertLeft(ExitReason.SYSTEM_CALL, ecall(number));
  }

  @Test
  void withoutATableAllIsForJava() {
    try (BlockRunner other = new BlockRunner()) {
      IrBlock block = new IrBlock();
      block.beginInstruction(PC, 0x73, 4);
      block.emit(IrOp.TRAP, IrBlock.NONE, TrapKind.SYSTEM_CALL.ordinal());
      BlockRunner.Result result = other.run(block, before, memory, false);
      assertLeft(ExitReason.SYSTEM_CALL, result);
    }
  }

  @Test
  void theTableIsChecked() {
    DirectCalls.Form form = new DirectCalls.Form();
    assertThrows(IllegalArgumentException.class, () -> calls.allow(-1, 1, form));
    assertThrows(IllegalArgumentException.class, () -> calls.allow(DirectCalls.ROWS, 1, form));
    assertThrows(IllegalArgumentException.class, () -> calls.allow(1, -1, form));
    assertThrows(IllegalArgumentException.class, () -> calls.allow(1, 1 << 16, form));
  }

  @Test
  void allSixArgumentsArrive() {
    // mmap of nothing accessible: length, protection, flags, no file, an offset that must be 0.
    calls.allow(SOME_CALL, HostLinux.MMAP, new DirectCalls.Form());
    int flags = HostLinux.MAP_PRIVATE | HostLinux.MAP_ANONYMOUS;
    long address = call(HostLinux.MMAP, 0, GuestPages.PAGE, HostLinux.PROT_NONE, flags, -1, 0);
    call(HostLinux.MUNMAP, address, GuestPages.PAGE);
    int fixed = flags | HostLinux.MAP_FIXED;
    assertMade(address, ecall(SOME_CALL, address, GuestPages.PAGE, 0, fixed, -1, 0));
    assertMade(-EINVAL, ecall(SOME_CALL, address, GuestPages.PAGE, 0, fixed, -1, 1));
    call(HostLinux.MUNMAP, address, GuestPages.PAGE);
  }

  @Test
  void descriptorsAndPointersAreTranslated() {
    calls.allow(SOME_CALL, HostLinux.WRITE, new DirectCalls.Form().descriptor().pointer(1));
    calls.allow(OTHER_CALL, HostLinux.READ, new DirectCalls.Form().descriptor().pointer(1));
    for (int i = 0; i < 5; i++) {
      memory[16 + i] = (byte) (i + 1);
    }
    // A descriptor is an int: what else is in the register does not count.
    assertMade(5, ecall(SOME_CALL, 77L << 32 | WRITER, GuestPages.BASE + 16, 5));
    BlockRunner.Result read = ecall(OTHER_CALL, READER, GuestPages.BASE + 100, 10);
    assertMade(5, read);
    byte[] expected = memory.clone();
    System.arraycopy(memory, 16, expected, 100, 5);
    assertArrayEquals(expected, read.memory());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, READER - 1, DirectCalls.DESCRIPTORS, -1, Integer.MIN_VALUE})
  void otherDescriptorsAreForJava(long descriptor) {
    calls.allow(SOME_CALL, HostLinux.CLOSE, new DirectCalls.Form().descriptor());
    assertLeft(ExitReason.SYSTEM_CALL, ecall(SOME_CALL, descriptor));
  }

  @Test
  void pointersThatAreNoneAreForJava() {
    calls.allow(SOME_CALL, HostLinux.WRITE, new DirectCalls.Form().descriptor().pointer(1));
    assertLeft(ExitReason.SYSTEM_CALL, ecall(SOME_CALL, WRITER, LIMIT, 1));
    assertLeft(ExitReason.SYSTEM_CALL, ecall(SOME_CALL, WRITER, -1, 1));
    assertMade(-EFAULT, ecall(SOME_CALL, WRITER, LIMIT - 1, 1));
  }

  @Test
  void theNullPointerStaysNull() {
    // Where to store the answer, or null for nowhere.
    calls.allow(SOME_CALL, CLOCK_GETRES, new DirectCalls.Form().pointer(1));
    assertMade(0, ecall(SOME_CALL, 0, 0));
  }

  @Test
  void errorsAreResults() {
    calls.allow(SOME_CALL, HostLinux.CLOSE, new DirectCalls.Form());
    calls.allow(OTHER_CALL, 0xffff, new DirectCalls.Form());
    assertMade(-EBADF, ecall(SOME_CALL, -1));
    assertMade(-ENOSYS, ecall(OTHER_CALL));
  }

  @Test
  void errorsThatComeWithASignalAreForJava() {
    calls.allow(SOME_CALL, HostLinux.WRITE, new DirectCalls.Form().descriptor().pointer(1));
    call(HostLinux.CLOSE, pipe[0]);
    assertLeft(ExitReason.CALL_MADE, ecall(SOME_CALL, WRITER, GuestPages.BASE, 1));
    assertEquals(-HostLinux.EPIPE, runner.hart().field(RegisterFile.CALL_RESULT));
  }

  @Test
  void aCallIsNotMadeWhilePolled() {
    calls.allow(SOME_CALL, HostLinux.WRITE, new DirectCalls.Form().descriptor().pointer(1));
    assertLeft(ExitReason.POLL, ecall(true, SOME_CALL, WRITER, GuestPages.BASE, 1));
    assertMade(1, ecall(SOME_CALL, WRITER, GuestPages.BASE, 1));
    calls.allow(OTHER_CALL, HostLinux.READ, new DirectCalls.Form().descriptor().pointer(1));
    assertMade(1, ecall(OTHER_CALL, READER, GuestPages.BASE, 2));
  }

  @Test
  void aReservationEnds() {
    calls.allow(SOME_CALL, HostLinux.GETPID, new DirectCalls.Form());
    before.reserve(GuestPages.BASE, 1);
    assertFalse(ecall(SOME_CALL).state().reservationValid());
  }

  @ParameterizedTest
  @CsvSource({
    FUTEX_WAKE + ", 77, 0",
    (FUTEX_WAKE | FUTEX_PRIVATE) + ", 0, 0",
    FUTEX_WAIT + ", 0, " + -EAGAIN,
    (FUTEX_WAIT | FUTEX_PRIVATE) + ", 0, " + -EAGAIN,
  })
  void plainFutexesAreMade(long operation, long timeout, long expected) {
    calls.allow(SOME_CALL, FUTEX, new DirectCalls.Form().pointer(0).futex());
    assertMade(expected, ecall(SOME_CALL, GuestPages.BASE, operation, 5, timeout));
  }

  @ParameterizedTest
  @CsvSource({
    FUTEX_WAIT + ", 16",
    (FUTEX_WAIT | FUTEX_PRIVATE) + ", 1",
    (FUTEX_WAIT | FUTEX_CLOCK) + ", 0",
    FUTEX_REQUEUE + ", 0",
    "-1, 0",
  })
  void otherFutexesAreForJava(long operation, long timeout) {
    calls.allow(SOME_CALL, FUTEX, new DirectCalls.Form().pointer(0).futex());
    assertLeft(ExitReason.SYSTEM_CALL, ecall(SOME_CALL, GuestPages.BASE, operation, 5, timeout));
  }

  /** Does something once the calling thread sleeps in its next system call. */
  private Thread whenAsleep(Runnable action) {
    Path state = Path.of("/proc/self/task/" + call(HostLinux.GETTID) + "/stat");
    Thread other =
        new Thread(
            () -> {
              while (!runner.hart().isInCall() || !isAsleep(state)) {
                Thread.onSpinWait();
              }
              action.run();
            });
    other.start();
    return other;
  }

  private static boolean isAsleep(Path state) {
    try {
      String text = Files.readString(state);
      return text.startsWith(" S ", text.lastIndexOf(')') + 1);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void setPoll() {
    runner.hart().poll(1);
  }

  @Test
  void whoeverIsPolledInACallComesBackBehindIt() throws InterruptedException {
    calls.allow(SOME_CALL, HostLinux.READ, new DirectCalls.Form().descriptor().pointer(1));
    Thread other =
        whenAsleep(
            () -> {
              setPoll();
              call(HostLinux.WRITE, pipe[1], descriptors, 3);
            });
    BlockRunner.Result result = ecall(SOME_CALL, READER, GuestPages.BASE, 10);
    other.join();
    assertEquals(ExitReason.POLL, result.reason());
    assertEquals(PC + 4, result.pc());
    before.put(ARGUMENT, 3);
    assertSame(result);
    runner.hart().endCall();
    assertFalse(runner.hart().isInCall());
  }

  @Test
  void aKickBreaksACall() throws InterruptedException {
    calls.allow(SOME_CALL, HostLinux.READ, new DirectCalls.Form().descriptor().pointer(1));
    try (SignalInbox inbox = SignalInbox.open(runner.hart().address(RegisterFile.POLL))) {
      inbox.registerCurrentThread();
      Thread other = whenAsleep(inbox::kick);
      BlockRunner.Result result = ecall(SOME_CALL, READER, GuestPages.BASE, 10);
      other.join();
      assertLeft(ExitReason.CALL_MADE, result);
      assertEquals(-HostLinux.ERESTARTSYS, runner.hart().field(RegisterFile.CALL_RESULT));
    }
  }

  @Test
  void isInACallOnlyWhileItIs() {
    calls.allow(SOME_CALL, HostLinux.GETPID, new DirectCalls.Form());
    assertFalse(runner.hart().isInCall());
    ecall(SOME_CALL);
    assertFalse(runner.hart().isInCall());
    assertTrue(ecall(SOME_CALL).state().get(ARGUMENT) > 0);
  }
}
