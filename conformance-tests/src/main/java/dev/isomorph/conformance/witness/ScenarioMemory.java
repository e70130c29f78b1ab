package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.decoder.Instruction;

/** A {@link SparseMemory} that is set up for one program after the other. */
final class ScenarioMemory {
  private static final int PAGE = SparseMemory.PAGE;

  private final SparseMemory memory = Layout.newMemory();
  private byte[] filling = new byte[DataPages.count() * PAGE];
  private long placedAt;
  private int placedLength;

  /** Puts the program and data of a scenario in place of the last one's. */
  SparseMemory load(Scenario scenario) {
    for (int i = 0; i < placedLength; i += 2) {
      poke(placedAt + i, Layout.FILLER);
    }
    byte[] code = scenario.bytes();
    for (int i = 0; i < code.length; i += 2) {
      poke(scenario.pc() + i, code[i] & 0xff | code[i + 1] << 8);
    }
    placedAt = scenario.pc();
    placedLength = code.length;
    filling = DataPages.filling(scenario.contents());
    for (int page = 0; page < DataPages.count(); page++) {
      memory.fill(DataPages.address(page), filling, page * PAGE);
    }
    return memory;
  }

  SparseMemory memory() {
    return memory;
  }

  /** Puts an instruction into the code region; it is not taken away again. */
  void place(long address, int encoding) {
    poke(address, encoding);
    if (Instruction.lengthOf(encoding) == 4) {
      poke(address + 2, encoding >>> 16);
    }
  }

  /** What does not fit into the code region is as if it was not there. */
  private void poke(long address, int parcel) {
    if (address < Layout.CODE + Layout.CODE_SIZE) {
      memory.poke(address, 2, parcel);
    }
  }

  /** Gives the bytes of the {@link DataPages} and makes these what they were when loaded. */
  byte[] takeData() {
    byte[] data = filling;
    for (int page = 0; page < DataPages.count(); page++) {
      if (memory.written(DataPages.address(page))) {
        data = data == filling ? filling.clone() : data;
        memory.copy(DataPages.address(page), data, page * PAGE);
        memory.fill(DataPages.address(page), filling, page * PAGE);
      }
    }
    return data;
  }
}
