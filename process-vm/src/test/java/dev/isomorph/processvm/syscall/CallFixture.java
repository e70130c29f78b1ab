package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.fs.HostFiles;
import dev.isomorph.processvm.fs.RootedPaths;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Mman;
import dev.isomorph.processvm.procfs.ProcFiles;
import dev.isomorph.processvm.signal.GuestSignals;
import dev.isomorph.processvm.signal.HostSignals;
import dev.isomorph.processvm.signal.PlainRegisters;
import dev.isomorph.processvm.tree.ProcessTree;
import dev.isomorph.processvm.tree.TimerOwners;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A guest process without code: tests make its system calls. */
final class CallFixture implements AutoCloseable {
  static final int AT_FDCWD = -100;

  /** Guest memory to use at will. */
  static final long ROOM = 0x100000;

  static final int ROOM_BYTES = 1 << 16;

  /** A page that may only be read. */
  static final long READ_ONLY = 0x200000;

  /** Nothing is mapped here. */
  static final long NOWHERE = 0x300000;

  private static final int FCNTL = 72;
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;
  private static final int FIXED = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED;

  final AddressSpace space = new AddressSpace(8L << 20, (start, end) -> {});
  final GuestSignals signals = new GuestSignals(space, HostSignals.NONE, 0x5000);
  final PlainRegisters registers = new PlainRegisters();
  final List<Long> flushed = new ArrayList<>();
  final SystemCalls calls;
  private final long flag = HostMemory.allocate(4096);
  private long next = ROOM;

  CallFixture() {
    this(null, null);
  }

  CallFixture(String root, Strace trace) {
    keepDescriptors();
    int access = Mman.PROT_READ | Mman.PROT_WRITE;
    space.mmap(ROOM, ROOM_BYTES, access, FIXED, -1, 0, null);
    space.mmap(READ_ONLY, AddressSpace.PAGE, Mman.PROT_READ, FIXED, -1, 0, null);
    ProcFiles files =
        new ProcFiles() {
          @Override
          public byte[] contentFor(String path) {
            return path.equals("/proc/self/maps") ? bytes("the maps\n") : null;
          }

          @Override
          public String linkFor(String path) {
            return path.equals("/proc/self/exe") ? "/usr/bin/guest" : null;
          }
        };
    calls =
        new SystemCalls(
            new SystemCalls.Process(
                new ProcessHost.Home(space, files, (start, end) -> flushed.add(start), null),
                new RootedPaths(root, new HostFiles()),
                signals,
                flag,
                trace,
                Family.first(ProcessTree.ofHost(), new TimerOwners(), HostSignals.NONE)));
    registers.x(2, ROOM + ROOM_BYTES);
    registers.pc(0x1000);
  }

  /** Marks what this JVM has open as its own, which a guest does not inherit. */
  private static void keepDescriptors() {
    for (int descriptor = 3; descriptor < 256; descriptor++) {
      HostCalls.syscall(FCNTL, descriptor, F_SETFD, FD_CLOEXEC, 0, 0, 0);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Makes a call and returns a0. */
  long call(Syscall call, long... arguments) {
    return callNumber(call.number, arguments);
  }

  long callNumber(long number, long... arguments) {
    for (int i = 0; i < 6; i++) {
      registers.x(10 + i, i < arguments.length ? arguments[i] : 0x7777_7777_7777L);
    }
    registers.x(17, number);
    calls.dispatch(registers);
    return registers.x(10);
  }

  /** Lets emitted code have made a call with that answer of the host's; returns a0. */
  long settle(long result, Syscall call, long... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      registers.x(10 + i, arguments[i]);
    }
    registers.x(17, call.number);
    calls.settle(registers, result);
    return registers.x(10);
  }

  /** Returns the guest address of {@code size} fresh bytes, aligned to 16. */
  long room(int size) {
    long address = next;
    next += size + 15 & -16L;
    if (next > ROOM + ROOM_BYTES) {
      throw new IllegalStateException("no room");
    }
    return address;
  }

  /** Returns the guest address of a string. */
  long string(String text) {
    long address = room(text.length() + 1);
    byte[] content = bytes(text + "\0");
    HostMemory.copyIn(content, 0, host(address), content.length);
    return address;
  }

  /** Returns the guest address of longs. */
  long longs(long... values) {
    long address = room(8 * values.length);
    for (int i = 0; i < values.length; i++) {
      HostMemory.putLong(host(address) + 8L * i, values[i]);
    }
    return address;
  }

  String text(long address, long length) {
    byte[] content = new byte[(int) length];
    HostMemory.copyOut(host(address), content, 0, content.length);
    return new String(content, StandardCharsets.ISO_8859_1);
  }

  long host(long guest) {
    return space.hostAddress(guest);
  }

  int getInt(long guest) {
    return HostMemory.getInt(host(guest));
  }

  long getLong(long guest) {
    return HostMemory.getLong(host(guest));
  }

  @Override
  public void close() {
    space.release();
    HostMemory.free(flag, 4096);
  }
}
