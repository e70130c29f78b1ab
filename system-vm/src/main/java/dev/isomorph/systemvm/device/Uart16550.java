package dev.isomorph.systemvm.device;

import static dev.isomorph.systemvm.device.UartBits.DATA;
import static dev.isomorph.systemvm.device.UartBits.FCR_CLEAR_RECEIVER;
import static dev.isomorph.systemvm.device.UartBits.FCR_CLEAR_TRANSMITTER;
import static dev.isomorph.systemvm.device.UartBits.FCR_ENABLE;
import static dev.isomorph.systemvm.device.UartBits.FCR_KEPT;
import static dev.isomorph.systemvm.device.UartBits.IER;
import static dev.isomorph.systemvm.device.UartBits.IER_LINE_STATUS;
import static dev.isomorph.systemvm.device.UartBits.IER_MASK;
import static dev.isomorph.systemvm.device.UartBits.IER_MODEM_STATUS;
import static dev.isomorph.systemvm.device.UartBits.IER_RECEIVED;
import static dev.isomorph.systemvm.device.UartBits.IER_TRANSMITTER_EMPTY;
import static dev.isomorph.systemvm.device.UartBits.IIR_FCR;
import static dev.isomorph.systemvm.device.UartBits.IIR_FIFOS;
import static dev.isomorph.systemvm.device.UartBits.IIR_LINE_STATUS;
import static dev.isomorph.systemvm.device.UartBits.IIR_MODEM_STATUS;
import static dev.isomorph.systemvm.device.UartBits.IIR_NONE;
import static dev.isomorph.systemvm.device.UartBits.IIR_RECEIVED;
import static dev.isomorph.systemvm.device.UartBits.IIR_TIMEOUT;
import static dev.isomorph.systemvm.device.UartBits.IIR_TRANSMITTER_EMPTY;
import static dev.isomorph.systemvm.device.UartBits.LCR;
import static dev.isomorph.systemvm.device.UartBits.LCR_DATA_BITS;
import static dev.isomorph.systemvm.device.UartBits.LCR_DLAB;
import static dev.isomorph.systemvm.device.UartBits.LCR_PARITY;
import static dev.isomorph.systemvm.device.UartBits.LCR_TWO_STOP_BITS;
import static dev.isomorph.systemvm.device.UartBits.LSR;
import static dev.isomorph.systemvm.device.UartBits.LSR_DATA_READY;
import static dev.isomorph.systemvm.device.UartBits.LSR_TRANSMITTER_EMPTY;
import static dev.isomorph.systemvm.device.UartBits.MCR;
import static dev.isomorph.systemvm.device.UartBits.MCR_LOOP;
import static dev.isomorph.systemvm.device.UartBits.MCR_MASK;
import static dev.isomorph.systemvm.device.UartBits.MCR_OUT2;
import static dev.isomorph.systemvm.device.UartBits.MSR;
import static dev.isomorph.systemvm.device.UartBits.MSR_CONNECTED;
import static dev.isomorph.systemvm.device.UartBits.MSR_RING_ENDED;
import static dev.isomorph.systemvm.device.UartBits.SCRATCH;

import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A 16550A UART, registers one byte apart (National Semiconductor PC16550D data sheet). What is
 * sent goes to the backend at once, whatever the baud rate; the transmitter is busy only while the
 * backend takes nothing. An access of several bytes is one to the register at its offset.
 */
public final class Uart16550 implements Device, CharFrontend, Pausable {
  /** Bytes of registers. */
  public static final long SIZE = 8;

  /** Input clock of qemu's virt board, in Hz; the baud rate is a sixteenth of it by the divisor. */
  public static final int CLOCK_FREQUENCY = 3_686_400;

  private static final int FIFO_BYTES = 16;
  private static final int POWER_ON_DIVISOR = 12;

  private final InterruptLine line;
  private final CharBackend backend;
  private final UartReceiver receiver;
  private final ByteFifo toSend = new ByteFifo(FIFO_BYTES);
  private final byte[] one = new byte[1];
  private int divisor;
  private int ier;
  private int fcr;
  private int lcr;
  private int mcr;
  private int modemDeltas;
  private int scratch;
  private boolean transmitterEmptied;
  private boolean inputRefused;
  private boolean paused;

  /**
   * @param line goes high while an enabled interrupt is pending
   * @param backend where the wire leads; the UART connects itself to it
   */
  public Uart16550(MachineClock clock, InterruptLine line, CharBackend backend) {
    this.line = line;
    this.backend = backend;
    this.receiver = new UartReceiver(clock, this::receiverTimeout);
    powerOn();
    backend.connect(this);
  }

