package dev.isomorph.hostbackend.asm;

import static dev.isomorph.hostbackend.asm.EncodingCases.ALL_SIZES;
import static dev.isomorph.hostbackend.asm.EncodingCases.ONLY_8;

import dev.isomorph.hostbackend.asm.EncodingCases.MemGpr;
import dev.isomorph.hostbackend.asm.EncodingCases.MemImm;
import dev.isomorph.hostbackend.asm.EncodingCases.OneMem;

/** Cases for {@link ControlInstructions}; branches to labels have tests of their own. */
final class ControlCases {
  private ControlCases() {}

  static void addTo(EncodingCases cases) {
    stackAndBranches(cases);
    atomics(cases);
    for (int n = 1; n <= 4; n++) {
      int imm = 0x1111 * n;
      cases.add("ret imm", "ret " + imm, a -> a.ret(imm));
    }
    cases.plain("ret", Assembler::ret);
    cases.plain("lfence", Assembler::lfence);
    cases.plain("mfence", Assembler::mfence);
    cases.plain("sfence", Assembler::sfence);
    cases.plain("pause", Assembler::pause);
    cases.plain("nop", Assembler::nop);
    cases.plain("int3", Assembler::int3);
    cases.plain("ud2", Assembler::ud2);
    cases.plain("syscall", Assembler::syscall);
    cases.plain("cpuid", Assembler::cpuid);
    cases.plain("rdtsc", Assembler::rdtsc);
    cases.plain("vzeroupper", Assembler::vzeroupper);
    int[] four = {4};
    cases.mem("ldmxcsr", four, (a, _, x) -> a.ldmxcsr(x));
    cases.mem("stmxcsr", four, (a, _, x) -> a.stmxcsr(x));
    cases.mem("vldmxcsr", four, (a, _, x) -> a.vldmxcsr(x));
    cases.mem("vstmxcsr", four, (a, _, x) -> a.vstmxcsr(x));
  }

  private static void stackAndBranches(EncodingCases cases) {
    cases.gpr("push", ONLY_8, (a, _, x) -> a.push(x));
    cases.mem("push", ONLY_8, (a, _, x) -> a.push(x));
    cases.gpr("pop", ONLY_8, (a, _, x) -> a.pop(x));
    cases.mem("pop", ONLY_8, (a, _, x) -> a.pop(x));
    for (int imm : Operands.immediates(8)) {
      cases.add("push imm", "push " + imm, a -> a.push(imm));
    }
    cases.gpr("call", ONLY_8, (a, _, x) -> a.call(x));
    cases.mem("call", ONLY_8, (a, _, x) -> a.call(x));
    cases.gpr("jmp", ONLY_8, (a, _, x) -> a.jmp(x));
    cases.mem("jmp", ONLY_8, (a, _, x) -> a.jmp(x));
    for (Cond cond : Cond.values()) {
      String text = "j" + Operands.text(cond);
      cases.add(text + " short", text + " .+2", a -> shortToNext(a, cond));
      cases.add(text + " rel32", text + " .+6+0x1234", a -> a.jccRel32(cond, 0x1234));
    }
    cases.add("jmp rel32", "jmp .+5+0x12345", a -> a.jmpRel32(0x12345));
    cases.add("call rel32", "call .+5-0x12345", a -> a.callRel32(-0x12345));
  }

  private static void shortToNext(Assembler a, Cond cond) {
    Label target = new Label();
    a.jccShort(cond, target);
    a.bind(target);
  }

  private static void atomics(EncodingCases cases) {
    cases.memGpr("xadd", ALL_SIZES, Assembler::xadd);
    cases.memGpr("cmpxchg", ALL_SIZES, Assembler::cmpxchg);
    cases.mem("cmpxchg8b", ONLY_8, (a, _, x) -> a.cmpxchg8b(x));
    cases.mem("cmpxchg16b", new int[] {16}, (a, _, x) -> a.cmpxchg16b(x));
    locked(cases, "xadd", Assembler::xadd);
    locked(cases, "cmpxchg", Assembler::cmpxchg);
    locked(cases, "add", (a, size, x, y) -> a.add(size, x, y));
    locked(cases, "and", (a, size, x, y) -> a.and(size, x, y));
    locked(cases, "or", (a, size, x, y) -> a.or(size, x, y));
    locked(cases, "xor", (a, size, x, y) -> a.xor(size, x, y));
    locked(cases, "sub", (a, size, x, y) -> a.sub(size, x, y));
    lockedImm(cases, "add", Assembler::add);
    lockedOne(cases, "inc", Assembler::inc);
    lockedOne(cases, "dec", Assembler::dec);
  }

  // As a byte before the statement: as puts its lock prefix behind an operand-size prefix.

  private static void locked(EncodingCases cases, String mnemonic, MemGpr emit) {
    EncodingCases plain = new EncodingCases();
    plain.memGpr(mnemonic, ALL_SIZES, emit);
    addLocked(cases, plain);
  }

  private static void lockedImm(EncodingCases cases, String mnemonic, MemImm emit) {
    EncodingCases plain = new EncodingCases();
    plain.memImm(mnemonic, ALL_SIZES, emit);
    addLocked(cases, plain);
  }

  private static void lockedOne(EncodingCases cases, String mnemonic, OneMem emit) {
    EncodingCases plain = new EncodingCases();
    plain.mem(mnemonic, ALL_SIZES, emit);
    addLocked(cases, plain);
  }

  private static void addLocked(EncodingCases cases, EncodingCases plain) {
    plain
        .members()
        .forEach(
            (member, list) ->
                list.forEach(
                    each ->
                        cases.add(
                            "lock " + member,
                            ".byte 0xf0\n" + each.text(),
                            a -> {
                              a.lock();
                              each.emit().accept(a);
                            })));
  }
}
