package dev.isomorph.systemvm.hart;

import static dev.isomorph.decoder.Opcode.*;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.InstructionGenerator;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.systemvm.memory.Ram;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A program that does things in all privilege modes, in two address spaces whose pages have all
 * kinds of rights, and comes back from every trap. It is made of slots that begin by noting where
 * they are; the handlers in machine and supervisor mode sum up why they were called, and go on with
 * the next slot.
 */
final class RandomKernel {
  static final long RAM_BASE = 0x8000_0000L;
  static final long RAM_SIZE = 4 << 20;

  private static final int SLOTS = 60;
  private static final int SLOT_BYTES = 32;
  private static final int ROUNDS = 25;

  /** In the middle of them a page ends. */
  private static final int FIRST_SLOT = 4096 - SLOTS / 2 * SLOT_BYTES;

  private static final int C_NOP_BITS = 1;

  private static final int PAGE = 4096;

  /** Where the code is again, for user mode, which so has it in pages far from each other. */
  private static final long CODE_COPY = RAM_BASE + 0x8000;

  private static final long DATA = RAM_BASE + 0x1_0000;
  private static final int DATA_FRAMES = 8;
  private static final long LARGE_PAGE = RAM_BASE + (2 << 20);
  private static final long TABLES = RAM_BASE + 0x2_0000;
  private static final int TABLES_OF_SPACE = 8;

  /** Where the code is for supervisor and machine mode, and again for user mode. */
  private static final long USER_CODE = 0xc000_0000L;

  private static final int CODE_PAGES = 4;
  private static final long DATA_PAGES = 0x1000_0000L;
  private static final int DATA_PAGE_COUNT = 64;

  /**
   * From here on they are the same in both spaces, which the entries tell, and stay what they are.
   */
  private static final int FIRST_GLOBAL = 56;

  /** Where the table of the data's pages can be changed, by the supervisor and by user mode. */
  private static final long TABLE_PAGES = 0x2000_0000L;

  private static final long SV39 = 8L << 60;

  /** Bits of an entry. */
  private static final long G = 1 << 5;

  private static final long A = 1 << 6;
  private static final long D = 1 << 7;

  // Registers with a task. The others are the random instructions'.
  private static final int ENVIRONMENT = 16;
  private static final int STATUS = 17;
  private static final int SPACE = 18;
  private static final int OTHER_SPACE = 19;
  private static final int TABLE = 20;
  private static final int ENTRY = 21;
  private static final int ADDRESS = 22;
  private static final int ROUND = 23;
  private static final int DATA_BASE = 26;
  private static final int SLOT = 27;
  private static final int T0 = 28;
  private static final int T1 = 29;
  private static final int T2 = 30;
  private static final int SUM = 31;
  private static final Set<Integer> TAKEN =
      Set.of(
          ENVIRONMENT,
          STATUS,
          SPACE,
          OTHER_SPACE,
          TABLE,
          ENTRY,
          ADDRESS,
          ROUND,
          DATA_BASE,
          SLOT,
          T0,
          T1,
          T2,
          SUM);

  /** Registers that no code is near of. */
  private static final List<Integer> NOWHERE = List.of(0, TABLE, ENVIRONMENT);

  private static final int MSTATUS = 0x300;
  private static final int MEPC = 0x341;
  private static final int SATP = 0x180;
  private static final int SSTATUS = 0x100;
  private static final int SEPC = 0x141;

  /** Causes that the supervisor may handle: of fetches it could not come back. */
  private static final long DELEGATED = 1 << 2 | 1 << 3 | 1 << 8 | 1 << 13 | 1 << 15;

  private static final int[] REGISTERS = {
    0x001, 0x002, 0x003, 0x100, 0x100, 0x104, 0x106, 0x10a, 0x140, 0x141, 0x142, 0x143, 0x144,
    0x144, 0x14d, 0xc01, 0xf14, 0x5a8
  };

