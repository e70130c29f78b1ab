package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.monitor.MonitoredMachine;
import dev.isomorph.systemvm.options.MachineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** The machine as the monitor commands it. */
record MonitorAccess(
    MachineOptions options, RunControl control, Standstill standstill, Power power, Saving saving)
    implements MonitoredMachine {
  @Override
  public List<SystemHart> harts() {
    return control.harts();
  }

  @Override
  public String describe(int hart) {
    return control.describe(hart);
  }

  @Override
  public PhysicalBus bus() {
    return control.bus();
  }

  @Override
  public boolean isHalted() {
    return control.isHalted();
  }

  @Override
  public void halt() throws IOException {
    control.haltByRequest();
  }

  @Override
  public void resume() throws IOException {
    if (control.isAttached()) {
      throw new IOException("a debugger has the machine: it is to go on from there");
    }
    control.goOn();
  }

  @Override
  public <T> T whileStill(Supplier<T> look) throws IOException {
    standstill.begin();
    try {
      return look.get();
    } finally {
      standstill.end();
    }
  }

  @Override
  public void save(Path file) throws IOException {
    saving.save(file);
  }

  @Override
  public void reset() {
    power.reset();
  }

  @Override
  public void quit() {
    power.quit();
  }
}