  @Override
  public String name() {
    return "uart";
  }

  @Override
  public synchronized long read(long offset, int bytes) {
    boolean latch = (lcr & LCR_DLAB) != 0;
    int before = pendingInterrupt();
    int value =
        switch ((int) offset) {
          case DATA -> latch ? divisor & 0xff : readData();
          case IER -> latch ? divisor >> 8 : ier;
          case IIR_FCR -> identifyInterrupt();
          case LCR -> lcr;
          case MCR -> mcr;
          case LSR -> readLineStatus();
          case MSR -> readModemStatus();
          case SCRATCH -> scratch;
          default -> throw BusFault.INSTANCE;
        };
    // Registers that only are looked at ask for nothing.
    if (offset == DATA && !latch || pendingInterrupt() != before) {
      updateLine();
    }
    return value;
  }

  @Override
  public synchronized void write(long offset, int bytes, long value) {
    int data = (int) value & 0xff;
    boolean latch = (lcr & LCR_DLAB) != 0;
    switch ((int) offset) {
      case DATA -> {
        if (latch) {
          divisor = divisor & 0xff00 | data;
        } else {
          transmit(data);
        }
      }
      case IER -> {
        if (latch) {
          divisor = divisor & 0xff | data << 8;
        } else {
          enableInterrupts(data & IER_MASK);
        }
      }
      case IIR_FCR -> controlFifos(data);
      case LCR -> lcr = data;
      case MCR -> controlModem(data & MCR_MASK);
      case LSR, MSR -> {}
      case SCRATCH -> scratch = data;
      default -> throw BusFault.INSTANCE;
    }
    updateLine();
  }

  private boolean loops() {
    return (mcr & MCR_LOOP) != 0;
  }

  private boolean fifosEnabled() {
    return (fcr & FCR_ENABLE) != 0;
  }

  private long characterTicks() {
    int dataBits = 5 + (lcr & LCR_DATA_BITS);
    int parityBits = (lcr & LCR_PARITY) != 0 ? 1 : 0;
    int stopBits = (lcr & LCR_TWO_STOP_BITS) != 0 ? 2 : 1;
    long bits = 1 + dataBits + parityBits + stopBits;
    return bits * 16 * Math.max(1, divisor) * MachineClock.FREQUENCY / CLOCK_FREQUENCY + 1;
  }

  private int readData() {
    int data = receiver.take(characterTicks());
    askForInput();
    return data;
  }

  private void askForInput() {
    if (inputRefused && !loops() && !paused) {
      inputRefused = false;
      backend.acceptInput();
    }
  }

  @Override
  public synchronized int receive(byte[] bytes, int offset, int length) {
    int taken = loops() || paused ? 0 : Math.min(receiver.room(), length);
    for (int i = 0; i < taken; i++) {
      receiver.put(bytes[offset + i], characterTicks());
    }
    inputRefused |= taken < length;
    updateLine();
    return taken;
  }

  @Override
  public synchronized void receiveBreak() {
    if (!loops() && !paused) {
      receiver.putBreak(characterTicks());
      updateLine();
    }
  }

  private synchronized void receiverTimeout() {
    receiver.timeout();
    updateLine();
  }

  /**
   * Sends as firmware does that polls.
   *
   * @return how many bytes were taken, none while what was sent before waits
   */
  public synchronized int print(byte[] text, int offset, int length) {
    send();
    return toSend.isEmpty() ? backend.write(text, offset, length) : 0;
  }

  /** Receives as firmware does that polls: a byte, or -1 if there is none. */
  public synchronized int typed() {
    if (receiver.isEmpty()) {
      return -1;
    }
    int data = readData();
    updateLine();
    return data;
  }

  private void transmit(int data) {
    transmitterEmptied = false;
    if (loops()) {
      receiver.put(data, characterTicks());
      transmitterEmptied = toSend.isEmpty();
    } else if (fifosEnabled() || toSend.isEmpty()) {
      toSend.add(data); // lost if there is no room
      send();
    }
  }

  private void send() {
    while (!toSend.isEmpty()) {
      one[0] = (byte) toSend.peek();
      if (backend.write(one, 0, 1) == 0) {
        return;
      }
      toSend.remove();
      transmitterEmptied = toSend.isEmpty();
    }
  }

  @Override
  public synchronized void writable() {
    if (!paused) {
      send();
      updateLine();
    }
  }

  @Override
  public synchronized void pause() {
    paused = true;
  }

  @Override
  public synchronized void resume() {
    paused = false;
    writable();
    askForInput();
  }

