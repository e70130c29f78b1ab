package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.device.DeviceChecks;
import dev.isomorph.systemvm.net.NetBackend;
import dev.isomorph.systemvm.net.NetFrontend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network whose frames are a byte each. */
class JournalCableTest {
  @TempDir Path folder;
  private Path file;
  private int rung;
  private final Network network = new Network();
  private final Card card = new Card();
  private final Queue<Runnable> leaving = new ArrayDeque<>();

  @BeforeEach
  void nameFile() {
    file = folder.resolve("input");
  }

  private static final class Network implements NetBackend {
    private final List<Integer> sent = new ArrayList<>();
    private NetFrontend machine;
    private boolean up = true;
    private int asked;

    boolean send(int frame) {
      return machine.receive(new byte[] {99, (byte) frame}, 1, 1);
    }

    void up(boolean now) {
      up = now;
      machine.linkChanged();
    }

    @Override
    public void connect(NetFrontend frontend) {
      machine = frontend;
    }

    @Override
    public boolean up() {
      return up;
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {
      assertEquals(1, length);
      sent.add((int) bytes[offset]);
    }

    @Override
    public void acceptInput() {
      asked++;
    }

    @Override
    public void close() {}
  }

  /** A card with room for a few frames, which tells what it sees. */
  private static final class Card implements NetFrontend {
    private final List<String> seen = new ArrayList<>();
    private NetBackend cable;
    private int room = 2;

    @Override
    public boolean receive(byte[] bytes, int offset, int length) {
      if (room == 0) {
        return false;
      }
      room--;
      assertEquals(1, length);
      seen.add("frame " + bytes[offset]);
      return true;
    }

    @Override
    public void linkChanged() {
      seen.add(cable.up() ? "up" : "down");
    }
  }

  private InputJournal journal(Path record, Path replay) throws IOException {
    InputJournal journal = new InputJournal(record, replay, () -> rung++);
    card.cable = journal.cable("net", replay == null ? network : null, leaving::add);
    card.cable.connect(card);
    return journal;
  }

  /** A network that goes, comes back, and sends more than the card can take. */
  private void record() throws IOException {
    try (InputJournal journal = journal(file, null)) {
      assertTrue(journal.isLive());
      assertFalse(card.cable.up());
      assertTrue(journal.hasSomething());
      journal.deliver(0);
      assertFalse(journal.hasSomething());
      for (int i = 1; i <= 3; i++) {
        assertTrue(network.send(i));
      }
      assertEquals(3, rung);
      network.up(false);
      journal.deliver(100);
      journal.deliver(200);
      assertFalse(journal.hasSomething());
      card.room = 9;
      card.cable.acceptInput();
      assertTrue(journal.hasSomething());
      journal.deliver(300);
      network.up(true);
      journal.deliver(400);
    }
  }

  private static final List<String> SEEN =
      List.of("up", "down", "frame 1", "frame 2", "frame 3", "up");

  @Test
  void framesAndTheLinkWaitForTheMachineAndAreWrittenDown() throws IOException {
    record();
    assertEquals(SEEN, card.seen);
    assertEquals(
        List.of(
            "isomorph input 1",
            "0 net up",
            "100 net down",
            "100 net 01",
            "100 net 02",
            "300 net 03",
            "400 net up"),
        Files.readAllLines(file));
  }

  @Test
  void comeAgainAtTheirTimeWithoutANetwork() throws IOException {
    record();
    card.seen.clear();
    try (InputJournal journal = journal(null, file)) {
      assertFalse(journal.isLive());
      assertEquals(0, journal.untilNext(0));
      journal.deliver(0);
      assertEquals(SEEN.subList(0, 1), card.seen);
      assertEquals(60, journal.untilNext(40));
      card.cable.send(new byte[1], 0, 1);
      journal.deliver(399);
      assertEquals(SEEN.subList(0, 5), card.seen);
      assertFalse(card.cable.up());
      journal.deliver(400);
      assertEquals(SEEN, card.seen);
      assertEquals(Long.MAX_VALUE, journal.untilNext(400));
    }
  }

  @Test
  void aSavedCardKnowsWhetherTheLinkWasUp() throws IOException {
    record();
    card.seen.clear();
    byte[] first;
    byte[] second;
    try (InputJournal journal = journal(null, file)) {
      journal.deliver(0);
      first = DeviceChecks.saved(journal);
      journal.deliver(100);
      second = DeviceChecks.saved(journal);
    }
    card.seen.clear();
    try (InputJournal journal = journal(null, file)) {
      DeviceChecks.restored(first, journal);
      assertTrue(card.cable.up());
      DeviceChecks.restored(second, journal);
      assertFalse(card.cable.up());
      assertEquals(List.of(), card.seen);
    }
  }

  @Test
  void networksThatSendTooMuchWaitUntilHalfOfItIsTaken() throws IOException {
    try (InputJournal journal = journal(null, null)) {
      int held = 0;
      while (network.send(7)) {
        held++;
      }
      card.room = held / 2 - 1;
      journal.deliver(0);
      assertEquals(0, network.asked);
      card.room = held;
      card.cable.acceptInput();
      journal.deliver(1);
      assertEquals(1, network.asked);
      assertEquals(1 + held, card.seen.size());
    }
  }

  @Test
  void whatTheCardSendsDoesNotWaitForTheNetworkAndIsLostIfItIsTooMuch() throws IOException {
    try (InputJournal journal = journal(null, null)) {
      byte[] frame = {5};
      for (int i = 0; i < 10_000; i++) {
        card.cable.send(frame, 0, 1);
      }
      frame[0] = 6;
      assertEquals(List.of(), network.sent);
      int left = leaving.size();
      assertTrue(left > 1000 && left < 10_000, "frames left: " + left);
      leaving.forEach(Runnable::run);
      leaving.clear();
      assertEquals(left, network.sent.size());
      assertEquals(List.of(5), network.sent.stream().distinct().toList());
      card.cable.send(frame, 0, 1);
      assertEquals(1, leaving.size());
      assertFalse(journal.isReplay());
    }
  }
}
