package dev.isomorph.hostbackend.region;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.decoder.Registers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.hostbackend.lower.Addressing;
import dev.isomorph.hostbackend.lower.PageStream;
import dev.isomorph.hostbackend.lower.PageStream.Way;
import dev.isomorph.hostbackend.lower.RegionCode;
import dev.isomorph.translator.opt.Pass;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PageStreamsTest {
  private static final PageStream FIRST_RISING = new PageStream(0, 0, 8);
  private static final PageStream FIRST_FALLING = new PageStream(Way.DOWN.first(), 0, 8);
  private static final PageStream FIRST_ANY = new PageStream(Way.ANY.first(), 0, 8);

  /** The streams of the accesses of a loop that counts a2 down. */
  private static final Set<Pass> PAGES = Pass.without(Pass.ALL, Pass.ALIASES);

  private static List<PageStream> streams(Consumer<RiscvAssembler> body) {
    return streams(PAGES, body);
  }

  private static List<PageStream> streams(Set<Pass> passes, Consumer<RiscvAssembler> body) {
    RiscvAssembler a = new RiscvAssembler();
    Label loop = a.here();
    body.accept(a);
    a.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).ret();
    List<PageStream> found = new ArrayList<>();
    for (RegionCode code :
        RegionWriter.write(RegionLoops.region(a), Addressing.PAGED, passes).blocks()) {
      found.addAll(code.streams().values());
    }
    return found;
  }

  /** What is done in some rounds only, as a4 says. */
  private static void sometimes(RiscvAssembler a, Runnable what) {
    Label skip = new Label();
    a.branch(BEQ, A4, ZERO, skip);
    what.run();
    a.bind(skip);
  }

  @Test
  void addressesThatRiseOrFallOrStay() {
    assertEquals(List.of(FIRST_RISING), streams(a -> a.emit(LD, A0, 0, A1).emit(ADDI, A1, A1, 8)));
    assertEquals(
        List.of(FIRST_FALLING), streams(a -> a.emit(SD, A0, 0, A1).emit(ADDI, A1, A1, -8)));
    assertEquals(List.of(FIRST_RISING), streams(a -> a.emit(LD, A0, 0, A1)));
  }

  @Test
  void addressesOfWhichOnlyIsKnownThatTheyMoveLittleGoAnyWay() {
    assertEquals(List.of(FIRST_ANY), streams(a -> a.emit(LD, A0, 0, A1).emit(ADD, A1, A1, A3)));
    assertEquals(List.of(FIRST_ANY), streams(a -> a.emit(LD, A0, 0, A1).emit(ADDIW, A1, A1, 8)));
    assertEquals(
        List.of(FIRST_ANY),
        streams(a -> a.emit(LD, A0, 0, A1).emit(ADDI, A1, A1, 2040).emit(ADDI, A1, A1, 2040)));
    assertEquals(List.of(FIRST_ANY), streams(a -> a.emit(ADD, A5, A1, A2).emit(LD, A0, 0, A5)));
  }

  @Test
  void pointersThatAreLoadedAreNone() {
    assertEquals(List.of(), streams(a -> a.emit(LD, A1, 0, A1)));
    assertEquals(List.of(), streams(a -> a.emit(LD, A0, 0, A1).emit(ADDI, A1, A0, 8)));
    assertEquals(List.of(), streams(a -> a.emit(LD, A0, 0, A1).emit(SLLI, A1, A1, 1)));
  }

  /** With zones of aliases; the loads and stores by one address share one, however far apart. */
  @Test
  void withZonesAllPointersHaveStreams() {
    List<PageStream> found =
        streams(Pass.ALL, a -> a.emit(LD, A1, 0, A1).emit(SD, A0, 1024, A1).emit(LD, A0, 0, A1));
    assertEquals(3, found.size());
    assertEquals(Way.FAR, found.getFirst().way());
    assertEquals(Way.FAR, found.getLast().way());
    assertNotEquals(found.getFirst(), found.getLast());
    assertEquals(found.get(1), found.get(2));
  }

  /** What is looked at where its loop is entered, and nowhere else. */
  @Test
  void withZonesSteadyAddressesStayInTheirs() {
    PageStream steady = new PageStream(Way.STEADY.first(), 0, 8);
    assertEquals(
        List.of(steady), streams(Pass.ALL, a -> a.emit(LD, A0, 0, A1).emit(ADDI, A1, A1, 8)));
    assertEquals(
        List.of(steady), streams(Pass.ALL, a -> a.emit(SD, A0, 0, A1).emit(ADDI, A1, A1, -8)));
    assertEquals(List.of(steady), streams(Pass.ALL, a -> a.emit(LD, A0, 0, A1)));
    PageStream both = new PageStream(Way.STEADY.first(), 0, 2032);
    assertEquals(
        List.of(both, both),
        streams(
            Pass.ALL,
            a -> {
              sometimes(a, () -> a.emit(SD, A0, 0, A1));
              a.emit(LD, A3, 2024, A1).emit(ADDI, A1, A1, 8);
            }));
  }

  /** They could leave it without an access that faults. */
  @Test
  void withZonesAddressesThatAreNotAccessedInEachRoundAreLookedAt() {
    List<PageStream> found =
        streams(
            Pass.ALL,
            a -> {
              sometimes(a, () -> a.emit(LD, A0, 0, A1));
              a.emit(ADDI, A1, A1, 8);
            });
    assertEquals(List.of(new PageStream(Way.FAR.first(), 0, 8)), found);
    List<PageStream> ofConstant = streams(Pass.ALL, a -> a.emit(LD, A0, 1024, ZERO));
    assertEquals(List.of(Way.FAR), ofConstant.stream().map(PageStream::way).toList());
    List<PageStream> far =
        streams(
            Pass.ALL, a -> a.emit(LD, A0, 0, A1).emit(ADDI, A1, A1, 2040).emit(ADDI, A1, A1, 2040));
    assertEquals(List.of(Way.FAR), far.stream().map(PageStream::way).toList());
  }

  /** By an index of so many bits. */
  private static List<PageStream> lookUps(int bits) {
    return streams(
        a -> {
          a.emit(MUL, A4, A4, A3).emit(SRLI, A5, A4, Long.SIZE - bits);
          a.emit(ADD, A5, A5, A1).emit(LD, A0, 0, A5);
        });
  }

  @Test
  void smallTablesAreInFewPages() {
    assertEquals(List.of(FIRST_ANY), lookUps(12));
    assertEquals(List.of(), lookUps(13));
  }

  @Test
  void whatThereIsNoRoomForGoesAnyWay() {
    int room = Way.UP.end() - Way.UP.first();
    List<PageStream> found =
        streams(
            a -> {
              for (int i = 0; i <= room; i++) {
                a.emit(LD, A0, 1024 * (i % 2), 3 + i + 10 * (i > 6 ? 1 : 0));
              }
            });
    assertEquals(room + 1, found.size());
    assertEquals(1, found.stream().filter(stream -> stream.way() == Way.ANY).count());
  }

  /** An address that moves must not get far unseen. */
  @Test
  void whatMovesHasToBeLookedAtInEachRound() {
    assertEquals(
        List.of(FIRST_ANY),
        streams(
            a -> {
              sometimes(a, () -> a.emit(LD, A0, 0, A1));
              a.emit(ADDI, A1, A1, 8);
            }));
    assertEquals(List.of(FIRST_RISING), streams(a -> sometimes(a, () -> a.emit(LD, A0, 0, A1))));
    PageStream both = new PageStream(0, 0, 16);
    assertEquals(
        List.of(both, both),
        streams(
            a -> {
              sometimes(a, () -> a.emit(LD, A0, 0, A1));
              a.emit(LD, A3, 8, A1).emit(ADDI, A1, A1, 8);
            }));
  }

  @Test
  void loadsAndStoresAreApart() {
    assertEquals(
        List.of(FIRST_RISING, new PageStream(1, 0, 8)),
        streams(a -> a.emit(LD, A0, 0, A1).emit(SD, A0, 0, A1).emit(ADDI, A1, A1, 8)));
  }

  @Test
  void whatIsFarApartIsNotOneStream() {
    assertEquals(
        List.of(FIRST_RISING),
        streams(a -> a.emit(LD, A0, 0, A1).emit(LD, A3, 1024, A1).emit(ADDI, A1, A1, 8)));
  }

  @Test
  void processesHaveNone() {
    RiscvAssembler a = new RiscvAssembler();
    Label loop = a.here();
    a.emit(LD, A0, 0, A1).branch(BNE, A0, ZERO, loop).ret();
    for (RegionCode code :
        RegionWriter.write(RegionLoops.region(a), Addressing.WINDOW, Pass.ALL).blocks()) {
      assertEquals(0, code.streams().size());
    }
  }
}
