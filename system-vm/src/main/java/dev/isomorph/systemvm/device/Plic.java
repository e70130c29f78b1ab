package dev.isomorph.systemvm.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The platform-level interrupt controller (RISC-V PLIC specification 1.0.0): level-triggered
 * sources, each with a gateway that lets one request at a time through, and contexts, each with
 * sources it has enabled, a threshold and a claim register. Words that nothing is at read as zero.
 */
public final class Plic implements Device {
  /** Source identifiers, of which 0 means none. */
  public static final int SOURCES = 96;

  /** The highest priority. */
  public static final int MAX_PRIORITY = 7;

  private static final int PENDING = 0x1000;
  private static final int ENABLE = 0x2000;
  private static final int ENABLE_STRIDE = 0x80;
  private static final int CONTEXT = 0x20_0000;
  private static final int CONTEXT_STRIDE = 0x1000;
  private static final int THRESHOLD = 0;
  private static final int CLAIM = 4;
  private static final int WORDS = SOURCES / 32;
  private static final int NO_SOURCE_ZERO = ~1;

  private final int[] priority = new int[SOURCES];
  private final int[] level = new int[WORDS];
  private final int[] pending = new int[WORDS];

  /** Claimed and not yet completed: what is pending has to wait. */
  private final int[] claimed = new int[WORDS];

  private final Context[] contexts;

  /** Who claims interrupts: a hart in one privilege mode. */
  private static final class Context {
    private final InterruptLine line;
    private final int[] enabled = new int[WORDS];
    private int threshold;
    private boolean raised;

    Context(InterruptLine line) {
      this.line = line;
    }
  }

  /**
   * @param lines external interrupts by context; on qemu's virt board, 2n is hart n's machine mode
   *     and 2n + 1 its supervisor mode
   */
  public Plic(List<InterruptLine> lines) {
    contexts = new Context[lines.size()];
    for (int i = 0; i < contexts.length; i++) {
      contexts[i] = new Context(lines.get(i));
    }
  }

  /** Bytes of registers with that many contexts. */
  public static long size(int contexts) {
    return CONTEXT + (long) contexts * CONTEXT_STRIDE;
  }

  @Override
  public String name() {
    return "plic";
  }

  /** The wire of a source, 1 to 95. */
  public InterruptLine source(int id) {
    if (id <= 0 || id >= SOURCES) {
      throw new IllegalArgumentException("interrupt source " + id);
    }
    return on -> setLevel(id, on);
  }

  /**
   * A gateway's work: whenever a device asserts its line, already high or not, that becomes a
   * request; it waits while another one is under way. That the line is still high when that is
   * completed is no request, as it is none in qemu: there are drivers that leave it high.
   */
  private synchronized void setLevel(int id, boolean on) {
    put(level, id, on);
    if (on) {
      put(pending, id, true);
      updateLines();
    }
  }

  @Override
  public synchronized long read(long offset, int bytes) {
    int register = register(offset, bytes);
    int value;
    if (register < PENDING) {
      value = at(priority, register);
    } else if (register < ENABLE) {
      value = at(pending, register - PENDING);
    } else if (register < CONTEXT) {
      value = readEnabled(register);
    } else {
      value = readContext(register);
    }
    return Integer.toUnsignedLong(value);
  }

  private static int at(int[] words, int offset) {
    int index = offset >> 2;
    return index < words.length ? words[index] : 0;
  }

  private int readEnabled(int register) {
    int context = (register - ENABLE) / ENABLE_STRIDE;
    return context < contexts.length ? at(contexts[context].enabled, register % ENABLE_STRIDE) : 0;
  }

  private int readContext(int register) {
    int index = (register - CONTEXT) / CONTEXT_STRIDE;
    if (index >= contexts.length) {
      return 0;
    }
    return switch (register % CONTEXT_STRIDE) {
      case THRESHOLD -> contexts[index].threshold;
      case CLAIM -> claim(contexts[index]);
      default -> 0;
    };
  }

