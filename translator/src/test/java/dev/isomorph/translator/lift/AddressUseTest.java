package dev.isomorph.translator.lift;

import static dev.isomorph.decoder.Opcode.*;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.RiscvAssembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class AddressUseTest {
  private final RiscvAssembler asm = new RiscvAssembler();

  private boolean isLinear() {
    byte[] bytes = asm.bytes();
    int[] encodings = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(encodings);
    return AddressUse.isLinear(encodings);
  }

  @Test
  void addressesOfDataAndFunctions() {
    asm.emit(AUIPC, 10, 1).emit(ADDI, 10, 10, 4).emit(LD, 11, 8, 10).emit(ADD, 12, 10, 13);
    asm.emit(SD, 12, 0, 10).emit(JALR, 1, 0, 12);
    assertTrue(isLinear());
  }

  @Test
  void comparedAddresses() {
    asm.emit(AUIPC, 10, 0).emit(ADDI, 11, 10, 4).emit(SLTU, 12, 11, 13);
    assertFalse(isLinear());
  }

  @Test
  void wordsOfAddresses() {
    asm.emit(AUIPC, 10, 0).emit(ADDIW, 11, 10, 4);
    assertFalse(isLinear());
  }

  @Test
  void storedPartsOfAddresses() {
    asm.emit(AUIPC, 10, 0).emit(SW, 11, 4, 10).emit(SLTU, 12, 0, 13);
    assertTrue(isLinear());
    asm.emit(SW, 10, 4, 11);
    assertFalse(isLinear());
  }

  /** What a few instructions make of an address is never shorter than 33 bits. */
  @Test
  void longAddresses() {
    assertTrue(AddressUse.isMovable(0x3f_1234_5000L));
    assertTrue(AddressUse.isMovable(1L << 33));
    assertFalse(AddressUse.isMovable(1L << 32));
    assertFalse(AddressUse.isMovable(0x1_0000));
    assertFalse(AddressUse.isMovable(0xffff_ffd6_1234_5000L));
  }

  @Test
  void otherLargeNumbers() {
    asm.emit(LUI, 10, 1).emit(AUIPC, 11, 0);
    assertFalse(isLinear());
  }
}
