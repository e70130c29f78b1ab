package dev.isomorph.systemvm.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.hart.Watchpoint;
import dev.isomorph.systemvm.memory.PhysicalBus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session with a target that only tells what is done to it. */
class GdbSessionTest {
  private final List<String> done = new ArrayList<>();
  private boolean halts = true;

  private final DebugTarget target =
      new DebugTarget() {
        @Override
        public List<SystemHart> harts() {
          return List.of();
        }

        @Override
        public PhysicalBus bus() {
          throw new UnsupportedOperationException();
        }

        @Override
        public String describe(int hart) {
          return "";
        }

        @Override
        public void awaitStart() {}

        @Override
        public void onHalt(Runnable listener) {}

        @Override
        public void attached(boolean now) {
          done.add("attached " + now);
        }

        @Override
        public void halt() throws IOException {
          if (!halts) {
            throw new IOException("a disk does not answer");
          }
          done.add("halt");
        }

        @Override
        public HaltedHart takeHalt() {
          return null;
        }

        @Override
        public void go(List<Motion> motions, boolean interruptible) {}

        @Override
        public void goOn() {
          done.add("go on");
        }

        @Override
        public void breakAt(Collection<Long> addresses) {
          done.add("break " + addresses);
        }

        @Override
        public void watch(List<Watchpoint> watchpoints) {
          done.add("watch " + watchpoints.size());
        }

        @Override
        public void memoryWritten() {}

        @Override
        public void powerOff() {
          halts = false;
        }

        @Override
        public String command(String line) {
          return "";
        }
      };

  private static EventQueue packets(String... packets) {
    EventQueue queue = new EventQueue();
    for (String each : packets) {
      queue.add(new Event.Packet(each.getBytes(StandardCharsets.US_ASCII)));
    }
    return queue;
  }

  private boolean run(String... packets) throws Exception {
    return new GdbSession(target, new PacketWriter(new ByteArrayOutputStream()))
        .run(packets(packets));
  }

  @Test
  void leavesNoPointsBehind() throws Exception {
    run("Z0,10,2", "Z2,20,8", "D");
    assertEquals(
        List.of(
            "attached true",
            "halt",
            "break [16]",
            "watch 1",
            "attached false",
            "halt",
            "break []",
            "watch 0",
            "go on"),
        done);
  }

  @Test
  void leavesNoPointsBehindWhereTheMachineCannotHalt() {
    assertThrows(IOException.class, () -> run("Z0,10,2", "k"));
    assertEquals(List.of("break []", "watch 0", "go on"), done.subList(4, 7), done.toString());
  }
}
