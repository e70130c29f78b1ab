package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.StateForm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The states of a region as they are kept, off-heap. A state is made when somebody asks for it,
 * which is seldom: few instructions fault or are stopped at.
 *
 * <pre>
 * int forms, constants
 * form: int number of the form before it, or 0; int operation; long constant
 * long constants[]
 * int starts[instructions + 1]          which registers are each instruction's; inverted if it
 *                                       has no state
 * register: 7 bits slot, 9 bits place; 16 bits number of its form, or of its constant
 * </pre>
 *
 * <p>Form 0 is the value itself.
 */
public final class GuestStateTable implements GuestStates {
  private static final IrOp[] OPERATIONS = IrOp.values();

  private static final int HEAD = 8;
  private static final int FORM = 16;
  private static final int SLOT_BITS = 7;
  private static final int PLACE_BITS = 9;
  private static final int NUMBER = SLOT_BITS + PLACE_BITS;
  private static final int CONSTANT = (1 << PLACE_BITS) - 1;
  private static final int MOST = 1 << Integer.SIZE - NUMBER;

  private final long forms;
  private final long constants;
  private final long starts;
  private final long registers;

  /** The table at an address, where it stays. */
  public GuestStateTable(long address, int instructions) {
    forms = address + HEAD;
    constants = forms + (long) FORM * HostMemory.getInt(address);
    starts = constants + (long) Long.BYTES * HostMemory.getInt(address + Integer.BYTES);
    registers = starts + (long) Integer.BYTES * (instructions + 1);
  }

  @Override
  public GuestState at(int instruction) {
    long start = starts + (long) Integer.BYTES * instruction;
    int first = HostMemory.getInt(start);
    if (first < 0) {
      return null;
    }
    GuestState state = new GuestState();
    int next = HostMemory.getInt(start + Integer.BYTES);
    next = next < 0 ? ~next : next;
    for (int i = first; i < next; i++) {
      int register = HostMemory.getInt(registers + (long) Integer.BYTES * i);
      int slot = register & (1 << SLOT_BITS) - 1;
      int place = register >>> SLOT_BITS & (1 << PLACE_BITS) - 1;
      int number = register >>> NUMBER;
      if (place == CONSTANT) {
        state.addConstant(slot, HostMemory.getLong(constants + (long) Long.BYTES * number));
      } else {
        state.add(slot, place, form(number));
      }
    }
    return state;
  }

  private StateForm form(int number) {
    if (number == 0) {
      return StateForm.PLAIN;
    }
    long at = forms + (long) FORM * (number - 1);
    IrOp operation = OPERATIONS[HostMemory.getInt(at + Integer.BYTES)];
    return form(HostMemory.getInt(at)).then(operation, HostMemory.getLong(at + Long.BYTES));
  }

  /**
   * The table of some states, null where nobody asks; null if there is too much in them, as there
   * hardly is.
   */
  public static byte[] bytes(GuestState[] states) {
    return new Writer().write(states);
  }

  /** Collects what is in states. */
  private static final class Writer {
    private final List<StateForm> forms = new ArrayList<>();
    private long[] constants = new long[16];
    private int constantCount;
    private int[] registers = new int[256];
    private int count;

    byte[] write(GuestState[] states) {
      int[] starts = new int[states.length + 1];
      for (int i = 0; i < states.length; i++) {
        starts[i] = states[i] == null ? ~count : count;
        for (int k = 0; states[i] != null && k < states[i].size(); k++) {
          add(states[i], k);
        }
      }
      starts[states.length] = count;
      if (forms.size() >= MOST || constantCount >= MOST) {
        return null;
      }
      int size = HEAD + FORM * forms.size() + Long.BYTES * constantCount;
      size += Integer.BYTES * (starts.length + count);
      ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      out.putInt(forms.size()).putInt(constantCount);
      for (StateForm form : forms) {
        out.putInt(form.before() == null ? 0 : number(form.before()));
        out.putInt(form.op().ordinal()).putLong(form.constant());
      }
      for (int i = 0; i < constantCount; i++) {
        out.putLong(constants[i]);
      }
      for (int start : starts) {
        out.putInt(start);
      }
      for (int i = 0; i < count; i++) {
        out.putInt(registers[i]);
      }
      return out.array();
    }

    private void add(GuestState state, int k) {
      boolean isConstant = state.isConstant(k);
      int place = isConstant ? CONSTANT : state.place(k);
      int number = isConstant ? constant(state.value(k)) : number(state.form(k));
      if (count == registers.length) {
        registers = Arrays.copyOf(registers, 2 * count);
      }
      registers[count++] = state.slot(k) | place << SLOT_BITS | number << NUMBER;
    }

    /** There are few of them. */
    private int number(StateForm form) {
      if (form == StateForm.PLAIN) {
        return 0;
      }
      int before = form.before() == null ? 0 : number(form.before());
      for (int i = 0; i < forms.size(); i++) {
        StateForm other = forms.get(i);
        if (other.op() == form.op()
            && other.constant() == form.constant()
            && (other.before() == null ? 0 : number(other.before())) == before) {
          return i + 1;
        }
      }
      forms.add(form);
      return forms.size();
    }

    private int constant(long value) {
      for (int i = 0; i < constantCount; i++) {
        if (constants[i] == value) {
          return i;
        }
      }
      if (constantCount == constants.length) {
        constants = Arrays.copyOf(constants, 2 * constantCount);
      }
      constants[constantCount] = value;
      return constantCount++;
    }
  }
}