  private static final List<Opcode> REGISTER_ACCESS =
      List.of(CSRRW, CSRRS, CSRRC, CSRRWI, CSRRSI, CSRRCI);
  private static final List<Opcode> LOADS = List.of(LB, LH, LW, LD, LBU, LHU, LWU, FLW, FLD);
  private static final List<Opcode> STORES = List.of(SB, SH, SW, SD, FSW, FSD);
  private static final List<Opcode> ATOMICS =
      List.of(LR_W, LR_D, SC_W, SC_D, AMOADD_W, AMOADD_D, AMOSWAP_D, AMOMAX_W, AMOAND_D);
  private static final Set<Opcode> NOT_COMPUTING =
      EnumSet.of(
          JAL, JALR, BEQ, BNE, BLT, BGE, BLTU, BGEU, LB, LH, LW, LD, LBU, LHU, LWU, SB, SH, SW, SD,
          FLW, FLD, FSW, FSD, PAUSE, FENCE, ECALL, EBREAK);
  private static final List<Opcode> COMPUTING =
      Arrays.stream(Opcode.values())
          .filter(row -> row != ILLEGAL && row.length() == 4 && !NOT_COMPUTING.contains(row))
          .filter(
              row ->
                  EnumSet.of(Extension.I, Extension.M, Extension.F, Extension.D, Extension.ZBB)
                      .contains(row.extension()))
          .toList();

  private final Random random;
  private final InstructionGenerator generator;
  private final RiscvAssembler code = new RiscvAssembler();
  private final int end;
  private final int start;
  private final int supervisorHandler;
  private final long delegated;
  private final long delegatedInterrupts;
  private final byte[] bytes;
  private final long[][] entries = new long[2][DATA_PAGE_COUNT];
  private final long[] x = new long[32];

  RandomKernel(long seed) {
    random = new Random(seed);
    generator = new InstructionGenerator(random);
    Label ended = new Label();
    delegated = random.nextBoolean() ? DELEGATED : random.nextInt() & DELEGATED;
    delegatedInterrupts = random.nextInt(2) << 1;
    writeHandler(ended);
    Label handler = code.here();
    writeSupervisorHandler();
    while (code.offset() < FIRST_SLOT) {
      code.raw(C_NOP_BITS);
    }
    if (random.nextBoolean()) {
      code.raw(C_NOP_BITS); // From here on instructions can lie in two pages.
    }
    Label first = code.here();
    for (int i = 0; i < SLOTS; i++) {
      writeSlot();
    }
    code.emit(AUIPC, SLOT, 0).emit(ADDI, ROUND, ROUND, -1).emit(BEQ, ROUND, 0, 8).jump(first);
    code.emit(ECALL);
    code.bind(ended).emit(WFI).jump(ended);
    bytes = code.bytes();
    start = code.offset(first);
    end = code.offset(ended);
    supervisorHandler = code.offset(handler);
    for (long[] space : entries) {
      for (int i = 0; i < FIRST_GLOBAL; i++) {
        space[i] = random.nextInt(8) == 0 ? 0 : entry();
      }
    }
    for (int i = FIRST_GLOBAL; i < DATA_PAGE_COUNT; i++) {
      // What the hart notes in one space it need not note in the other.
      entries[0][i] = entry() | A | D | G;
      entries[1][i] = entries[0][i];
    }
    for (int i = 1; i < x.length; i++) {
      x[i] = random.nextLong();
    }
  }

  /** Where the program has ended, in machine mode: it waits, again and again. */
  long end() {
    return RAM_BASE + end;
  }

  /** Writes the program, its data and its page tables. */
  void load(Ram ram) {
    ram.clear(RAM_BASE, RAM_SIZE);
    ram.write(RAM_BASE, bytes, 0, bytes.length);
    ram.write(CODE_COPY, bytes, 0, bytes.length);
    for (int space = 0; space < 2; space++) {
      long table = TABLES + (long) space * TABLES_OF_SPACE * PAGE;
      point(ram, table, DATA_PAGES >>> 30, 1);
      point(ram, table + PAGE, DATA_PAGES >>> 21 & 511, 2);
      point(ram, table + PAGE, TABLE_PAGES >>> 21 & 511, 3);
      long large = LARGE_PAGE >>> 2 | 0xc7 | random.nextInt(2) << 4;
      ram.putLong(table + PAGE + ((DATA_PAGES >>> 21 & 511) + 1) * 8, large);
      for (int i = 0; i < DATA_PAGE_COUNT; i++) {
        ram.putLong(table + 2 * PAGE + i * 8L, entries[space][i]);
      }
      ram.putLong(table + 3 * PAGE, table + 2 * PAGE >>> 2 | 0xc7);
      ram.putLong(table + 3 * PAGE + 8, table + 2 * PAGE >>> 2 | 0xd7);
      point(ram, table, RAM_BASE >>> 30, 4);
      point(ram, table + 4 * PAGE, 0, 5);
      point(ram, table, USER_CODE >>> 30, 6);
      point(ram, table + 6 * PAGE, 0, 7);
      for (int i = 0; i < CODE_PAGES; i++) {
        long page = RAM_BASE + (long) i * PAGE >>> 2;
        ram.putLong(table + 5 * PAGE + i * 8L, page | 0x4b);
        long copy = CODE_COPY + (long) i * PAGE >>> 2;
        ram.putLong(table + 7 * PAGE + i * 8L, (i % 2 == 0 ? page : copy) | 0x5b);
      }
    }
  }

