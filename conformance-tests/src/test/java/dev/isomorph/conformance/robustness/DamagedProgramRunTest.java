package dev.isomorph.conformance.robustness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.elf.LoadedProgram;
import dev.isomorph.processvm.elf.Program;
import dev.isomorph.processvm.elf.ProgramFiles;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.start.Credentials;
import dev.isomorph.processvm.start.InitialStack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs with damaged headers, code and data, loaded and run: whatever they do, this JVM goes on.
 * Their system calls are not carried out, so that nothing outside is harmed. A program that runs on
 * is stopped by its poll flag; when that is does not matter to the result.
 */
class DamagedProgramRunTest {
  private static final int FILES = Integer.getInteger("isomorph.damaged.files", 10_000);
  private static final long SEED = 20260102;
  private static final int MAX_CALLS = 50;
  private static final int PATIENCE_MS = 20;
  private static final int ELF_HEADERS = 64 + 4 * 56;
  private static final long EXIT = 93;
  private static final long EXIT_GROUP = 94;

  @TempDir Path folder;

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
          });

  @Test
  void noDamageHurtsTheJvm() throws IOException {
    byte[] original = Files.readAllBytes(example());
    Path file = Files.createFile(folder.resolve("program"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    int ran = 0;
    int ended = 0;
    for (int i = 0; i < FILES; i++) {
      Files.write(file, damage(original, new Random(SEED + i)));
      try {
        ended += run(file) ? 1 : 0;
        ran++;
      } catch (ExecFailure refused) {
        assertTrue(refused.status() == 126 || refused.status() == 127);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("file made from seed " + (SEED + i), e);
      }
    }
    clock.shutdownNow();
    assertTrue(ran > FILES / 4, ran + " of " + FILES + " files ran");
    assertTrue(ended > FILES / 100, ended + " of " + FILES + " files came to their end");
  }

  private static Path example() {
    Path here = Path.of("").toAbsolutePath();
    Path hello = here.resolve("examples/hello/hello");
    return Files.exists(hello) ? hello : here.getParent().resolve("examples/hello/hello");
  }

  private static byte[] damage(byte[] original, Random random) {
    byte[] file = original.clone();
    boolean headers = random.nextInt(4) == 0;
    int from = headers ? 0 : Math.min(ELF_HEADERS, file.length / 2);
    int to = headers ? ELF_HEADERS : file.length;
    for (int changes = 1 + random.nextInt(headers ? 3 : 40); changes > 0; changes--) {
      int at = from + random.nextInt(to - from);
      if (random.nextBoolean()) {
        file[at] ^= (byte) (1 << random.nextInt(8));
      } else {
        file[at] = (byte) random.nextInt();
      }
    }
    return random.nextInt(20) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
  }

  /** Loads and runs a file; whether it came to an end by itself. */
  private boolean run(Path file) throws ExecFailure {
    AddressSpace space = new AddressSpace(1L << 20, (start, end) -> {});
    try (Program program =
        Program.open(new HostFile(file), "/program", List.of("program"), space.size())) {
      long top = space.mapStack(program.executableStack());
      LoadedProgram loaded = program.load(space);
      long pointer =
          InitialStack.build(
                  space,
                  top,
                  loaded,
                  List.of("program"),
                  List.of("PATH=/bin"),
                  "/program",
                  Credentials.ofHost())
              .pointer();
      EngineOptions options = EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE);
      try (Engine engine = new Engine(space, options);
          Hart hart = engine.newHart()) {
        hart.pc(loaded.start());
        hart.x(2, pointer);
        return runToEnd(hart);
      }
    } finally {
      space.release();
    }
  }

  private boolean runToEnd(Hart hart) {
    Future<?> alarm = clock.schedule(hart::requestPoll, PATIENCE_MS, TimeUnit.MILLISECONDS);
    try {
      for (int calls = 0; calls < MAX_CALLS; calls++) {
        Stop stop = hart.run();
        if (!(stop instanceof Stop.SystemCall)) {
          return !(stop instanceof Stop.Polled);
        }
        if (hart.x(17) == EXIT || hart.x(17) == EXIT_GROUP) {
          return true;
        }
        hart.x(10, -Errno.ENOSYS);
        hart.pc(hart.pc() + 4);
      }
      return false;
    } finally {
      alarm.cancel(false);
      awaitAlarm(alarm);
    }
  }

  /** The hart's memory goes away next: the alarm must not be about to set its flag. */
  private void awaitAlarm(Future<?> alarm) {
    if (!alarm.isCancelled()) {
      return;
    }
    try {
      clock.submit(() -> {}).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A guest's world of one file. */
  private record HostFile(Path file) implements ProgramFiles {
    private static final int OPEN = 2;

    @Override
    public int open(String guestPath) {
      if (!guestPath.equals("/program")) {
        return -Errno.ENOENT;
      }
      byte[] path = (file + "\0").getBytes(StandardCharsets.UTF_8);
      long scratch = HostMemory.allocate(4096);
      HostMemory.copyIn(path, 0, scratch, path.length);
      int descriptor = (int) HostCalls.syscall(OPEN, scratch, 0, 0, 0, 0, 0);
      HostMemory.free(scratch, 4096);
      return descriptor;
    }

    @Override
    public String pathOf(int descriptor) {
      return "/program";
    }
  }
}