  @Override
  public synchronized void write(long offset, int bytes, long value) {
    int register = register(offset, bytes);
    if (register < PENDING) {
      int id = register >> 2;
      if (id != 0 && id < SOURCES) {
        priority[id] = (int) value & MAX_PRIORITY;
      }
    } else if (register >= CONTEXT) {
      writeContext(register, (int) value);
    } else if (register >= ENABLE) {
      writeEnabled(register, (int) value);
    }
    updateLines();
  }

  private void writeEnabled(int register, int value) {
    int context = (register - ENABLE) / ENABLE_STRIDE;
    int word = register % ENABLE_STRIDE >> 2;
    if (context < contexts.length && word < WORDS) {
      contexts[context].enabled[word] = word == 0 ? value & NO_SOURCE_ZERO : value;
    }
  }

  private void writeContext(int register, int value) {
    int index = (register - CONTEXT) / CONTEXT_STRIDE;
    if (index < contexts.length) {
      switch (register % CONTEXT_STRIDE) {
        case THRESHOLD -> contexts[index].threshold = value & MAX_PRIORITY;
        case CLAIM -> complete(contexts[index], value);
        default -> {}
      }
    }
  }

  private static int register(long offset, int bytes) {
    if (bytes != 4) {
      throw BusFault.INSTANCE;
    }
    return (int) offset;
  }

  /** The threshold does not matter here, says the specification. */
  private int claim(Context context) {
    int id = best(context, 0);
    if (id != 0) {
      put(pending, id, false);
      put(claimed, id, true);
      updateLines();
    }
    return id;
  }

  private void complete(Context context, int id) {
    if (id > 0 && id < SOURCES && contains(context.enabled, id)) {
      put(claimed, id, false);
    }
  }

  /**
   * The pending source, of which no request is under way, of the highest priority above {@code
   * above}; of equal ones, the first.
   */
  private int best(Context context, int above) {
    int best = 0;
    int highest = above;
    for (int word = 0; word < WORDS; word++) {
      for (int left = pending[word] & ~claimed[word] & context.enabled[word];
          left != 0;
          left &= left - 1) {
        int id = word * 32 + Integer.numberOfTrailingZeros(left);
        if (priority[id] > highest) {
          highest = priority[id];
          best = id;
        }
      }
    }
    return best;
  }

  private void updateLines() {
    for (Context context : contexts) {
      boolean raised = best(context, context.threshold) != 0;
      if (raised != context.raised) {
        context.raised = raised;
        context.line.set(raised);
      }
    }
  }

  private static boolean contains(int[] set, int id) {
    return (set[id >> 5] >>> id & 1) != 0;
  }

  private static void put(int[] set, int id, boolean in) {
    if (in) {
      set[id >> 5] |= 1 << id;
    } else {
      set[id >> 5] &= ~(1 << id);
    }
  }

  /** Devices' lines stay as they are: those that are high ask again. */
  @Override
  public synchronized void reset() {
    Arrays.fill(priority, 0);
    System.arraycopy(level, 0, pending, 0, WORDS);
    Arrays.fill(claimed, 0);
    for (Context context : contexts) {
      Arrays.fill(context.enabled, 0);
      context.threshold = 0;
    }
    updateLines();
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public synchronized void save(DataOutput out) throws IOException {
    out.writeInt(contexts.length);
    for (int[] words : sourceState()) {
      save(out, words);
    }
    for (Context context : contexts) {
      save(out, context.enabled);
      out.writeInt(context.threshold);
    }
  }

  @Override
  public synchronized void restore(DataInput in, int version) throws IOException {
    int count = in.readInt();
    if (count != contexts.length) {
      throw new IOException("a plic of " + count + " contexts, not " + contexts.length);
    }
    for (int[] words : sourceState()) {
      restore(in, words);
    }
    for (Context context : contexts) {
      restore(in, context.enabled);
      context.threshold = in.readInt();
      context.raised = best(context, context.threshold) != 0;
      context.line.set(context.raised);
    }
  }

  private int[][] sourceState() {
    return new int[][] {priority, level, pending, claimed};
  }

  private static void save(DataOutput out, int[] words) throws IOException {
    for (int word : words) {
      out.writeInt(word);
    }
  }

  private static void restore(DataInput in, int[] words) throws IOException {
    for (int i = 0; i < words.length; i++) {
      words[i] = in.readInt();
    }
  }
}
