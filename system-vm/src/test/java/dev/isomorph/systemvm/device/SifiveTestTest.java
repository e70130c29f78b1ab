package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SifiveTestTest {
  private final List<String> done = new ArrayList<>();
  private final SifiveTest test =
      new SifiveTest(
          new MachineControl() {
            @Override
            public void powerOff(int status) {
              done.add("off " + status);
            }

            @Override
            public void reset() {
              done.add("reset");
            }
          });

  @Test
  void endsAndRestartsTheMachine() {
    test.write(0, 4, 0x5555);
    test.write(0, 2, 0x5555);
    test.write(0, 4, 0x0003_3333);
    test.write(0, 4, 0xffff_3333L);
    test.write(0, 4, 0x7777);
    assertEquals(List.of("off 0", "off 0", "off 3", "off 65535", "reset"), done);
  }

  @Test
  void nothingElseDoesAnything() {
    test.write(0, 4, 0x1234);
    test.write(4, 4, 0x5555);
    assertEquals(0, test.read(0, 4));
    assertThrows(BusFault.class, () -> test.write(0, 8, 0x5555));
    assertThrows(BusFault.class, () -> test.read(0, 1));
    assertEquals(List.of(), done);
  }
}
