package dev.isomorph.systemvm.hart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Opcode;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random things happen to a hart and to the golden model; they must be the same after each. */
class GoldenAgreementTest {
  private static final int[] REGISTERS = {
    0x100, 0x104, 0x105, 0x106, 0x10a, 0x140, 0x141, 0x142, 0x143, 0x144, 0x14d, 0x180, 0x300,
    0x302, 0x303, 0x304, 0x305, 0x306, 0x30a, 0x340, 0x341, 0x342, 0x343, 0x344, 0xc01, 0xf14
  };

  /** Where most of the action is. */
  private static final int[] FAVOURITES = {0x100, 0x104, 0x144, 0x300, 0x302, 0x303, 0x304, 0x344};

  private static final List<Opcode> BY_REGISTER = List.of(Opcode.CSRRW, Opcode.CSRRS, Opcode.CSRRC);
  private static final List<Opcode> BY_IMMEDIATE =
      List.of(Opcode.CSRRWI, Opcode.CSRRSI, Opcode.CSRRCI);

  private Random random;
  private TestHart hart;
  private GoldenPrivilege golden;

  @Property(tries = 2000)
  void agreesWithTheGoldenModel(@ForAll long seed) {
    random = new Random(seed);
    golden = new GoldenPrivilege();
    try (TestHart fresh = new TestHart()) {
      hart = fresh;
      golden.pc = hart.pc;
      for (int i = 0; i < 150; i++) {
        String what = act();
        assertEquals(golden.mode, hart.state.privilege().code(), what);
        assertEquals(golden.pc, hart.pc, what);
        assertArrayEquals(golden.x, hart.x, what);
        for (int number : REGISTERS) {
          assertEquals(golden.read(number), hart.state.readAsMachine(number), what + " " + number);
        }
        TrapCause next = hart.state.pendingInterrupt();
        assertEquals(golden.interrupt(), next == null ? -1 : next.code(), what);
      }
    }
  }

  private String act() {
    return switch (random.nextInt(16)) {
      case 0 -> instruction(Opcode.MRET, golden.mret());
      case 1 -> instruction(Opcode.SRET, golden.sret());
      case 2 ->
          random.nextBoolean()
              ? instruction(Opcode.WFI, golden.wfi())
              : instruction(Opcode.SFENCE_VMA, golden.fence(), 0, 0);
      case 3, 4 -> exception();
      case 5, 6, 7 -> interrupt();
      case 8, 9 -> wire();
      default -> access();
    };
  }

  private String instruction(Opcode opcode, boolean legal, long... operands) {
    int encoding = Encoder.encode(opcode, operands);
    if (!legal) {
      golden.trap(false, 2, encoding & 0xffff_ffffL);
    }
    hart.execute(encoding);
    return opcode.name();
  }

  private String exception() {
    TrapCause cause = TrapCause.values()[6 + random.nextInt(TrapCause.values().length - 6)];
    long value = random.nextLong();
    golden.trap(false, cause.code(), value);
    hart.traps.take(cause, value, hart.pc);
    return cause.name();
  }

  private String interrupt() {
    int code = golden.interrupt();
    if (code >= 0) {
      golden.trap(true, code, 0);
    }
    assertEquals(code >= 0, hart.traps.interrupt());
    return "interrupt " + code;
  }

  private String wire() {
    boolean level = random.nextBoolean();
    Interrupts interrupts = hart.state.interrupts();
    switch (random.nextInt(5)) {
      case 0 -> {
        golden.meip = level;
        interrupts.line(TrapCause.MACHINE_EXTERNAL_INTERRUPT).set(level);
      }
      case 1 -> {
        golden.mtip = level;
        interrupts.line(TrapCause.MACHINE_TIMER_INTERRUPT).set(level);
      }
      case 2 -> {
        golden.msip = level;
        interrupts.line(TrapCause.MACHINE_SOFTWARE_INTERRUPT).set(level);
      }
      case 3 -> {
        golden.seipWire = level;
        interrupts.line(TrapCause.SUPERVISOR_EXTERNAL_INTERRUPT).set(level);
      }
      default -> {
        int ticks = random.nextInt(20);
        golden.time += ticks;
        hart.clock.advance(ticks);
      }
    }
    return "wire";
  }

  private String access() {
    int[] some = random.nextBoolean() ? FAVOURITES : REGISTERS;
    int number = some[random.nextInt(some.length)];
    int form = random.nextInt(3);
    int rd = random.nextInt(4);
    int rs1 = random.nextInt(4);
    boolean immediate = random.nextInt(4) == 0;
    if (rs1 != 0) {
      long value = number == 0x14d ? golden.time + random.nextInt(20) : value();
      golden.x[rs1] = value;
      hart.x[rs1] = value;
    }
    Opcode opcode = (immediate ? BY_IMMEDIATE : BY_REGISTER).get(form);
    long operand = immediate ? rs1 : golden.x[rs1];
    boolean legal = golden.csr(number, form + 1, rd, rs1 != 0, operand);
    return instruction(opcode, legal, rd, number, rs1) + Integer.toHexString(number);
  }

  private long value() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> -1;
      case 2 -> random.nextInt(0x2000);
      default -> 1L << random.nextInt(64);
    };
  }
}
