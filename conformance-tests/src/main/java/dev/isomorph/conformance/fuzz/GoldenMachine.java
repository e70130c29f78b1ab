package dev.isomorph.conformance.fuzz;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.conformance.golden.GoldenHart;
import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.OptionalLong;

/** The golden model. */
final class GoldenMachine implements Machine {
  private static final long ECALL_LENGTH = 4;

  private final long limit;

  /**
   * A machine.
   *
   * @param limit instructions after which a program seems not to end
   */
  GoldenMachine(long limit) {
    this.limit = limit;
  }

  @Override
  public String name() {
    return "golden model";
  }

  @Override
  public String command() {
    return "";
  }

  @Override
  public Result run(Image image) {
    SparseMemory memory = new SparseMemory();
    place(memory, Places.TEXT, image.text(), EnumSet.allOf(Access.class));
    place(memory, Places.DATA, image.data(), EnumSet.of(Access.READ, Access.WRITE));
    GoldenHart hart = new GoldenHart(memory);
    hart.pc(image.entry());
    SystemCalls calls = new SystemCalls((from, to) -> copy(memory, from, to));
    for (long step = 0; step < limit; step++) {
      Ending ending = hart.step();
      if (ending instanceof Ending.SystemCall) {
        OptionalLong result = calls.call(hart::x);
        if (result.isEmpty()) {
          return calls.result(Result.EXIT);
        }
        hart.x(SystemCalls.RESULT, result.getAsLong());
        hart.pc(hart.pc() + ECALL_LENGTH);
      } else if (ending != null) {
        return calls.result(ending + " at 0x" + Long.toHexString(hart.pc()));
      }
    }
    return calls.result(Result.ENDLESS);
  }

  private static void place(
      SparseMemory memory, long address, byte[] bytes, EnumSet<Access> rights) {
    int length = (bytes.length + Places.PAGE - 1) / Places.PAGE * Places.PAGE;
    memory.map(address, length, rights);
    byte[] pages = Arrays.copyOf(bytes, length);
    for (int page = 0; page < length; page += Places.PAGE) {
      memory.fill(address + page, pages, page);
    }
  }

  private static void copy(SparseMemory memory, long from, byte[] to) {
    for (int page = 0; page < to.length; page += Places.PAGE) {
      memory.copy(from + page, to, page);
    }
  }
}
