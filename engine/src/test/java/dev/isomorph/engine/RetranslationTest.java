package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.hostbackend.lower.CodeMap;
import dev.isomorph.hostbackend.lower.Stubs;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.RegionOutline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is shown of a translation is how it was made. */
class RetranslationTest {
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int T6 = 31;

  /** Translates all again at once. */
  private static final class Again implements EngineObserver {
    final List<Retranslation> blocks = new ArrayList<>();
    final List<Retranslation> regions = new ArrayList<>();
    final List<RegionRefusal> refusals = new ArrayList<>();
    private Stubs stubs;

    @Override
    public void started(Stubs by) {
      stubs = by;
    }

    @Override
    public boolean allowsRegions() {
      return true;
    }

    @Override
    public void translated(IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {
      Retranslation again = Retranslation.of(block, stubs);
      assertArrayEquals(Arrays.copyOf(code, block.length()), again.code());
      assertEquals(List.of("lifted", "simplified", "dead code removed"), names(again));
      blocks.add(again);
    }

    @Override
    public void regionTranslated(
        RegionOutline loop, int counter, TranslatedBlock region, byte[] code) {
      Retranslation again = Retranslation.of(loop, counter, region, stubs);
      assertArrayEquals(Arrays.copyOf(code, region.length()), again.code());
      assertEquals("lifted", names(again).getFirst());
      assertEquals("places chosen", names(again).getLast());
      regions.add(again);
    }

    @Override
    public void regionRefused(long pc, RegionRefusal reason) {
      refusals.add(reason);
    }

    private static List<String> names(Retranslation translation) {
      return translation.stages().stream().map(Retranslation.Stage::name).toList();
    }
  }

  private static Again run(RiscvAssembler program) {
    Again again = new Again();
    EngineOptions options =
        EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE).withObserver(again);
    try (TestMemory memory = new TestMemory()) {
      memory.code(program.bytes());
      try (Engine engine = new Engine(memory, options)) {
        Hart hart = engine.newHart();
        hart.pc(CODE);
        hart.run();
      }
    }
    return again;
  }

  private static RiscvAssembler loops() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, 20).li(T6, DATA);
    RiscvAssembler.Label outer = a.here();
    a.li(T1, 50);
    RiscvAssembler.Label inner = a.here();
    a.emit(Opcode.SD, T1, 0, T6);
    a.emit(Opcode.ADDI, T1, T1, -1);
    a.branch(Opcode.BNE, T1, 0, inner);
    a.emit(Opcode.ADDI, T0, T0, -1);
    a.branch(Opcode.BNE, T0, 0, outer);
    a.emit(Opcode.ECALL);
    return a;
  }

  @Test
  void isTheSameTranslation() {
    Again again = run(loops());
    assertTrue(again.blocks.size() > 2);
    assertTrue(again.regions.size() > 1);
  }

  @Test
  void partsTellWhatCodeIsFor() {
    for (Retranslation region : run(loops()).regions) {
      int last = -1;
      List<CodeMap.Kind> kinds = new ArrayList<>();
      for (CodeMap.Part part : region.parts()) {
        assertTrue(part.offset() > last);
        last = part.offset();
        assertTrue(part.instruction() < region.pcs().length);
        kinds.add(part.kind());
      }
      assertEquals(CodeMap.Kind.ENTRY, kinds.getFirst());
      assertTrue(
          kinds.containsAll(
              List.of(
                  CodeMap.Kind.POLL,
                  CodeMap.Kind.BODY,
                  CodeMap.Kind.WAY_OUT,
                  CodeMap.Kind.LINK_STUB,
                  CodeMap.Kind.DATA,
                  CodeMap.Kind.STOP)));
    }
  }

  /** The inner loop is there twice, what is behind it once. */
  @Test
  void tellsLoopsFromTheirNodes() {
    Retranslation outer = run(loops()).regions.getLast();
    assertEquals(
        List.of(0, 1, 2, 2, 1),
        outer.nodes().stream().map(Retranslation.Node::depth).toList(),
        outer.nodes().toString());
    assertEquals(
        List.of(false, true, true, false, false),
        outer.nodes().stream().map(Retranslation.Node::isHead).toList());
    assertEquals(1, outer.nodes().getLast().leavesFor().size());
  }

  @Test
  void codeWithoutLoopIsRefused() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label next = new RiscvAssembler.Label();
    RiscvAssembler.Label done = new RiscvAssembler.Label();
    a.li(T0, 20).la(T1, next).bind(next);
    a.emit(Opcode.ADDI, T0, T0, -1);
    a.branch(Opcode.BEQ, T0, 0, done);
    a.emit(Opcode.JALR, 0, 0, T1);
    a.bind(done).emit(Opcode.ECALL);
    Again again = run(a);
    assertTrue(again.refusals.contains(RegionRefusal.NO_LOOP), again.refusals.toString());
    assertTrue(again.regions.isEmpty());
  }
}
