package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.hostbackend.region.RegionWriter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.opt.Pass;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The code of a region depends on where it lies by its references to the stubs and its {@link
 * RegionFields} alone: kept regions are moved in that belief.
 */
class RegionPositionTest {
  private static final long STUBS = 0x7000_0000_0000L;
  private static final long OTHER_STUBS = 0x7abc_de00_0000L;
  private static final int NEAR = 4096;
  private static final int FAR = 0x123_4560;
  private static final int COUNTER = 3;
  private static final int OTHER_COUNTER = RegisterFile.ENTRY_COUNTERS - 1;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int S0 = 8;
  private static final int S1 = 9;
  private static final int A0 = 10;
  private static final int OPERATIONS = 6;

  private final BlockCompiler blocks = new BlockCompiler(new Stubs(STUBS));
  private final BlockCompiler others = new BlockCompiler(new Stubs(OTHER_STUBS));
  private final RegionCompiler compiler = new RegionCompiler(blocks);
  private final RegionCompiler other = new RegionCompiler(others);

  private RegionFields assertMoves(RegionWriter.Result region, String what) {
    compiler.compile(region.blocks(), STUBS + NEAR, COUNTER);
    byte[] near = Arrays.copyOf(blocks.code(), blocks.codeLength());
    RegionFields fields = compiler.fields();
    other.compile(region.blocks(), OTHER_STUBS + FAR, OTHER_COUNTER);
    byte[] elsewhere = Arrays.copyOf(others.code(), others.codeLength());
    assertArrayEquals(blocks.stubReferences(), others.stubReferences(), what);
    assertArrayEquals(fields.addresses(), other.fields().addresses(), what);
    assertArrayEquals(fields.counters(), other.fields().counters(), what);
    ByteBuffer moved = ByteBuffer.wrap(elsewhere).order(ByteOrder.LITTLE_ENDIAN);
    for (int at : blocks.stubReferences()) {
      moved.putInt(at, moved.getInt(at) + FAR - NEAR);
    }
    fields.move(elsewhere, STUBS + NEAR - (OTHER_STUBS + FAR), COUNTER);
    assertArrayEquals(near, elsewhere, what);
    return fields;
  }

  @Test
  void loopsAndFunctionsCanBeMoved() throws IOException {
    int counted = 0;
    for (GuestLoop loop : GuestLoop.all()) {
      RegionWriter.Result region = new LoopTier(Pass.ALL).write(loop, loop.hot());
      RegionFields fields = assertMoves(region, loop.name());
      counted += fields.counters().length;
      assertTrue(fields.counters().length > 0, loop.name() + " is counted");
    }
    assertTrue(counted > GuestLoop.all().size(), "some are counted at several places");
  }

  /** The number that is added has one byte or four. */
  @Test
  void countsOfAnySizeCanBeMoved() throws IOException {
    GuestLoop loop = GuestLoop.all().getFirst();
    RegionWriter.Result region = new LoopTier(Pass.ALL).write(loop, loop.hot());
    for (int entries : new int[] {1, 127, 128, 256, 1 << 20}) {
      List<RegionCode> counted = new ArrayList<>();
      region.blocks().forEach(stretch -> counted.add(stretch.counted(entries)));
      assertMoves(new RegionWriter.Result(counted, region.states()), "counted " + entries);
    }
  }

  /** An interpreter: its jump has a table of host addresses. */
  @Test
  void tablesOfAddressesCanBeMoved() {
    RiscvAssembler a = new RiscvAssembler();
    List<Long> targets = new ArrayList<>();
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.LBU, T0, 0, S0).emit(Opcode.ADDI, S0, S0, 1);
    a.emit(Opcode.SH3ADD, T1, T0, S1).emit(Opcode.LD, T1, 0, T1);
    a.emit(Opcode.JALR, 0, 0, T1);
    for (int i = 0; i < OPERATIONS; i++) {
      targets.add(GuestLoop.PC + a.offset());
      a.emit(Opcode.ADDI, A0, A0, i).jump(loop);
    }
    byte[] code = a.bytes();
    CodeSource source =
        new CodeSource() {
          @Override
          public int parcel(long pc) {
            int at = (int) (pc - GuestLoop.PC);
            boolean inside = at >= 0 && at + 1 < code.length;
            return inside ? code[at] & 0xff | (code[at + 1] & 0xff) << 8 : -1;
          }

          @Override
          public List<Long> jumpTargets(long pc) {
            return targets;
          }
        };
    RegionWriter.Result region = new LoopTier(Pass.ALL).write(source, GuestLoop.PC);
    assertEquals(OPERATIONS, assertMoves(region, "interpreter").addresses().length);
  }
}
