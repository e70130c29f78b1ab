package dev.isomorph.systemvm.device.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OutputPumpTest {
  private static final int MUCH = 300_000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private int told;

  private static byte[] bytes() {
    byte[] bytes = new byte[MUCH];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @Test
  void anExecutorThatRunsAtOnceTakesEverything() {
    OutputPump pump = new OutputPump(out, Runnable::run, () -> told++);
    byte[] bytes = bytes();
    assertEquals(MUCH, pump.write(bytes, 0, MUCH));
    assertArrayEquals(bytes, out.toByteArray());
    assertEquals(0, told);
    pump.finish();
  }

  @Test
  void aFullQueueRefusesAndTellsOfRoom() {
    OutputPump pump = new OutputPump(out, tasks::add, () -> told++);
    byte[] bytes = bytes();
    int taken = pump.write(bytes, 0, MUCH);
    assertTrue(taken > 0 && taken < MUCH);
    assertEquals(0, pump.write(bytes, taken, MUCH - taken));
    assertEquals(1, tasks.size(), "one writer at a time");
    tasks.remove().run();
    assertEquals(1, told);
    assertEquals(taken, out.size());
    while (taken < MUCH) {
      taken += pump.write(bytes, taken, MUCH - taken);
      tasks.remove().run();
    }
    assertArrayEquals(bytes, out.toByteArray());
  }

  @Test
  void aBrokenStreamSwallowsTheRest() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken");
          }
        };
    OutputPump pump = new OutputPump(broken, tasks::add, () -> told++);
    byte[] bytes = bytes();
    pump.write(bytes, 0, MUCH);
    tasks.remove().run();
    assertEquals(1, told);
    assertEquals(MUCH, pump.write(bytes, 0, MUCH));
    assertTrue(tasks.isEmpty());
    pump.finish();
  }

  @Test
  void finishingWaitsForWhatIsUnderWay() {
    OutputPump pump = new OutputPump(out, DaemonExecutor.named("test"), () -> {});
    byte[] bytes = bytes();
    int taken = pump.write(bytes, 0, 50_000);
    assertEquals(50_000, taken);
    pump.finish();
    assertEquals(50_000, out.size());
  }
}
