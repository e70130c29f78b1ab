package dev.isomorph.translator.lift;

import static dev.isomorph.decoder.Opcode.*;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.RiscvAssembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class AddressUseTest {
  private static final long PC = 0x3f_1234_5000L;

  private final RiscvAssembler asm = new RiscvAssembler();

  private boolean isLinear(long pc) {
    byte[] bytes = asm.bytes();
    int[] encodings = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(encodings);
    return AddressUse.isLinear(pc, encodings);
  }

  @Test
  void addressesOfDataAndFunctions() {
    asm.emit(AUIPC, 10, 1).emit(ADDI, 10, 10, 4).emit(LD, 11, 8, 10).emit(ADD, 12, 10, 13);
    asm.emit(SD, 12, 0, 10).emit(JALR, 1, 0, 12);
    assertTrue(isLinear(PC));
    assertFalse(isLinear(0x1_0000));
  }

  @Test
  void comparedAddresses() {
    asm.emit(AUIPC, 10, 0).emit(ADDI, 11, 10, 4).emit(SLTU, 12, 11, 13);
    assertFalse(isLinear(PC));
  }

  @Test
  void wordsOfAddresses() {
    asm.emit(AUIPC, 10, 0).emit(ADDIW, 11, 10, 4);
    assertFalse(isLinear(PC));
  }

  @Test
  void storedPartsOfAddresses() {
    asm.emit(AUIPC, 10, 0).emit(SW, 11, 4, 10).emit(SLTU, 12, 0, 13);
    assertTrue(isLinear(PC));
    asm.emit(SW, 10, 4, 11);
    assertFalse(isLinear(PC));
  }

  /** An address in front of the code could be shorter than the code's own. */
  @Test
  void addressesOfLittleMoreThan32Bits() {
    asm.emit(AUIPC, 10, -0x80000);
    assertFalse(isLinear(1L << 32));
    assertTrue(isLinear(1L << 33));
  }

  @Test
  void otherLargeNumbers() {
    asm.emit(LUI, 10, 1).emit(AUIPC, 11, 0);
    assertFalse(isLinear(PC));
  }
}