  /**
   * Has an entry of a table point to the table that lies {@code distance} pages behind the root.
   */
  private static void point(Ram ram, long table, long index, int distance) {
    long root = table & -(TABLES_OF_SPACE * PAGE);
    ram.putLong(table + index * 8, root + (long) distance * PAGE >>> 2 | 1);
  }

  /** Has a hart begin with it. */
  void begin(HartRegisters registers, PrivilegedState state) {
    x[ENVIRONMENT] = Environment.ADUE | Environment.USER | Environment.PBMTE;
    x[STATUS] = Status.MPRV | Status.SUM | Status.MXR | Status.FS | Status.MIE;
    x[SPACE] = SV39 | 1L << 44 | TABLES >>> 12;
    x[OTHER_SPACE] = SV39 | 2L << 44 | TABLES + TABLES_OF_SPACE * PAGE >>> 12;
    x[TABLE] = TABLE_PAGES;
    x[ENTRY] = 0;
    x[ROUND] = ROUNDS;
    x[DATA_BASE] = DATA_PAGES;
    x[SUM] = 0;
    for (int i = 1; i < 32; i++) {
      registers.x(i, x[i]);
    }
    registers.pc(RAM_BASE + start);
    state.writeAsMachine(Csr.MTVEC.number(), RAM_BASE);
    state.writeAsMachine(Csr.STVEC.number(), RAM_BASE + supervisorHandler);
    state.writeAsMachine(Csr.MEDELEG.number(), delegated);
    state.writeAsMachine(Csr.MIDELEG.number(), delegatedInterrupts);
    state.writeAsMachine(Csr.MIE.number(), 2);
    state.writeAsMachine(Csr.MCOUNTEREN.number(), -1);
    state.writeAsMachine(SATP, x[SPACE]);
    // A part of a page that can only be read, and everything.
    state.writeAsMachine(Csr.PMPADDR.number(), DATA + 3 * PAGE + 0x400 >>> 2 | 0x7f);
    state.writeAsMachine(Csr.PMPADDR.number() + 1, -1);
    state.writeAsMachine(Csr.PMPCFG.number(), 0x1f19);
    state.enter(Privilege.SUPERVISOR, Status.FS);
  }

  /** The physical addresses whose content matters in the end. */
  static long[] results() {
    long[] results = new long[(DATA_FRAMES + 2 * TABLES_OF_SPACE) * PAGE / 8 + PAGE / 8];
    int n = 0;
    for (long at = DATA; at < DATA + DATA_FRAMES * PAGE; at += 8) {
      results[n++] = at;
    }
    for (long at = TABLES; at < TABLES + 2 * TABLES_OF_SPACE * PAGE; at += 8) {
      results[n++] = at;
    }
    for (long at = LARGE_PAGE; at < LARGE_PAGE + PAGE; at += 8) {
      results[n++] = at;
    }
    return results;
  }

