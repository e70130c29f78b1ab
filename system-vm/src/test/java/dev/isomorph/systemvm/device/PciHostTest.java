package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class PciHostTest {
  private final PciHost pci = new PciHost();

  @Test
  void theBridgeIsTheOnlyFunction() {
    assertEquals(0x0008_1b36, pci.read(0, 4));
    assertEquals(0x0600_0000, pci.read(8, 4));
    assertEquals(0x06, pci.read(0xb, 1));
    assertEquals(0x1100_1af4, pci.read(0x2c, 4));
    assertEquals(0, pci.read(0x100, 4));
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
    pci.write(0x40, 4, 1);
    assertEquals(0, pci.read(0x40, 4));
    pci.write(4, 2, 2);
    PciHost other = new PciHost();
    DeviceChecks.carryOver(pci, other);
    assertEquals(2, other.read(4, 4));
    pci.reset();
    assertEquals(0, pci.read(4, 4));
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
