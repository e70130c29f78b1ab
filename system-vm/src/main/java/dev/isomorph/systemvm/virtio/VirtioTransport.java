package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.device.Pausable;
import dev.isomorph.systemvm.device.Snapshotable;
import java.io.Closeable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What the ways by which a driver reaches a device have in common: all but the registers. */
abstract sealed class VirtioTransport implements Snapshotable, Pausable, Closeable
    permits VirtioMmio, VirtioPci {
  final VirtioSelection selection = new VirtioSelection();

  /** The device behind it. */
  abstract VirtioCore core();

  @Override
  public String name() {
    return core().device().name();
  }

  /** Goes back to the state after power-on. */
  public void reset() {
    synchronized (core()) {
      selection.reset();
    }
    core().reset();
  }

  /**
   * Waits until what was under way at the reset that came before has ended: then the device does
   * not touch RAM any more. What it waits for on the host must have been closed.
   */
  @Override
  public void close() throws IOException {
    core().awaitSilence();
  }

  @Override
  public void pause() throws IOException {
    core().pause();
  }

  @Override
  public void resume() {
    core().resume();
  }

  @Override
  public int version() {
    return core().device().version();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    synchronized (core()) {
      selection.save(out);
    }
    core().save(out);
  }

  @Override
  public void restore(DataInput in, int version) throws IOException {
    synchronized (core()) {
      selection.restore(in);
    }
    core().restore(in, version);
  }
}
