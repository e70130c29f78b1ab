package dev.isomorph.systemvm.pci;

import dev.isomorph.systemvm.device.InterruptLine;

/** A wire that several devices pull: it is high as long as one of them wants it to be. */
final class SharedLine {
  private final InterruptLine out;
  private int raised;

  SharedLine(InterruptLine out) {
    this.out = out;
  }

  /** The end for one device. */
  InterruptLine end() {
    return new End();
  }

  private final class End implements InterruptLine {
    private boolean high;

    @Override
    public void set(boolean level) {
      synchronized (SharedLine.this) {
        if (level != high) {
          high = level;
          raised += level ? 1 : -1;
        }
        // Who raises it asks once more, if others have raised it before, too.
        if (level || raised == 0) {
          out.set(level);
        }
      }
    }
  }
}