  /** Enabling the transmitter's interrupt while it is empty raises it, as drivers rely on. */
  private void enableInterrupts(int enabled) {
    if (((ier ^ enabled) & IER_TRANSMITTER_EMPTY) != 0) {
      transmitterEmptied = (enabled & IER_TRANSMITTER_EMPTY) != 0 && toSend.isEmpty();
    }
    ier = enabled;
  }

  private void controlFifos(int control) {
    boolean switched = ((control ^ fcr) & FCR_ENABLE) != 0;
    fcr = control & FCR_KEPT;
    receiver.buffer(fifosEnabled(), fcr >> 6);
    if ((control & FCR_CLEAR_RECEIVER) != 0) {
      receiver.clear();
    }
    if (switched || (control & FCR_CLEAR_TRANSMITTER) != 0) {
      toSend.clear();
      transmitterEmptied = true;
    }
    askForInput();
  }

  private void controlModem(int control) {
    int before = modemLines();
    mcr = control;
    int now = modemLines();
    int changed = (now ^ before) >> 4;
    modemDeltas |= (now >> 4 & MSR_RING_ENDED) == 0 ? changed : changed & ~MSR_RING_ENDED;
    askForInput();
  }

  /** In loopback the outputs RTS, DTR, OUT1 and OUT2 are the inputs CTS, DSR, RI and DCD. */
  private int modemLines() {
    return loops() ? (mcr & 2) << 3 | (mcr & 1) << 5 | (mcr & 0xc) << 4 : MSR_CONNECTED;
  }

  private int readModemStatus() {
    int status = modemLines() | modemDeltas;
    modemDeltas = 0;
    return status;
  }

  private int readLineStatus() {
    int status =
        receiver.errors()
            | (receiver.isEmpty() ? 0 : LSR_DATA_READY)
            | (toSend.isEmpty() ? LSR_TRANSMITTER_EMPTY : 0);
    receiver.clearErrors();
    return status;
  }

  private int identifyInterrupt() {
    int interrupt = pendingInterrupt();
    if (interrupt == IIR_TRANSMITTER_EMPTY) {
      transmitterEmptied = false;
    }
    return interrupt | (fifosEnabled() ? IIR_FIFOS : 0);
  }

  /** The most urgent of the enabled interrupts. */
  private int pendingInterrupt() {
    if (receiver.errors() != 0 && (ier & IER_LINE_STATUS) != 0) {
      return IIR_LINE_STATUS;
    }
    if (receiver.hasTimedOut() && (ier & IER_RECEIVED) != 0) {
      return IIR_TIMEOUT;
    }
    if (receiver.isAtTrigger() && (ier & IER_RECEIVED) != 0) {
      return IIR_RECEIVED;
    }
    if (transmitterEmptied && (ier & IER_TRANSMITTER_EMPTY) != 0) {
      return IIR_TRANSMITTER_EMPTY;
    }
    return modemDeltas != 0 && (ier & IER_MODEM_STATUS) != 0 ? IIR_MODEM_STATUS : IIR_NONE;
  }

  private void updateLine() {
    line.set(pendingInterrupt() != IIR_NONE);
  }

  private void powerOn() {
    receiver.powerOn();
    toSend.clear();
    divisor = POWER_ON_DIVISOR;
    ier = 0;
    fcr = 0;
    lcr = 0;
    mcr = MCR_OUT2;
    modemDeltas = 0;
    scratch = 0;
    transmitterEmptied = false;
  }

  @Override
  public synchronized void reset() {
    powerOn();
    updateLine();
    askForInput();
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public synchronized void save(DataOutput out) throws IOException {
    out.writeShort(divisor);
    for (int register : new int[] {ier, fcr, lcr, mcr, modemDeltas, scratch}) {
      out.writeByte(register);
    }
    out.writeBoolean(transmitterEmptied);
    toSend.save(out);
    receiver.save(out);
  }

  @Override
  public synchronized void restore(DataInput in, int version) throws IOException {
    divisor = in.readUnsignedShort();
    ier = in.readUnsignedByte();
    fcr = in.readUnsignedByte();
    lcr = in.readUnsignedByte();
    mcr = in.readUnsignedByte();
    modemDeltas = in.readUnsignedByte();
    scratch = in.readUnsignedByte();
    transmitterEmptied = in.readBoolean();
    toSend.restore(in);
    receiver.buffer(fifosEnabled(), fcr >> 6);
    receiver.restore(in, characterTicks());
    inputRefused = true;
    askForInput();
    writable();
  }
}
