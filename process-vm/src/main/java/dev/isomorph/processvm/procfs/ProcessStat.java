package dev.isomorph.processvm.procfs;

import dev.isomorph.processvm.memory.AddressSpace;

/**
 * The host process's own numbers, with those that would tell of the JVM replaced by the guest's
 * (proc_pid_stat(5), proc_pid_status(5), proc_pid_statm(5)).
 */
final class ProcessStat {
  // Fields of stat after the name, counted from the one after it, which is the third.
  private static final int STATE = 0;
  private static final int THREADS = 20 - 3;
  private static final int VIRTUAL_SIZE = 23 - 3;
  private static final int CODE_START = 26 - 3;
  private static final int CODE_END = 27 - 3;
  private static final int STACK_START = 28 - 3;
  private static final int ARGUMENTS_START = 48 - 3;
  private static final int ARGUMENTS_END = 49 - 3;
  private static final int ENVIRONMENT_START = 50 - 3;
  private static final int ENVIRONMENT_END = 51 - 3;

  private ProcessStat() {}

  static String stat(String host, String name, GuestProcess process, long mappedBytes) {
    String[] fields = host.substring(host.lastIndexOf(')') + 2).trim().split(" ");
    fields[STATE] =
        "R"; // It is the process itself that asks, whatever the host's first thread does.
    set(fields, THREADS, 1);
    set(fields, VIRTUAL_SIZE, mappedBytes);
    set(fields, CODE_START, process.program().codeStart());
    set(fields, CODE_END, process.program().codeEnd());
    set(fields, STACK_START, process.stack().pointer());
    set(fields, ARGUMENTS_START, process.stack().argumentsStart());
    set(fields, ARGUMENTS_END, process.stack().argumentsEnd());
    set(fields, ENVIRONMENT_START, process.stack().argumentsEnd());
    set(fields, ENVIRONMENT_END, process.stack().environmentEnd());
    return host.substring(0, host.indexOf('(') + 1) + name + ") " + String.join(" ", fields) + "\n";
  }

  private static void set(String[] fields, int index, long value) {
    if (index < fields.length) {
      fields[index] = Long.toUnsignedString(value);
    }
  }

  static String status(String host, String name, long mappedBytes) {
    StringBuilder text = new StringBuilder();
    for (String line : host.split("\n")) {
      int colon = line.indexOf(':');
      text.append(
          switch (colon < 0 ? "" : line.substring(0, colon)) {
            case "Name" -> "Name:\t" + name;
            case "State" -> "State:\tR (running)";
            case "Threads" -> "Threads:\t1";
            case "VmPeak" -> kilobytes("VmPeak", mappedBytes);
            case "VmSize" -> kilobytes("VmSize", mappedBytes);
            default -> line;
          });
      text.append('\n');
    }
    return text.toString();
  }

  private static String kilobytes(String name, long bytes) {
    String number = Long.toString(bytes >>> 10);
    return name + ":\t" + " ".repeat(Math.max(0, 8 - number.length())) + number + " kB";
  }

  static String statm(String host, long mappedBytes) {
    int end = host.indexOf(' ');
    return end < 0 ? host : mappedBytes / AddressSpace.PAGE + host.substring(end);
  }
}
