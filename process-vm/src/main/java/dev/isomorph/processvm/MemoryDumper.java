package dev.isomorph.processvm;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.RunOptions.MemoryDump;
import dev.isomorph.processvm.memory.AddressSpace;
import java.io.FileOutputStream;
import java.io.IOException;

/** Writes guest memory to a file of the host. */
final class MemoryDumper {
  private static final int CHUNK = 1 << 16;

  private MemoryDumper() {}

  /** Writes what is asked for; where that cannot be, a line on standard error says why. */
  static void write(MemoryDump dump, AddressSpace space) {
    if (!space.readable(dump.start(), dump.end() - dump.start())) {
      fail(
          "not all readable: 0x"
              + Long.toHexString(dump.start())
              + " to 0x"
              + Long.toHexString(dump.end()));
      return;
    }
    byte[] buffer = new byte[CHUNK];
    try (FileOutputStream out = new FileOutputStream(dump.file())) {
      for (long at = dump.start(); at < dump.end(); at += CHUNK) {
        int length = (int) Math.min(CHUNK, dump.end() - at);
        HostMemory.copyOut(space.hostAddress(at), buffer, 0, length);
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      fail(e.getMessage());
    }
  }

  private static void fail(String reason) {
    System.err.println("isomorph: --dump-memory: " + reason);
  }
}
