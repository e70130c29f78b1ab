package dev.isomorph.tools.diff;

import dev.isomorph.engine.Hart;
import dev.isomorph.processvm.memory.AddressSpace;
import java.io.IOException;

/**
 * The start of a program of which only the commit log is known: the stack lies where the log has
 * it, and what is on it is taken from what the logged program loads.
 *
 * @param pointer the stack pointer, 0 if the log does not tell
 */
record LogStart(long pointer) implements Comparison.Start {
  @Override
  public void impose(Hart hart, AddressSpace space, ForeignMemory foreign) throws IOException {
    long from = hart.x(2);
    byte[] stack = StartImage.stackOf(hart, space);
    long end = from + stack.length;
    long to = pointer == 0 ? from : pointer;
    if (from != to) {
      StartImage.relocate(stack, from, to);
      stack = StartImage.fit(stack, to);
      StartImage.placeStack(hart, space, to, stack);
    }
    // The logged program's strings may take more room than ours, up to the same end.
    boolean sameStack = to < end && end - to < space.stackSize();
    foreign.add(to, sameStack ? end - to : stack.length);
  }
}
