package dev.isomorph.tools;

import dev.isomorph.tools.run.RunCommand;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands with limits of time and output, and looks at how they end. */
public final class ChildProcess {
  private static final int LARGEST_OUTPUT = 64 << 20;
  private static final int LARGEST_ERRORS = 64 << 10;

  /** 128 and the number of SIGINT. */
  private static final int INTERRUPTED = 130;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Duration limit;

  /**
   * What a command did.
   *
   * @param seconds by the clock on the wall
   * @param unfinished why it did not end by itself, null if it did
   * @param status exit status, 128+n when signal n killed it
   * @param output what it wrote on standard output
   * @param errors what it wrote on standard error, the beginning of it
   */
  public record Outcome(
      double seconds, String unfinished, int status, byte[] output, String errors) {
    /** Whether it was not killed for taking too long or writing too much. */
    public boolean endedItself() {
      return unfinished == null;
    }

    /** Whether somebody ended it by Ctrl-C, which reaches all processes of a terminal. */
    public boolean wasInterrupted() {
      return status == INTERRUPTED;
    }

    /** The output, one byte per char. */
    public String text() {
      return new String(output, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * Makes commands end.
   *
   * @param limit how long one may take
   */
  public ChildProcess(Duration limit) {
    this.limit = limit;
  }

  /**
   * Runs a command without input, in this process's folder.
   *
   * @throws IOException if it cannot be started
   * @throws InterruptedException when interrupted; the process has been killed then
   */
  public Outcome run(List<String> command) throws IOException, InterruptedException {
    return run(command, Path.of(""), null);
  }

  /**
   * Runs a command to its end.
   *
   * @param folder where it runs
   * @param input standard input, null for none
   * @throws IOException if it cannot be started
   * @throws InterruptedException when interrupted; the process has been killed then
   */
  public Outcome run(List<String> command, Path folder, Path input)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toAbsolutePath().toFile())
            .redirectInput(input == null ? new File("/dev/null") : input.toFile());
    // What is tried out is new each time; nothing of it is to stay.
    builder.environment().put(RunCommand.TRANSLATIONS, RunCommand.NO_TRANSLATIONS);
    Process process = builder.start();
    try {
      Stream output = new Stream(process.getInputStream(), LARGEST_OUTPUT, process);
      Stream errors = new Stream(process.getErrorStream(), LARGEST_ERRORS, null);
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      double seconds = (System.nanoTime() - start) / 1e9;
      kill(process);
      output.await();
      errors.await();
      return new Outcome(
          seconds,
          end(ended, output),
          process.waitFor(),
          output.bytes(),
          new String(errors.bytes(), StandardCharsets.UTF_8));
    } finally {
      kill(process);
    }
  }

  private String end(boolean ended, Stream output) {
    if (!ended) {
      return "no end within " + limit.toSeconds() + " s";
    }
    return output.tooLong() ? "writes more than " + (LARGEST_OUTPUT >> 20) + " MiB" : null;
  }

  /**
   * By its handle: to destroy a process as such closes its streams, and what is in them is lost.
   */
  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }

  /** Reads all that a process writes, keeps the beginning. */
  private static final class Stream {
    private final InputStream in;
    private final int limit;
    private final Process toKill;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread reader;
    private volatile boolean tooLong;

    /**
     * @param toKill the process that is to end when it writes more; null to go on
     */
    Stream(InputStream in, int limit, Process toKill) {
      this.in = in;
      this.limit = limit;
      this.toKill = toKill;
      reader = Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
      byte[] buffer = new byte[1 << 13];
      try (in) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          int room = Math.min(count, limit - kept.size());
          kept.write(buffer, 0, room);
          if (room < count && !tooLong) {
            tooLong = true;
            if (toKill != null) {
              kill(toKill);
            }
          }
        }
      } catch (IOException e) {
        // The process was killed, and with it the pipe; what came before is kept.
      }
    }

    /** Waits for the end, but not for a process left behind that keeps the stream open. */
    void await() throws InterruptedException {
      reader.join(PATIENCE);
    }

    byte[] bytes() {
      return kept.toByteArray();
    }

    boolean tooLong() {
      return tooLong;
    }
  }
}
