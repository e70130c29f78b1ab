package dev.isomorph.systemvm.monitor;

import dev.isomorph.systemvm.gdb.HartMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The monitor's commands, for one user. */
public final class MonitorCommands {
  private final MonitoredMachine machine;
  private final HartChoice chosen;
  private final List<MonitorCommand> topics;

  private final List<MonitorCommand> table =
      List.of(
          new MonitorCommand("help,?", "[COMMAND]", "what commands there are", this::help),
          new MonitorCommand("info", "TOPIC", "shows something of the machine", this::info),
          MonitorCommand.plain("stop", "halts the machine", this::stop),
          MonitorCommand.plain("cont,c", "lets the machine go on", this::resume),
          new MonitorCommand("cpu", "N", "commands are about hart N from now on", this::choose),
          new MonitorCommand(
              "x",
              "/FMT ADDRESS",
              "virtual memory of the chosen hart",
              fields -> dump(fields, false)),
          new MonitorCommand("xp", "/FMT ADDRESS", "physical memory", fields -> dump(fields, true)),
          new MonitorCommand("print,p", "EXPRESSION", "a value, such as $sp+16", this::print),
          new MonitorCommand(
              "snapshot-save", "[FILE]", "saves the machine, for boot --snapshot-load", this::save),
          MonitorCommand.plain("system_reset", "starts the machine anew", this::reset),
          MonitorCommand.plain("system_powerdown", "would press the power button", this::powerDown),
          MonitorCommand.plain("quit,q", "ends the machine at once", this::quit));

  /** Commands for a machine. */
  public MonitorCommands(MonitoredMachine machine) {
    this.machine = machine;
    chosen = new HartChoice(machine.harts());
    topics = new InfoTopics(machine, chosen).table;
  }

  /**
   * Does what a line says.
   *
   * @return the answer: lines that end with a line feed each, maybe none
   */
  public String run(String line) {
    Arguments arguments = new Arguments(line);
    String name = arguments.next("");
    int format = name.indexOf('/');
    if (format > 0) {
      // The format may follow at once: x/4xw.
      arguments = new Arguments(name.substring(format) + " " + arguments.rest());
      name = name.substring(0, format);
    }
    try {
      return name.isEmpty() ? "" : find(table, name, "command").action().run(arguments);
    } catch (IllegalArgumentException | IOException e) {
      return "Error: " + e.getMessage() + "\n";
    }
  }

  private static MonitorCommand find(List<MonitorCommand> rows, String name, String kind) {
    for (MonitorCommand each : rows) {
      if (each.isCalled(name)) {
        return each;
      }
    }
    String help = kind.equals("command") ? "help" : "info";
    throw new IllegalArgumentException(
        "there is no " + kind + " '" + name + "'; " + help + " tells");
  }

  private String help(Arguments arguments) {
    String name = arguments.next("");
    arguments.finish();
    return name.isEmpty() ? lines(table, "") : find(table, name, "command").helpLine();
  }

  private static String lines(List<MonitorCommand> rows, String before) {
    StringBuilder text = new StringBuilder();
    rows.forEach(each -> text.append(before).append(each.helpLine()));
    return text.toString();
  }

  private String info(Arguments arguments) throws IOException {
    String name = arguments.next("");
    return name.isEmpty()
        ? lines(topics, "info ")
        : find(topics, name, "topic").action().run(arguments);
  }

  private String stop() throws IOException {
    machine.halt();
    return "";
  }

  private String resume() throws IOException {
    machine.resume();
    return "";
  }

  private String choose(Arguments arguments) {
    String number = arguments.require("a hart's number");
    arguments.finish();
    chosen.choose(Expression.value(number, chosen.hart()));
    return "";
  }

  private String dump(Arguments arguments, boolean physical) throws IOException {
    MemoryDump dump = MemoryDump.parse(arguments.nextIf("/", MemoryDump.DEFAULT));
    String address = arguments.require("an address");
    arguments.finish();
    HartMemory memory =
        physical ? HartMemory.physical(machine.bus()) : HartMemory.of(chosen.hart(), machine.bus());
    return machine.whileStill(() -> dump.of(memory, Expression.value(address, chosen.hart())));
  }

  private String print(Arguments arguments) throws IOException {
    String text = arguments.require("an expression");
    arguments.finish();
    long value = machine.whileStill(() -> Expression.value(text, chosen.hart()));
    return "0x%x%n".formatted(value);
  }

  private String save(Arguments arguments) throws IOException {
    Path usual = machine.options().diagnostics().snapshotSave();
    String file = arguments.next(usual == null ? "" : usual.toString());
    arguments.finish();
    if (file.isEmpty()) {
      throw new IllegalArgumentException("name a file: boot was given no --snapshot-save");
    }
    machine.save(Path.of(file));
    return "saved to " + file + "\n";
  }

  private String reset() {
    machine.reset();
    return "";
  }

  private String powerDown() throws IOException {
    throw new IOException("this board has no power button: ask the guest, or quit");
  }

  private String quit() {
    machine.quit();
    return "";
  }
}
