package dev.isomorph.codecache;

import dev.isomorph.translator.ir.IrBlock;
import java.util.Arrays;

/**
 * Code that is never run, with direct jumps as the cache expects them: for each target a site, a
 * rel32 at a multiple of 4, that first leads to a stub of its own: a call, the target pc, and the
 * distance from there back to the site.
 */
final class SyntheticBlock {
  private static final int CALL = 5;
  private static final int STUB = CALL + 12;

  private final long[] targets;
  private final byte[] code;

  /**
   * @param padding bytes of code that is not a jump
   * @param targets guest pcs jumped to
   */
  SyntheticBlock(int padding, long... targets) {
    this.targets = targets;
    code = new byte[firstStub(padding, targets.length) + STUB * targets.length];
    for (int i = 0; i < targets.length; i++) {
      int stub = firstStub(padding, targets.length) + STUB * i;
      int site = site(i);
      putInt(site, stub - (site + 4));
      code[stub] = (byte) 0xe8;
      putInt(stub + CALL, (int) targets[i]);
      putInt(stub + CALL + 4, (int) (targets[i] >>> 32));
      putInt(stub + CALL + 8, stub + CALL - site);
    }
  }

  private static int firstStub(int padding, int sites) {
    return 4 + 8 * sites + padding;
  }

  private void putInt(int at, int value) {
    for (int i = 0; i < 4; i++) {
      code[at + i] = (byte) (value >>> 8 * i);
    }
  }

  byte[] code() {
    return code;
  }

  int sites() {
    return targets.length;
  }

  long target(int i) {
    return targets[i];
  }

  /** Offset of the rel32 of jump {@code i}. */
  int site(int i) {
    return 4 + 8 * i;
  }

  /** Offset of the stub of jump {@code i}. */
  int stub(int i) {
    return code.length - STUB * (sites() - i);
  }

  /** Offset of the data of the stub of jump {@code i}, which is what a stub's caller reports. */
  int data(int i) {
    return stub(i) + CALL;
  }

  /** The guest code it might come from: instructions of 4 and 2 bytes by turns. */
  static IrBlock source(long pc, int instructions) {
    IrBlock source = new IrBlock();
    long at = pc;
    for (int i = 0; i < instructions; i++) {
      boolean compressed = i % 2 == 1;
      source.beginInstruction(at, compressed ? 1 : 0x13, compressed ? 2 : 4);
      at += compressed ? 2 : 4;
    }
    return source;
  }

  @Override
  public String toString() {
    return code.length + " bytes, jumps to " + Arrays.toString(targets);
  }
}
