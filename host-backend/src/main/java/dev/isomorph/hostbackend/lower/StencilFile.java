package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.BuildIdentity;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The code of common instructions in a file, so that no process has to make it: it lies beside the
 * jar that Isomorph is started from and is made once for each build. It is of use to that build and
 * to processors with the same features only. Who may write there may change the jar as well, so
 * what it holds is not looked at any further.
 */
public final class StencilFile {
  private static final String NAME = "isomorph.stencils";

  /** The property that names the file; without, it is beside the jar. */
  public static final String PLACE = "isomorph.stencils";

  private static final long MAGIC = 0x314c_494e_4554_5349L;

  // In the head of a file.
  private static final int FEATURES = 8;
  private static final int LENGTH = 16;
  private static final int IDENTITY = 20;
  private static final int LONGEST_IDENTITY = Stencils.HEAD - 64;

  private StencilFile() {}

  /** The file's place; null when not started from a jar and none is named. */
  private static File place() {
    String named = System.getProperty(PLACE);
    if (named != null) {
      return new File(named);
    }
    File folder = new File(System.getProperty("java.class.path")).getAbsoluteFile().getParentFile();
    return folder == null ? null : new File(folder, NAME);
  }

  /** What build a file is of; null if nobody knows. A file that is named may be of no jar. */
  private static String identity() {
    String found = BuildIdentity.find();
    return found == null && System.getProperty(PLACE) != null ? "" : found;
  }

  /** What is in the file; null if there is none for this build and processor. */
  static Stencils open(CpuFeatures cpu) {
    File file = place();
    String identity = file == null || !file.isFile() ? null : identity();
    return identity == null ? null : open(file, cpu, identity);
  }

  static Stencils open(File file, CpuFeatures cpu, String identity) {
    long size = file.length();
    if (size < Stencils.HEAD || size > Stencils.SIZE) {
      return null;
    }
    long memory = HostMemory.allocate(Stencils.SIZE);
    HostMemory.putString(memory, file.getPath());
    long fd = HostCalls.syscall(HostLinux.OPEN, memory, HostLinux.O_CLOEXEC, 0, 0, 0, 0);
    boolean isMapped = fd >= 0 && map(fd, memory, size);
    if (fd >= 0) {
      HostCalls.syscall(HostLinux.CLOSE, fd, 0, 0, 0, 0, 0);
    }
    if (isMapped && isOf(memory, size, cpu, identity)) {
      return new Stencils(memory);
    }
    HostMemory.free(memory, Stencils.SIZE);
    return null;
  }

  /** Maps the file over the beginning of memory; what is added to it is this process's own. */
  private static boolean map(long fd, long memory, long size) {
    return HostCalls.syscall(
            HostLinux.MMAP,
            memory,
            size,
            HostLinux.PROT_READ | HostLinux.PROT_WRITE,
            HostLinux.MAP_PRIVATE | HostLinux.MAP_FIXED,
            fd,
            0)
        == memory;
  }

  private static boolean isOf(long memory, long size, CpuFeatures cpu, String identity) {
    return HostMemory.getLong(memory) == MAGIC
        && HostMemory.getLong(memory + FEATURES) == cpu.mask()
        && Stencils.used(memory) == size
        && HostMemory.getInt(memory + LENGTH) == identity.length()
        && HostMemory.getString(memory + IDENTITY, identity.length()).equals(identity);
  }

  /**
   * Makes the file for this build and processor.
   *
   * @throws IOException if it cannot be written
   */
  public static void make() throws IOException {
    File file = place();
    String identity = identity();
    if (file == null || identity == null) {
      throw new IOException("no place for a file of code: not started from a jar");
    }
    make(file, CpuFeatures.detect(), identity);
  }

  static void make(File file, CpuFeatures cpu, String identity) throws IOException {
    if (identity.length() > LONGEST_IDENTITY) {
      throw new IOException("too many jars to name in a file of code");
    }
    Path draft = Path.of(file.getPath() + '.' + ProcessHandle.current().pid());
    Files.write(draft, content(cpu, identity));
    Files.move(draft, file.toPath(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] content(CpuFeatures cpu, String identity) {
    long memory = HostMemory.allocate(Stencils.SIZE);
    try (Stencils stencils = new Stencils(memory)) {
      new CommonEncodings(new StencilMaker(new Stubs(0), cpu, stencils)).make();
      HostMemory.putLong(memory, MAGIC);
      HostMemory.putLong(memory + FEATURES, cpu.mask());
      HostMemory.putInt(memory + LENGTH, identity.length());
      HostMemory.putString(memory + IDENTITY, identity);
      byte[] content = new byte[Stencils.used(memory)];
      HostMemory.copyOut(memory, content, 0, content.length);
      return content;
    }
  }
}
