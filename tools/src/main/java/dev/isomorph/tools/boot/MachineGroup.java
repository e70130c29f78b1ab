package dev.isomorph.tools.boot;

import dev.isomorph.systemvm.host.Closing;
import dev.isomorph.systemvm.machine.Machine;
import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.tools.Failures;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Several machines of one description that run at the same time, in this process. */
final class MachineGroup {
  private static final int FAILED = 1;

  /** How often the end of one is looked for by the others. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Map<String, MachineOptions> descriptions;

  /** Whether one of them could not start, or not end as it should. */
  private volatile boolean failed;

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  private MachineGroup(Map<String, MachineOptions> descriptions) {
    this.descriptions = descriptions;
  }

  /**
   * Reads a description.
   *
   * @throws IOException with a line for the user, if it cannot be read
   * @throws IllegalArgumentException with a line for the user, if there can be no such machines
   */
  static MachineGroup read(Path file) throws IOException {
    Map<String, MachineOptions> descriptions = new LinkedHashMap<>();
    int users = 0;
    Map<String, List<String>> machines;
    try {
      machines = MachinesFile.read(file);
    } catch (MalformedInputException e) {
      throw new IllegalArgumentException(file + " describes no machines: it is no text");
    }
    for (Map.Entry<String, List<String>> each : machines.entrySet()) {
      String name = each.getKey();
      MachineOptions options;
      try {
        BootCommand command = new BootCommand();
        new CommandLine(command).parseArgs(each.getValue().toArray(String[]::new));
        options = command.machineOfGroup(name, descriptions.size());
      } catch (ParameterException | IllegalArgumentException e) {
        throw new IllegalArgumentException(file + ", machine " + name + ": " + e.getMessage());
      }
      users += usesTerminal(options) ? 1 : 0;
      descriptions.put(name, options);
    }
    if (users > 1) {
      throw new IllegalArgumentException(
          file + ": standard input can serve only one of the machines");
    }
    return new MachineGroup(descriptions);
  }

  private static boolean usesTerminal(MachineOptions options) {
    return options.monitor() instanceof CharacterBackend.Standard
        || options.serials().stream().anyMatch(CharacterBackend.Standard.class::isInstance);
  }

  /**
   * Runs all machines until the last one is off.
   *
   * @return the first status that is not 0, in the order of the description
   */
  int run() throws IOException {
    Map<String, Machine> machines = new LinkedHashMap<>();
    Deque<Closeable> opened = new ArrayDeque<>();
    int status = FAILED;
    try {
      for (Map.Entry<String, MachineOptions> each : descriptions.entrySet()) {
        machines.put(each.getKey(), open(each.getKey(), each.getValue(), opened));
      }
      status = runAll(machines);
    } finally {
      Closing.all(opened);
    }
    return failed && status == 0 ? FAILED : status;
  }

  private Machine open(String name, MachineOptions options, Deque<Closeable> opened)
      throws IOException {
    try {
      Watchers watchers = new Watchers(options.diagnostics().trace(), false);
      opened.push(() -> close(name, watchers));
      Machine machine = new Machine(options, watchers.engine(Machine.FAST));
      opened.push(() -> close(name, machine::close));
      watchers.watch(machine);
      return machine;
    } catch (IOException e) {
      throw new IOException("machine " + name + ": " + Failures.reason(e), e);
    }
  }

  private void close(String name, Closeable part) {
    try {
      part.close();
    } catch (IOException e) {
      fail(name, e);
    }
  }

  /** Tells the user, once. */
  private void fail(String name, IOException why) {
    failed = true;
    String line = "isomorph boot: machine " + name + ": " + Failures.reason(why);
    if (told.add(line)) {
      System.err.println(line);
    }
  }

  private int runAll(Map<String, Machine> machines) {
    int[] status = new int[machines.size()];
    Arrays.fill(status, FAILED);
    List<Thread> threads = new ArrayList<>();
    try {
      for (Map.Entry<String, Machine> each : machines.entrySet()) {
        int number = threads.size();
        threads.add(
            Thread.ofPlatform()
                .name("machine " + each.getKey())
                .start(() -> status[number] = run(each.getKey(), machines)));
      }
    } catch (OutOfMemoryError noThread) {
      System.err.println("isomorph boot: " + noThread.getMessage());
      failed = true;
    }
    for (Thread each : threads) {
      while (!join(each)) {
        if (failed) {
          machines.values().forEach(Machine::powerOff);
        }
      }
    }
    for (int each : status) {
      if (each != 0) {
        return each;
      }
    }
    return 0;
  }

  /** If one cannot start, none goes on: it would wait for the other. */
  private int run(String name, Map<String, Machine> machines) {
    try {
      return machines.get(name).run();
    } catch (IOException e) {
      fail(name, e);
      return FAILED;
    } catch (RuntimeException | Error bug) {
      failed = true;
      throw bug;
    }
  }

  /** Waits a moment for the end of a thread; returns whether it has come. */
  private static boolean join(Thread thread) {
    try {
      return thread.join(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