  private void writeHandler(Label ended) {
    Label going = new Label();
    Label legal = new Label();
    Label same = new Label();
    Label changed = new Label();
    Label supervisor = new Label();
    Label user = new Label();
    Label placed = new Label();
    code.branch(BNE, ROUND, 0, going).jump(ended).bind(going);
    code.emit(CSRRS, T0, 0x342, 0);
    sum(T0);
    code.emit(CSRRS, T1, 0x343, 0);
    sum(T1);
    code.emit(CSRRS, T1, MEPC, 0);
    sum(T1);
    // What was not executed may have been the fence behind a changed entry.
    code.emit(ADDI, T2, 0, 2).branch(BNE, T0, T2, legal).emit(SFENCE_VMA, 0, 0).bind(legal);
    code.emit(CSRRCI, 0, 0x344, 2);
    code.emit(ADDI, T1, SLOT, SLOT_BYTES).emit(SLLI, T1, T1, 48).emit(SRLI, T1, T1, 48);
    // A call changes the mode: to user mode, machine mode, or twice as often the supervisor's.
    code.emit(ADDI, T2, T0, -8).emit(SLTIU, T2, T2, 4).branch(BEQ, T2, 0, same);
    code.emit(ANDI, T2, SUM, 3).li(T0, 0x1800).emit(CSRRC, 0, MSTATUS, T0);
    code.branch(BEQ, T2, 0, changed).emit(ADDI, T2, T2, -3).branch(BNE, T2, 0, supervisor);
    code.emit(CSRRS, 0, MSTATUS, T0).jump(changed);
    code.bind(supervisor).li(T0, 0x800).emit(CSRRS, 0, MSTATUS, T0);
    code.bind(changed).bind(same);
    code.emit(CSRRS, T0, MSTATUS, 0).emit(SRLI, T0, T0, 11).emit(ANDI, T0, T0, 3);
    code.branch(BEQ, T0, 0, user);
    code.emit(ADDI, T2, 0, 1).emit(SLLI, T2, T2, 31).jump(placed);
    code.bind(user).emit(ADDI, T2, 0, 3).emit(SLLI, T2, T2, 30);
    code.bind(placed).emit(OR, T1, T1, T2).emit(CSRRW, 0, MEPC, T1).emit(MRET);
  }

  /** As a kernel's: the float unit and the access to users' pages off, then to the next slot. */
  private void writeSupervisorHandler() {
    Label legal = new Label();
    Label user = new Label();
    Label placed = new Label();
    Label going = new Label();
    code.branch(BNE, ROUND, 0, going).emit(ECALL).bind(going);
    code.emit(CSRRS, T0, 0x142, 0);
    sum(T0);
    code.emit(CSRRS, T1, SEPC, 0);
    sum(T1);
    code.emit(CSRRS, T1, 0x143, 0);
    sum(T1);
    code.emit(ADDI, T2, 0, 2).branch(BNE, T0, T2, legal).emit(SFENCE_VMA, 0, 0).bind(legal);
    code.li(T0, Status.SUM | Status.FS).emit(CSRRC, T1, SSTATUS, T0);
    sum(T1);
    code.emit(CSRRCI, 0, 0x144, 2);
    // What comes next depends on the sum: another mode, the float unit, what users see.
    code.emit(ANDI, T2, SUM, 3).emit(SLLI, T2, T2, 13).emit(CSRRS, 0, SSTATUS, T2);
    code.li(T0, Status.SPP).emit(CSRRC, 0, SSTATUS, T0).emit(ADDI, T1, SLOT, SLOT_BYTES);
    code.emit(SLLI, T1, T1, 48).emit(SRLI, T1, T1, 48);
    code.emit(ANDI, T2, SUM, 12).branch(BEQ, T2, 0, user);
    code.emit(ANDI, T2, SUM, 4).emit(SLLI, T2, T2, 16).emit(OR, T2, T2, T0);
    code.emit(CSRRS, 0, SSTATUS, T2);
    code.emit(ADDI, T2, 0, 1).emit(SLLI, T2, T2, 31).jump(placed);
    code.bind(user).emit(ADDI, T2, 0, 3).emit(SLLI, T2, T2, 30);
    code.bind(placed).emit(OR, T1, T1, T2).emit(CSRRW, 0, SEPC, T1).emit(SRET);
  }

  private void sum(int register) {
    code.emit(SLLI, T2, SUM, 5).emit(SUB, SUM, T2, SUM).emit(ADD, SUM, SUM, register);
  }

