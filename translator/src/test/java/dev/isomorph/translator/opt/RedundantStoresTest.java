package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.TestRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores of the same bytes one after the other. */
class RedundantStoresTest {
  private static final int BLOCKS = 4000;
  private static final int STATES = 3;

  private final WrittenBlock block = new WrittenBlock();

  private Map<IrOp, Integer> accesses() {
    return block.accesses(new Optimizer());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ST8", "ST16", "ST32", "ST64"})
  void theLastOfThemStays(String store) {
    for (int i = 11; i < 14; i++) {
      block.line("%s x10, x%d, 8", store, i);
      block.line(";");
    }
    assertEquals(Map.of(IrOp.valueOf(store), 1), accesses());
  }

  @Test
  void whatIsStoredLastIsMadeBefore() {
    block.line("ST64 x10, x11, 8");
    block.line(";");
    block.line("a = MUL x11, x12");
    block.line("x11 = a");
    block.line(";");
    block.line("b = ADD a, 1");
    block.line("x12 = b");
    block.line(";");
    block.line("c = ADD x10, 4");
    block.line("ST64 c, b, 4");
    assertEquals(Map.of(IrOp.ST64, 1), accesses());
  }

  @ParameterizedTest
  @CsvSource({"ST64, x10, 9", "ST32, x10, 8", "ST64, x12, 8", "STF_D, x12, 8"})
  void otherBytesAreStored(String store, String base, int displacement) {
    block.line("ST64 x10, x11, 8");
    block.line(";");
    boolean isFloat = store.startsWith("STF");
    block.line("%s %s, %s, %d", store, base, isFloat ? "f1" : "x13", displacement);
    int both = accesses().values().stream().mapToInt(Integer::intValue).sum();
    assertEquals(2, both);
  }

  /** What may leave finds memory as it was; what loads may be another hart's second look. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x14 = LD64 x13",
        "EXIT_EQ x12, x13, 0x3000",
        "FENCE 0",
        "FENCE 1",
        "ST8 x12, x13, 64",
        "u = UNBOX_S f1",
        "f1 = FADD_D f2, f3, 0",
        "x14 = AMO64 x13, x12, ADD"
      })
  void bothStayWithSomethingBetween(String between) {
    block.line("ST64 x10, x11, 8");
    block.line(";");
    block.line(between);
    block.line(";");
    block.line("ST64 x10, x12, 8");
    assertEquals(2, accesses().get(IrOp.ST64));
  }

  /** Flags that it raises before the store would be seen if that faults. */
  @Test
  void whatRaisesFlagsIsNotMadeBefore() {
    block.line("STF_D x10, f1, 8");
    block.line(";");
    block.line("a = FADD_D f2, f3, 7");
    block.line("b = CANON_D a");
    block.line(";");
    block.line("STF_D x10, b, 8");
    assertEquals(2, accesses().get(IrOp.STF_D));
  }

  /** A device would miss the first one. */
  @Test
  void machinesStoreBoth() {
    block.line("ST64 x10, x11, 8");
    block.line(";");
    block.line("ST64 x10, x12, 8");
    assertEquals(Map.of(IrOp.ST64, 2), block.accesses(new Optimizer(Pass.ALL, LoadJoining.NEVER)));
  }

  /** In a region a load between them is known to give what was stored. */
  @Test
  void variablesInMemoryAreStoredOnce() {
    RiscvAssembler code = new RiscvAssembler();
    RiscvAssembler.Label head = code.here();
    code.emit(Opcode.LW, 15, 8, 2).emit(Opcode.ADDIW, 15, 15, 1).emit(Opcode.SW, 15, 8, 2);
    code.emit(Opcode.LW, 15, 8, 2).emit(Opcode.SLLIW, 15, 15, 3).emit(Opcode.SW, 15, 8, 2);
    code.emit(Opcode.ADDI, 8, 8, -1).branch(Opcode.BNE, 8, 0, head).ret();
    RegionGraph graph = TestRegion.of(code);
    RegionOptimizer.optimise(graph);
    assertEquals(1, TestRegion.all(graph, IrOp.ST32).size(), graph::toString);
  }

  /**
   * Random straight lines with stores to few places end as before. If an access fails, things are
   * as they were before the first of those that are one now: all is done again from there.
   */
  @Test
  void randomLinesEndAsBefore() {
    int gone = 0;
    for (long seed = 0; seed < BLOCKS; seed++) {
      IrBlock plain = IrText.parse(lines(new Random(seed)));
      IrBlock optimised = new Optimizer().optimise(plain);
      assertTrue(IrVerifier.verify(optimised));
      gone += stores(plain).size() - stores(optimised).size();
      for (int state = 0; state < STATES; state++) {
        assertEquals(
            Observation.of(plain, state, -1),
            Observation.of(optimised, state, -1),
            () -> plain + "became\n" + optimised);
      }
      List<Integer> before = stores(plain);
      for (int store : stores(optimised)) {
        int same = store(plain, before, optimised.instructionOf(store));
        assertEquals(
            Observation.of(Observation.prefix(plain, same), seed, -1),
            Observation.of(Observation.prefix(optimised, store), seed, -1),
            () -> store + " of " + plain + "became\n" + optimised);
      }
    }
    assertTrue(gone > BLOCKS / 2, "only " + gone);
  }

  private static int store(IrBlock block, List<Integer> stores, int instruction) {
    return stores.stream()
        .filter(id -> block.instructionOf(id) == instruction)
        .findFirst()
        .orElseThrow();
  }

  private static List<Integer> stores(IrBlock block) {
    List<Integer> found = new ArrayList<>();
    for (int id = 0; id < block.size(); id++) {
      if (block.op(id).effect() == IrOp.Effect.MEMORY_WRITE) {
        found.add(id);
      }
    }
    return found;
  }

  private static String lines(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 3 + random.nextInt(12); i > 0; i--) {
      text.append(line(random)).append("\n;\n");
    }
    return text.toString();
  }

  private static String line(Random random) {
    String x = "x" + (11 + random.nextInt(3));
    String y = "x" + (11 + random.nextInt(3));
    int at = 4 * random.nextInt(3);
    return switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4 -> "ST64 x10, %s, %d".formatted(x, at);
      case 5, 6, 7 -> "ST32 x10, %s, %d".formatted(x, at);
      case 8 -> "%s = LD64 x10, %d".formatted(x, at);
      case 9 -> "f1 = FMUL_D f1, f2, 7";
      case 10 -> "STF_D x10, f1, " + at;
      case 11 -> "EXIT_EQ %s, %s, 0x3000".formatted(x, y);
      default -> "%s = MUL %s, %s".formatted(x, x, y);
    };
  }
}
