package dev.isomorph.systemvm.firmware;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/** A machine that only notes what firmware has it do. */
final class RecordingPlatform implements SbiPlatform {
  static final long RAM = 0x8000_0000L;

  final List<String> log = new ArrayList<>();
  final byte[] ram = new byte[0x10000];
  final Queue<Byte> typed = new ArrayDeque<>();
  final HartState[] states;

  RecordingPlatform(int harts) {
    states = new HartState[harts];
    Arrays.fill(states, HartState.STOPPED);
    states[0] = HartState.STARTED;
  }

  /** What has been done since last asked. */
  List<String> taken() {
    List<String> taken = List.copyOf(log);
    log.clear();
    return taken;
  }

  @Override
  public int harts() {
    return states.length;
  }

  @Override
  public long vendor() {
    return 0x11;
  }

  @Override
  public long architecture() {
    return 0x22;
  }

  @Override
  public long implementation() {
    return 0x33;
  }

  @Override
  public void setTimer(int hart, long tick) {
    log.add("timer " + hart + " " + Long.toUnsignedString(tick));
  }

  @Override
  public void raiseSoftwareInterrupts(long harts) {
    log.add("raise " + Long.toBinaryString(harts));
  }

  @Override
  public void clearSoftwareInterrupt(int hart) {
    log.add("clear " + hart);
  }

  @Override
  public void fence(int from, long harts, RemoteFence fence) {
    log.add("fence " + from + " " + Long.toBinaryString(harts) + " " + fence);
  }

  @Override
  public HartState state(int hart) {
    return states[hart];
  }

  @Override
  public boolean start(int hart, long address, long opaque) {
    if (states[hart] != HartState.STOPPED) {
      return false;
    }
    states[hart] = HartState.STARTED;
    log.add("start " + hart + " " + Long.toHexString(address) + " " + opaque);
    return true;
  }

  @Override
  public void stop(int hart) {
    log.add("stop " + hart);
  }

  @Override
  public void suspend(int hart) {
    log.add("suspend " + hart);
  }

  @Override
  public void suspendAndStart(int hart, long address, long opaque) {
    log.add("suspend " + hart + " " + Long.toHexString(address) + " " + opaque);
  }

  @Override
  public void reset(Reset reset) {
    log.add(reset.toString());
  }

  @Override
  public boolean isRam(long address, long length) {
    long offset = address - RAM;
    return length >= 0 && offset >= 0 && offset <= ram.length && length <= ram.length - offset;
  }

  @Override
  public void read(long address, byte[] to, int length) {
    System.arraycopy(ram, (int) (address - RAM), to, 0, length);
  }

  @Override
  public void write(long address, byte[] from, int length) {
    System.arraycopy(from, 0, ram, (int) (address - RAM), length);
  }

  @Override
  public void print(byte[] text, int length) {
    log.add("print " + new String(text, 0, length, StandardCharsets.US_ASCII));
  }

  @Override
  public int typed() {
    Byte next = typed.poll();
    return next == null ? -1 : next & 0xff;
  }

  @Override
  public void setCounter(int hart, int index, long value) {
    log.add("counter " + hart + " " + index + " = " + value);
  }

  @Override
  public void letCount(int hart, int index, boolean on) {
    log.add("count " + hart + " " + index + " " + on);
  }
}