  private void writeSlot() {
    int begin = code.offset();
    code.emit(AUIPC, SLOT, 0);
    switch (random.nextInt(20)) {
      case 0 -> code.emit(ECALL);
      case 1 ->
          code.emit(ADDI, ADDRESS, SLOT, SLOT_BYTES).emit(CSRRW, 0, 0x141, ADDRESS).emit(SRET);
      case 2 -> code.emit(JALR, 1, offset(), any(NOWHERE));
      case 3 -> code.raw(random.nextInt(3) == 0 ? -1 : 0x10500073 ^ 1 << 7 + random.nextInt(25));
      case 4, 5 -> changeEntry();
      case 6 -> code.emit(CSRRW, free(), SATP, random.nextBoolean() ? SPACE : OTHER_SPACE);
      case 7 -> code.emit(random.nextBoolean() ? CSRRS : CSRRC, free(), MSTATUS, STATUS);
      case 8 -> code.emit(random.nextBoolean() ? CSRRS : CSRRC, free(), 0x30a, ENVIRONMENT);
      case 9 ->
          code.emit(List.of(CBO_CLEAN, CBO_INVAL, CBO_ZERO).get(random.nextInt(3)), address());
      case 10, 11 -> accessRegister();
      case 12, 13 -> loop();
      default -> {
        access();
        access();
      }
    }
    while (code.offset() < begin + SLOT_BYTES) {
      compute();
    }
  }

  private int free() {
    int register = 1 + random.nextInt(31);
    return TAKEN.contains(register) ? free() : register;
  }

  private void compute() {
    int bits = generator.encoding(any(COMPUTING));
    if (TAKEN.contains(Decoder.decode(bits).rd())) {
      compute();
    } else {
      code.raw(bits);
    }
  }

  private void accessRegister() {
    code.emit(any(REGISTER_ACCESS), free(), REGISTERS[random.nextInt(REGISTERS.length)], free());
  }

  /** Two instructions that load an address into a register, which is given back. */
  private int address() {
    long page = random.nextInt(DATA_PAGE_COUNT + 4);
    code.emit(LUI, ADDRESS, random.nextInt(8) == 0 ? 0x200 : page);
    code.emit(ADD, ADDRESS, ADDRESS, DATA_BASE);
    return ADDRESS;
  }

  private void access() {
    int base = random.nextInt(16) == 0 ? free() : address();
    switch (random.nextInt(5)) {
      case 0 -> {
        Opcode atomic = any(ATOMICS);
        if (atomic == LR_W || atomic == LR_D) {
          code.emit(atomic, free(), base);
        } else {
          code.emit(atomic, free(), free(), base);
        }
      }
      case 1, 2 -> code.emit(any(STORES), free(), offset(), base);
      default -> code.emit(any(LOADS), free(), offset(), base);
    }
  }

  /** Accesses one address after the other. */
  private void loop() {
    int step = (random.nextInt(8) + 1) * (random.nextBoolean() ? 248 : -248);
    Opcode access = random.nextBoolean() ? any(LOADS) : any(STORES);
    int base = address();
    code.emit(ADDI, ENTRY, 0, 1 + random.nextInt(20));
    code.emit(access, free(), 8 * random.nextInt(100), base).emit(ADDI, base, base, step);
    code.emit(ADDI, ENTRY, ENTRY, -1).emit(BNE, ENTRY, 0, -12);
  }

  private int offset() {
    return switch (random.nextInt(4)) {
      case 0 -> -random.nextInt(12);
      case 1 -> random.nextInt(256) * 8 - 1024;
      default -> random.nextInt(4096) - 2048;
    };
  }

  /**
   * Changes the entry of one of the data's pages and fences; the handler does if it was trapped.
   */
  private void changeEntry() {
    int page = random.nextInt(FIRST_GLOBAL);
    code.li(ENTRY, entry() & 0x7fff_ffff);
    code.emit(LUI, ADDRESS, DATA_PAGES + (long) page * PAGE >>> 12);
    if (random.nextBoolean()) {
      code.emit(SD, ENTRY, page * 8, TABLE);
    } else {
      code.emit(ADDI, ENTRY, ENTRY, 1).emit(SB, ENTRY, page * 8, TABLE);
    }
    code.emit(SFENCE_VMA, random.nextInt(3) == 0 ? 0 : ADDRESS, 0);
  }

  /** Of a page of data, rarely of one of no RAM. */
  private long entry() {
    long frame = random.nextInt(30) == 0 ? 0x1000_0000L : DATA + random.nextInt(DATA_FRAMES) * PAGE;
    long rights = new long[] {2, 6, 6, 6, 8, 10, 14, 4}[random.nextInt(8)];
    long state = new long[] {0xc0, 0xc0, 0x40, 0x40, 0, 0x80}[random.nextInt(6)];
    return frame >>> 2 | rights | state | random.nextInt(2) << 4 | 1;
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
