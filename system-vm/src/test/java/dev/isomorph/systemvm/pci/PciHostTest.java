package dev.isomorph.systemvm.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.systemvm.device.DeviceChecks;
import dev.isomorph.systemvm.device.InterruptLine;
import dev.isomorph.systemvm.device.OpenBus;
import dev.isomorph.systemvm.device.VirtBoard;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class PciHostTest {
  private final PciHost pci = new PciHost(List.of());

  @Test
  void theBridgeIsTheOnlyFunction() {
    assertEquals(0x0008_1b36, pci.read(0, 4));
    assertEquals(0x0600_0000, pci.read(8, 4));
    assertEquals(0x06, pci.read(0xb, 1));
    assertEquals(0x1100_1af4, pci.read(0x2c, 4));
    assertEquals(0xffff_ffffL, pci.read(0x100, 4), "conventional PCI");
    assertEquals(0xffff_ffffL, pci.read(0x1000, 4));
    assertEquals(0xffff, pci.read(0x8000, 2));
    assertEquals(-1, pci.read(VirtBoard.PCI.size() - 8, 8));
  }

  @Test
  void onlyWhatIsSoftwaresCanBeWritten() {
    for (int register = 0; register < 0x40; register += 4) {
      pci.write(register, 4, 0xffff_ffffL);
    }
    assertEquals(0x0000_0507_0008_1b36L, pci.read(0, 8));
    assertEquals(0x0600_0000, pci.read(8, 4));
    assertEquals(0xff, pci.read(0xc, 4));
    assertEquals(0, pci.read(0x10, 4), "no memory to map");
    assertEquals(0xff, pci.read(0x3c, 4));
    for (int nothing : new int[] {0x40, 0xfc, 0x100, 0xffc}) {
      pci.write(nothing, 4, 1);
      assertEquals(nothing < 0x100 ? 0 : 0xffff_ffffL, pci.read(nothing, 4));
    }
    pci.write(4, 2, 2);
    PciHost other = new PciHost(List.of());
    DeviceChecks.carryOver(pci, other);
    assertEquals(2, other.read(4, 4));
    pci.reset();
    assertEquals(0, pci.read(4, 4));
  }

  @Test
  void asItWasSavedWhenThereWasTheBridgeAlone() throws IOException {
    byte[] saved = new byte[0x40];
    saved[4] = 2;
    pci.restore(new DataInputStream(new ByteArrayInputStream(saved)), 1);
    assertEquals(2, pci.read(4, 4));
    assertEquals(0x0008_1b36, pci.read(0, 4));
  }

  @Test
  void aSharedLineIsHighAsLongAsOneWantsIt() {
    List<Boolean> seen = new ArrayList<>();
    SharedLine line = new SharedLine(seen::add);
    InterruptLine one = line.end();
    InterruptLine other = line.end();
    one.set(true);
    other.set(true);
    one.set(false);
    one.set(false);
    other.set(true);
    other.set(false);
    assertEquals(List.of(true, true, true, false), seen);
  }

  @Test
  void placesAreLimited() {
    PciFunction none =
        new PciFunction() {
          private final ConfigSpace space = new ConfigSpace(1, 2, 3, 4, 5);

          @Override
          public ConfigSpace config() {
            return space;
          }

          @Override
          public long read(long offset, int bytes) {
            return 0;
          }

          @Override
          public void write(long offset, int bytes, long value) {}

          @Override
          public void reset() {}

          @Override
          public void pause() {}

          @Override
          public void resume() {}

          @Override
          public void close() {}

          @Override
          public String name() {
            return "none";
          }

          @Override
          public int version() {
            return 1;
          }

          @Override
          public void save(DataOutput out) {}

          @Override
          public void restore(DataInput in, int version) {}
        };
    pci.plug(31, none);
    assertEquals(0x0002_0001, pci.read(31L << 15, 4));
    assertEquals(0xffff_ffffL, pci.read(31L << 15 | 1 << 12, 4), "no second function");
    assertEquals(0xffff_ffffL, pci.read(1L << 20 | 31L << 15, 4), "no second bus");
    for (int wrong : new int[] {-1, 0, 31, 32}) {
      assertThrows(IllegalArgumentException.class, () -> pci.plug(wrong, none));
    }
    PciHost other = new PciHost(List.of());
    assertThrows(
        IOException.class,
        () ->
            other.restore(
                new DataInputStream(new ByteArrayInputStream(DeviceChecks.saved(pci))), 2));
  }

  @Test
  void anOpenBusReadsAsOnes() {
    OpenBus bus = new OpenBus("nothing");
    bus.write(0, 4, 0);
    assertEquals(0xff, bus.read(0, 1));
    assertEquals(0xffff_ffffL, bus.read(0, 4));
    assertEquals(-1, bus.read(8, 8));
  }

  @Property(tries = 50)
  void standsGarbage(@ForAll long seed) {
    DeviceChecks.bombard(pci, VirtBoard.PCI.size(), new Random(seed), 500);
  }
}
