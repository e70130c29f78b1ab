package dev.isomorph.tools.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.lower.CodeMap;
import dev.isomorph.hostbackend.lower.RegisterFile;
import dev.isomorph.hostbackend.lower.Stubs;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HostListingTest {
  private static final long STUBS = 0x7000_0000L;
  private static final long CODE = STUBS + 0x1000;

  private final HostListing listing = new HostListing(new Stubs(STUBS));
  private final Assembler asm = new Assembler();

  private List<HostListing.Line> lines() {
    assumeTrue(listing.hasInstructions(), "no libcapstone to disassemble with");
    return listing.lines(
        asm.code(), List.of(new CodeMap.Part(0, 0, CodeMap.Kind.BODY, null)), CODE);
  }

  private HostListing.Line load(int displacement) {
    asm.mov(8, Gpr.RAX, Mem.of(Gpr.RBP, displacement));
    return lines().getLast();
  }

  @Test
  void guestRegistersInMemoryHaveTheirNames() {
    for (int register : new int[] {1, 15, 16, 17, 18, 31, 32, 63}) {
      HostListing.Line line = load(RegisterFile.slot(register));
      assertEquals(register < 32 ? "x" + register : "f" + (register - 32), line.note());
      assertTrue(line.isGuestState());
      assertFalse(line.isSpill());
    }
  }

  @Test
  void spillsAreToldApart() {
    HostListing.Line line = load(RegisterFile.SPILLS);
    assertTrue(line.isSpill());
    assertFalse(line.isGuestState());
    assertEquals("spill 0", line.note());
    assertEquals("spill 1", load(RegisterFile.SPILLS + 8 * (RegisterFile.SPILL_COUNT - 2)).note());
  }

  @Test
  void otherFieldsHaveNamesButNoMark() {
    HostListing.Line line = load(RegisterFile.POLL);
    assertEquals("poll flag", line.note());
    assertFalse(line.isSpill() || line.isGuestState());
    assertEquals("", load(RegisterFile.SPILLS + 8 * RegisterFile.SPILL_COUNT).note());
  }

  @Test
  void branchesLeadToOffsetsAndStubs() {
    asm.jmpTo(8);
    asm.jmpTo(STUBS - CODE);
    asm.jmpTo(0x10_0000);
    List<String> texts = lines().stream().map(HostListing.Line::text).toList();
    assertEquals(List.of("jmp +8", "jmp stub enter", "jmp 0x70101000"), texts);
  }
}
