package dev.isomorph.hostbackend.signal;

import static dev.isomorph.hostbackend.asm.Gpr.RAX;
import static dev.isomorph.hostbackend.asm.Gpr.RBP;
import static dev.isomorph.hostbackend.asm.Gpr.RBX;
import static dev.isomorph.hostbackend.asm.Gpr.RCX;
import static dev.isomorph.hostbackend.asm.Gpr.RDX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.hostbackend.GuestCode;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultHandlerTest {
  private static final int SEGV_MAPERR = 1;
  private static final int SEGV_ACCERR = 2;
  private static final int BUS_ADRERR = 2;
  private static final int FPE_INTDIV = 1;
  private static final int ILL_ILLOPN = 2;
  private static final int SI_KERNEL = 128;

  private static final FaultSlots SLOTS = new FaultSlots(256, 264, 272, 276, 288);
  private static final int SAVED_RBX = 280;
  private static final int REASON = 9;
  private static final long LIVE = 0x0123_4567_89ab_cdefL;

  private final GuestCode guest = new GuestCode();
  private FaultHandler handler;
  private long exit;

  @BeforeEach
  void install() {
    exit = guest.addExit(REASON, asm -> asm.mov(8, Mem.of(RBP, SAVED_RBX), RBX));
    handler = FaultHandler.install(guest.base(), GuestCode.SIZE, exit, SLOTS);
  }

  @AfterEach
  void close() {
    handler.close();
    guest.close();
  }

  /** Code that faults, and where. */
  private record Faulting(long entry, long pc) {}

  /** Emits what prepares the fault, with {@link #LIVE} in rbx, then what faults. */
  private Faulting faulting(Consumer<Assembler> before, Consumer<Assembler> fault) {
    Label here = new Label();
    long entry =
        guest.addEntry(
            asm -> {
              asm.movImm(RBX, LIVE);
              before.accept(asm);
              asm.bind(here);
              fault.accept(asm);
              asm.ud2();
            });
    return new Faulting(entry, entry + here.position());
  }

  private void expect(int signal, int code, long address, Faulting faulting) {
    long state = guest.state();
    HostMemory.fill(state + 256, 64, (byte) 0x55);
    assertEquals(REASON, guest.run(faulting.entry));
    assertEquals(signal, HostMemory.getInt(state + SLOTS.signal()));
    assertEquals(code, HostMemory.getInt(state + SLOTS.code()));
    assertEquals(address, HostMemory.getLong(state + SLOTS.address()));
    assertEquals(faulting.pc, HostMemory.getLong(state + SLOTS.hostPc()));
    assertEquals(LIVE, HostMemory.getLong(state + SAVED_RBX));
  }

  private static void load(Assembler asm) {
    asm.mov(8, RAX, Mem.of(RCX, 16));
  }

  @Test
  void loadFromAnUnmappedAddress() {
    expect(
        Signals.SIGSEGV,
        SEGV_MAPERR,
        16,
        faulting(asm -> asm.xor(4, RCX, RCX), FaultHandlerTest::load));
  }

  @Test
  void storeToAProtectedPage() {
    long page = HostMemory.allocate(4096);
    HostCalls.syscall(HostLinux.MPROTECT, page, 4096, HostLinux.PROT_READ, 0, 0, 0);
    expect(
        Signals.SIGSEGV,
        SEGV_ACCERR,
        page + 24,
        faulting(asm -> asm.movImm(RCX, page), asm -> asm.mov(8, Mem.of(RCX, 24), RAX)));
    HostMemory.free(page, 4096);
  }

  @Test
  void accessToAnAddressThatIsNotCanonical() {
    expect(
        Signals.SIGSEGV,
        SI_KERNEL,
        0,
        faulting(asm -> asm.movImm(RCX, 0x8000_0000_0000_0000L), FaultHandlerTest::load));
  }

  /** As often as it takes the JVM to compile the access. */
  @Test
  void faultsOfJavaInToleratedMemoryAreErrors() {
    long page = HostMemory.allocate(4096);
    HostCalls.syscall(HostLinux.MPROTECT, page, 4096, 0, 0, 0, 0);
    long tolerated = FaultHandler.tolerate(page, 4096);
    for (int i = 0; i < 20_000; i++) {
      int at = i % 4088;
      expectError(() -> loaded += HostMemory.getByte(page + at));
      expectError(() -> HostMemory.putLong(page + at, 1));
      expectError(() -> HostMemory.copy(page, page + 8, 8));
      expectError(() -> HostMemory.fill(page + at, 8, (byte) 1));
    }
    FaultHandler.forget(tolerated);
    HostMemory.free(page, 4096);
  }

  /** So that loads are not left out. */
  private long loaded;

  private static void expectError(Runnable access) {
    assertThrows(
        InternalError.class,
        () -> {
          access.run();
          HostCalls.settle();
        });
  }

  @Test
  void loadBeyondTheEndOfAMappedFile() {
    long name = HostMemory.allocate(8);
    long file = HostCalls.syscall(HostLinux.MEMFD_CREATE, name, 0, 0, 0, 0, 0);
    long page =
        HostCalls.syscall(
            HostLinux.MMAP, 0, 4096, HostLinux.PROT_READ, HostLinux.MAP_SHARED, file, 0);
    expect(
        Signals.SIGBUS,
        BUS_ADRERR,
        page + 16,
        faulting(asm -> asm.movImm(RCX, page), FaultHandlerTest::load));
    HostMemory.free(page, 4096);
    HostMemory.free(name, 8);
    HostCalls.syscall(HostLinux.CLOSE, file, 0, 0, 0, 0, 0);
  }

  @Test
  void divisionByZero() {
    Consumer<Assembler> before =
        asm -> {
          asm.xor(4, RCX, RCX);
          asm.xor(4, RDX, RDX);
        };
    Faulting faulting = faulting(before, asm -> asm.div(8, RCX));
    expect(Signals.SIGFPE, FPE_INTDIV, faulting.pc, faulting);
  }

  @Test
  void illegalInstruction() {
    Faulting faulting = faulting(asm -> {}, Assembler::ud2);
    expect(Signals.SIGILL, ILL_ILLOPN, faulting.pc, faulting);
  }

  @Test
  void faultWithTheStackPointerMoved() {
    Consumer<Assembler> before =
        asm -> {
          asm.push(RBX);
          asm.push(RBX);
          asm.push(RBX);
          asm.xor(4, RCX, RCX);
        };
    expect(Signals.SIGSEGV, SEGV_MAPERR, 16, faulting(before, FaultHandlerTest::load));
  }

  @Test
  void severalRangesAtOnce() {
    FaultSlots elsewhere = new FaultSlots(512, 520, 528, 532, 536);
    try (GuestCode other = new GuestCode()) {
      long otherExit = other.addExit(3, asm -> {});
      FaultHandler second =
          FaultHandler.install(other.base(), GuestCode.SIZE, otherExit, elsewhere);
      long code = other.addEntry(Assembler::ud2);
      assertEquals(3, other.run(code));
      assertEquals(Signals.SIGILL, HostMemory.getInt(other.state() + elsewhere.signal()));
      loadFromAnUnmappedAddress();
      second.close();
    }
    loadFromAnUnmappedAddress();
  }

  @Test
  void aClosedRangeCanBeInstalledAnew() {
    for (int i = 0; i < 1000; i++) {
      handler.close();
      handler.close();
      handler = FaultHandler.install(guest.base(), GuestCode.SIZE, exit, SLOTS);
    }
    loadFromAnUnmappedAddress();
  }

  @Test
  void tooManyRangesAreRefused() {
    List<FaultHandler> handlers = new ArrayList<>();
    assertThrows(
        IllegalStateException.class,
        () -> {
          while (true) {
            handlers.add(FaultHandler.install(8, 8, exit, SLOTS));
          }
        });
    handlers.forEach(FaultHandler::close);
  }

  private static int depth(int n) {
    return 1 + depth(n + 1);
  }

  /** The JVM's own uses of SIGSEGV, until told to stop. */
  private static void stressJvm(AtomicBoolean stop, AtomicReference<Throwable> failure) {
    Object[] nothing = new Object[1];
    long rounds = 0;
    while (!stop.get()) {
      try {
        nothing[0].hashCode();
        failure.set(new AssertionError("no NullPointerException"));
      } catch (NullPointerException expected) {
        rounds++;
      }
      if (rounds % 5000 == 0) {
        try {
          depth(0);
          failure.set(new AssertionError("no StackOverflowError"));
        } catch (StackOverflowError expected) {
          System.gc();
        }
      }
    }
  }

  @Test
  void faultsBesideTheJvmsOwn() throws InterruptedException {
    Faulting faulting = faulting(asm -> asm.xor(4, RCX, RCX), FaultHandlerTest::load);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread thread = new Thread(() -> stressJvm(stop, failure));
      thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
      thread.start();
      threads.add(thread);
    }
    for (int i = 0; i < 20_000; i++) {
      expect(Signals.SIGSEGV, SEGV_MAPERR, 16, faulting);
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(failure.get());
  }
}
