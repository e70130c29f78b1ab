package dev.isomorph.conformance.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.tools.Qemu;
import dev.isomorph.tools.suite.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CampaignTest {
  private static final Optional<Duration> UNLIMITED = Optional.empty();

  @TempDir Path folder;

  private final List<Tally.Difference> found = new ArrayList<>();

  private final class Found implements Campaign.Listener {
    @Override
    public void judged(List<Tally> tallies) {}

    @Override
    public void found(Tally.Difference difference) {
      found.add(difference);
    }
  }

  private Campaign campaign(Optional<Duration> time, long cases, int jobs, Kind... kinds)
      throws IOException {
    return campaign(
        new Campaign.Plan(time, 1, Shard.WHOLE, cases, jobs), Qemu.newest(), List.of(kinds));
  }

  private Campaign campaign(Campaign.Plan plan, Qemu qemu, List<Kind> kinds) {
    return new Campaign(
        plan,
        kinds,
        new Kind.Equipment(qemu, folder),
        new Reproducers(folder.resolve("out"), null),
        new Found());
  }

  @Test
  void kindsHaveAsManyCasesAsAskedForAndAllAgree() throws Exception {
    List<Tally> tallies =
        campaign(
                new Campaign.Plan(UNLIMITED, 1, Shard.WHOLE, 5, 2),
                null,
                List.of(Kind.INSTRUCTIONS, Kind.SEQUENCES, Kind.PROGRAMS))
            .run();
    assertEquals(
        List.of(
            "instructions: 5 agree, 0 DIFFER",
            "sequences: 5 agree, 0 DIFFER",
            "programs: 5 agree (of these under qemu: 0), 0 DIFFER"),
        tallies.stream().map(Tally::summary).toList());
    assertEquals(List.of(), found);
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @Test
  void eachShardHasAsManyCasesAsAskedFor() throws Exception {
    Campaign.Plan plan = new Campaign.Plan(UNLIMITED, 1, Shard.parse("2/3"), 4, 1);
    assertEquals(
        "sequences: 4 agree, 0 DIFFER",
        campaign(plan, null, List.of(Kind.SEQUENCES)).run().getFirst().summary());
  }

  @Test
  void nothingIsCountedOrToldOnceItIsStopped() throws Exception {
    List<String> told = new ArrayList<>();
    Campaign[] campaign = new Campaign[1];
    Campaign.Listener interrupter =
        new Campaign.Listener() {
          @Override
          public void judged(List<Tally> tallies) {
            told.add(campaign[0].stop().getFirst().summary());
          }

          @Override
          public void found(Tally.Difference difference) {}
        };
    campaign[0] =
        new Campaign(
            new Campaign.Plan(UNLIMITED, 1, Shard.WHOLE, 1000, 2),
            List.of(Kind.SEQUENCES),
            new Kind.Equipment(null, folder),
            new Reproducers(folder.resolve("out"), null),
            interrupter);
    List<Tally> tallies = campaign[0].run();
    assertEquals(List.of("sequences: 1 agree, 0 DIFFER"), told);
    assertEquals(told.getFirst(), tallies.getFirst().summary());
  }

  @Test
  void nothingIsBegunWhenTheTimeIsUp() throws Exception {
    assertEquals(
        "programs: 0 agree (of these under qemu: 0), 0 DIFFER",
        campaign(Optional.of(Duration.ZERO), 5, 1, Kind.PROGRAMS).run().getFirst().summary());
  }

  @Test
  void aFewProgramsByCsmithGiveTheirNativeResults() throws Exception {
    assumeTrue(Kind.CSMITH.missing().isEmpty(), Kind.CSMITH.missing());
    Tally tally = campaign(UNLIMITED, 3, 1, Kind.CSMITH).run().getFirst();
    assertEquals(List.of(), tally.differences());
  }

  @Test
  void aFindingHasAFolderWithAllThatIsNeeded() throws Exception {
    Finding finding =
        new Finding("it differs")
            .note("Run so.\n")
            .file("program.s", "nop\n")
            .program("program.elf", new byte[] {1, 2});
    Path place = new Reproducers(folder.resolve("out"), null).write(Kind.PROGRAMS, 0xabcL, finding);
    assertEquals(folder.resolve("out/programs-0000000000000abc"), place);
    assertEquals(
        """
        # it differs

        Again: `./isomorph campaign --kind programs --case 0000000000000abc`

        Run so.
        """,
        Files.readString(place.resolve("README.md")));
    assertEquals("nop\n", Files.readString(place.resolve("program.s")));
    assertTrue(Files.isExecutable(place.resolve("program.elf")));
    assertFalse(Files.isExecutable(place.resolve("program.s")));
  }

  @Test
  void theQemuThatWasChosenIsChosenAgain() throws Exception {
    Path place =
        new Reproducers(folder, Path.of("my qemus/qemu-riscv64"))
            .write(Kind.PROGRAMS, 1, new Finding("it differs"));
    assertEquals(
        """
        # it differs

        Again: `./isomorph campaign --kind programs --case 0000000000000001 --qemu 'my qemus/qemu-riscv64'`
        """,
        Files.readString(place.resolve("README.md")));
  }

  @Test
  void seedsDifferByCampaignKindAndIndexAndCanBeWritten() {
    Set<Long> seeds = new HashSet<>();
    for (long campaign = 0; campaign < 4; campaign++) {
      for (Kind kind : Kind.values()) {
        for (long index = 0; index < 100; index++) {
          seeds.add(Seeds.of(campaign, kind, index));
        }
      }
    }
    assertEquals(4 * Kind.values().length * 100, seeds.size());
    seeds.forEach(seed -> assertEquals(seed, Seeds.parse(Seeds.text(seed))));
  }

  @Test
  void timesAreRead() {
    assertEquals(Duration.ofSeconds(90), TimeText.parse("90s"));
    assertEquals(Duration.ofMinutes(10), TimeText.parse("10m"));
    assertEquals(Duration.ofHours(8), TimeText.parse("8h"));
    for (String wrong : List.of("", "s", "10", "1.5h", "-3m", "10x", "9999999999s")) {
      assertThrows(IllegalArgumentException.class, () -> TimeText.parse(wrong), wrong);
    }
  }
}
