package dev.isomorph.systemvm.gdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is sent in packets, and what comes that is none. */
class PacketsTest {
  private static final int LONGEST = 64;

  private final PacketParser parser = new PacketParser(LONGEST);

  private List<Event> parse(byte[] bytes) {
    List<Event> events = new ArrayList<>();
    for (byte each : bytes) {
      Event event = parser.accept(each);
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  private List<Event> parse(String text) {
    return parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] packet(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new PacketWriter(out).send(content);
    return out.toByteArray();
  }

  private static byte[] content(Event event) {
    return assertInstanceOf(Event.Packet.class, event).content();
  }

  @Property
  void packetsComeAsTheyWereSent(@ForAll @Size(max = LONGEST) byte[] content) throws IOException {
    List<Event> events = parse(packet(content));
    assertEquals(1, events.size());
    assertArrayEquals(content, content(events.getFirst()));
  }

  @Property
  void noBytesHarmThoseThatFollow(
      @ForAll byte[] garbage, @ForAll @Size(max = LONGEST) byte[] content) throws IOException {
    parse(garbage);
    // If it has begun a packet, this ends it.
    parse("#00");
    List<Event> events = parse(packet(content));
    assertArrayEquals(content, content(events.getLast()));
  }

  @Test
  void whatIsDamagedIsTold() {
    List<String> damaged =
        List.of("$OK#9b", "$OK#zz", "$OK}#cc", "$" + "a".repeat(LONGEST + 1) + "#a1");
    for (String each : damaged) {
      assertEquals(List.of(new Event.Damaged()), parse(each), each);
    }
  }

  @Test
  void betweenPacketsThereAreSigns() {
    List<Class<?>> kinds =
        parse("+-\u0003x$\u0003+#2e").stream().<Class<?>>map(Object::getClass).toList();
    assertEquals(
        Stream.of(
                Event.Acknowledged.class,
                Event.Rejected.class,
                Event.Interrupt.class,
                Event.Packet.class)
            .<Class<?>>map(each -> each)
            .toList(),
        kinds);
  }

  @Test
  void aPacketThatIsCutOffIsForgotten() {
    List<Event> events = parse("$m12$OK#9a");
    assertEquals(1, events.size());
    assertEquals("OK", new String(content(events.getFirst()), StandardCharsets.US_ASCII));
  }
}
