package dev.isomorph.systemvm.device;

/** Offsets of the 16550A's registers and what their bits are (PC16550D data sheet, table II). */
final class UartBits {
  private UartBits() {}

  /** Received and sent data; with DLAB, the divisor's low byte. */
  static final int DATA = 0;

  /** Interrupt enable; with DLAB, the divisor's high byte. */
  static final int IER = 1;

  /** Interrupt identification when read, FIFO control when written. */
  static final int IIR_FCR = 2;

  static final int LCR = 3;
  static final int MCR = 4;
  static final int LSR = 5;
  static final int MSR = 6;
  static final int SCRATCH = 7;

  static final int IER_RECEIVED = 1;
  static final int IER_TRANSMITTER_EMPTY = 2;
  static final int IER_LINE_STATUS = 4;
  static final int IER_MODEM_STATUS = 8;
  static final int IER_MASK = 0xf;

  static final int IIR_MODEM_STATUS = 0;
  static final int IIR_NONE = 1;
  static final int IIR_TRANSMITTER_EMPTY = 2;
  static final int IIR_RECEIVED = 4;
  static final int IIR_LINE_STATUS = 6;
  static final int IIR_TIMEOUT = 12;
  static final int IIR_FIFOS = 0xc0;

  static final int FCR_ENABLE = 1;
  static final int FCR_CLEAR_RECEIVER = 2;
  static final int FCR_CLEAR_TRANSMITTER = 4;
  static final int FCR_KEPT = 0xc9;

  static final int LCR_DATA_BITS = 3;
  static final int LCR_TWO_STOP_BITS = 4;
  static final int LCR_PARITY = 8;
  static final int LCR_DLAB = 0x80;

  static final int MCR_MASK = 0x1f;
  static final int MCR_OUT2 = 8;
  static final int MCR_LOOP = 0x10;

  static final int LSR_DATA_READY = 1;
  static final int LSR_TRANSMITTER_EMPTY = 0x60;

  static final int MSR_RING_ENDED = 4;

  /** Clear to send, data set ready and carrier: somebody is there. */
  static final int MSR_CONNECTED = 0xb0;
}
