package dev.isomorph.systemvm.gdb;

import dev.isomorph.systemvm.hart.Halt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Talks to one debugger ("GDB Remote Serial Protocol" in GDB's manual). Harts are threads; all of
 * them halt when one does. What is specific to qemu's stub has qemu's names.
 */
final class GdbSession {
  /** Bytes of a packet, the same in both directions. */
  static final int LONGEST_PACKET = 0x4000;

  private static final String BAD = "E16";
  private static final String RUNNING = "E10";
  private static final String NAME_ENDS = ":,;?=";
  private static final HexFormat HEX = HexFormat.of();

  /** Bytes that are sent as two digits each. */
  static final int MOST_BYTES = LONGEST_PACKET / 2 - 4;

  /** qemu's bits for steps; time never passes in steps of one hart alone. */
  private static final int STEP_ENABLE = 1;

  private static final int STEP_WITHOUT_INTERRUPTS = 2;
  private static final int STEP_WITHOUT_TIME = 4;

  private final DebugTarget target;
  private final PacketWriter writer;
  private final StopPoints points;
  private final HartCommands harts;
  private final Map<String, Command> commands = new HashMap<>();
  private boolean acknowledges = true;
  private boolean wantsReasons;
  private int stepBits = STEP_ENABLE | STEP_WITHOUT_INTERRUPTS | STEP_WITHOUT_TIME;
  private boolean running;
  private boolean over;
  private HaltedHart last = new HaltedHart(0, new Halt.Stepped());

  GdbSession(DebugTarget target, PacketWriter writer) {
    this.target = target;
    this.writer = writer;
    points = new StopPoints(target);
    harts = new HartCommands(target);
    commands.putAll(harts.table());
    commands.putAll(table());
  }

  private Map<String, Command> table() {
    return Map.ofEntries(
        Map.entry("?", _ -> stopReply()),
        Map.entry("Z", fields -> changePoint(fields, true)),
        Map.entry("z", fields -> changePoint(fields, false)),
        Map.entry("c", fields -> resume(fields, Motion.RUN)),
        Map.entry("s", fields -> resume(fields, Motion.STEP)),
        Map.entry("D", _ -> detach()),
        Map.entry("k", _ -> kill()),
        Map.entry("vCont?", _ -> "vCont;c;C;s;S"),
        Map.entry("vCont", this::resumeEach),
        Map.entry("vKill", _ -> kill()),
        Map.entry("qSupported", this::features),
        Map.entry("qXfer", this::transfer),
        Map.entry("qAttached", _ -> "1"),
        Map.entry("qRcmd", this::command),
        Map.entry("QStartNoAckMode", _ -> withoutAcknowledgements()),
        Map.entry("qqemu.sstepbits", _ -> "ENABLE=1,NOIRQ=2,NOTIMER=4"),
        Map.entry("qqemu.sstep", _ -> "0x" + Integer.toHexString(stepBits)),
        Map.entry("Qqemu.sstep", this::setSteps));
  }

  /**
   * Does what the debugger wants until it goes; then the machine goes on by itself.
   *
   * @return whether the debugger has said that it goes
   */
  boolean run(EventQueue events) throws InterruptedException, IOException {
    target.attached(true);
    try {
      target.halt();
      while (!over) {
        if (!handle(events.take())) {
          return false;
        }
      }
      return true;
    } finally {
      target.attached(false);
      letGo();
    }
  }

  /**
   * All is as if there had been no debugger. The machine halts for it, so that no hart is left at a
   * point that has gone; if it cannot, its points go nevertheless.
   */
  private void letGo() throws IOException {
    try {
      target.halt();
    } finally {
      points.clear();
      target.goOn();
    }
  }

  /** Returns false if there is nobody any more to talk to. */
  private boolean handle(Event event) throws IOException {
    switch (event) {
      case Event.Packet(byte[] content) -> answer(content);
      case Event.Damaged() -> {
        if (acknowledges) {
          writer.acknowledge(false);
        }
      }
      case Event.Acknowledged() -> {}
      case Event.Rejected() -> {
        if (acknowledges) {
          writer.repeat();
        }
      }
      case Event.Interrupt() -> {
        if (running) {
          target.halt();
          HaltedHart halted = target.takeHalt();
          halted(halted == null ? new HaltedHart(harts.selected(), new Halt.Requested()) : halted);
        }
      }
      case Event.Halted() -> {
        HaltedHart halted = running ? target.takeHalt() : null;
        if (halted != null) {
          halted(halted);
        }
      }
      case Event.Gone() -> {
        return false;
      }
      case Event.Ended(int status) -> {
        if (running) {
          send("W" + HEX.toHexDigits((byte) status));
        }
        over = true;
      }
    }
    return true;
  }

  private void answer(byte[] content) throws IOException {
    if (acknowledges) {
      writer.acknowledge(true);
    }
    String answer;
    try {
      answer = running ? RUNNING : run(new Fields(content));
    } catch (BadPacket e) {
      answer = BAD;
    }
    if (answer != null) {
      send(answer);
    }
  }

  private String run(Fields fields) throws BadPacket, IOException {
    Command command = commands.get(name(fields));
    return command == null ? Command.UNKNOWN : command.run(fields);
  }

  /** Packets that begin with q, Q or v have names; others are a letter. */
  private static String name(Fields fields) {
    for (String letter : List.of("?", "vCont?")) {
      if (fields.skip(letter)) {
        return letter;
      }
    }
    String text = fields.text();
    if (text.isEmpty() || "qQv".indexOf(text.charAt(0)) < 0) {
      fields.skip(text.substring(0, Math.min(1, text.length())));
      return text.substring(0, Math.min(1, text.length()));
    }
    return fields.upTo(NAME_ENDS);
  }

  private void send(String answer) throws IOException {
    writer.send(answer.getBytes(StandardCharsets.ISO_8859_1));
  }

  // Halts and going on.

  private void halted(HaltedHart halted) throws IOException {
    running = false;
    last = halted;
    harts.select(halted.hart());
    send(stopReply());
  }

  private String stopReply() {
    long pc = target.harts().get(last.hart()).registers().pc();
    return StopReply.of(last, wantsReasons ? points.reasonAt(pc) : null);
  }

  private String resumeEach(Fields fields) throws BadPacket {
    return go(ResumeRequest.parse(fields, target.harts().size()));
  }

  private String resume(Fields fields, Motion motion) throws BadPacket {
    int mover = harts.mover();
    if (!fields.isAtEnd()) {
      target.harts().get(mover).registers().pc(fields.number());
    }
    Motion others = harts.movesAlone() ? Motion.STAY : Motion.RUN;
    List<Motion> motions = new ArrayList<>(Collections.nCopies(target.harts().size(), others));
    motions.set(mover, motion);
    return go(motions);
  }

  private String go(List<Motion> motions) {
    running = true;
    target.go(motions, (stepBits & STEP_WITHOUT_INTERRUPTS) == 0);
    return null;
  }

  private String setSteps(Fields fields) throws BadPacket {
    fields.expect('=');
    stepBits = fields.count(STEP_ENABLE | STEP_WITHOUT_INTERRUPTS | STEP_WITHOUT_TIME);
    return Command.OK;
  }

  private String changePoint(Fields fields, boolean add) throws BadPacket {
    return points.change(fields, add) ? Command.OK : Command.UNKNOWN;
  }

  private String detach() throws IOException {
    send(Command.OK);
    over = true;
    return null;
  }

  private String kill() {
    target.powerOff();
    over = true;
    return Command.OK;
  }

  // What the session can do.

  private String features(Fields fields) {
    wantsReasons = fields.text().contains("swbreak+");
    return "PacketSize="
        + Integer.toHexString(LONGEST_PACKET)
        + ";qXfer:features:read+;vContSupported+;swbreak+;hwbreak+;QStartNoAckMode+";
  }

  private String withoutAcknowledgements() throws IOException {
    send(Command.OK);
    acknowledges = false;
    return null;
  }

  private String transfer(Fields fields) throws BadPacket {
    if (!fields.skip(":features:read:")) {
      return Command.UNKNOWN;
    }
    if (!fields.skip("target.xml:")) {
      throw new BadPacket();
    }
    byte[] xml = TargetDescription.xml();
    int start = fields.count(xml.length);
    fields.expect(',');
    int end = start + Math.min(fields.count(Integer.MAX_VALUE), xml.length - start);
    end = Math.min(end, start + MOST_BYTES);
    String part = new String(xml, start, end - start, StandardCharsets.ISO_8859_1);
    return (end == xml.length ? "l" : "m") + part;
  }

  private String command(Fields fields) throws BadPacket, IOException {
    fields.expect(',');
    String line = new String(fields.hexBytes(), StandardCharsets.UTF_8);
    byte[] answer = target.command(line).getBytes(StandardCharsets.UTF_8);
    for (int start = 0; start < answer.length; start += MOST_BYTES) {
      int end = Math.min(answer.length, start + MOST_BYTES);
      send("O" + HEX.formatHex(answer, start, end));
    }
    return Command.OK;
  }
}
