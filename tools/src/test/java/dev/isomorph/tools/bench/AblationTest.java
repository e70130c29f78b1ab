package dev.isomorph.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.opt.Pass;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AblationTest {
  private static final Job JOB =
      Ablation.of(
          new Job(
              Benchmark.of(Path.of("integer/sort.c")),
              Map.of(Machine.ISOMORPH, List.of("./isomorph", "run", "sort", "9")),
              List.of("sort", "1"),
              true));

  /** What all passes do in a second takes the given time without {@code pass}. */
  private static Result result(Pass pass, double seconds) {
    Map<Machine, List<Timer.Run>> runs = new LinkedHashMap<>();
    for (Machine machine : JOB.commands().keySet()) {
      double time = machine.name().equals("without " + pass) ? seconds : 1;
      runs.put(machine, List.of(new Timer.Run(9, time, false, 0, 0, new byte[0], "")));
    }
    return Result.of(JOB.benchmark(), runs, Double.NaN);
  }

  @Test
  void eachPassIsLeftOutOnce() {
    assertEquals(1 + Pass.values().length, JOB.commands().size());
    assertTrue(
        JOB.commands()
            .containsValue(List.of("./isomorph", "run", "--without", "rules", "sort", "9")));
    assertTrue(JOB.commands().containsValue(List.of("./isomorph", "run", "sort", "9")));
  }

  @Test
  void theTableTellsWhatIsSlowerWithout() {
    String table = Ablation.table(List.of(result(Pass.RULES, 1.25)));
    assertTrue(table.contains("rules          +25.0%  sort +25.0%\n"), table);
    assertTrue(table.contains("values          +0.0% \n"), table);
  }

  @Test
  void jsonHasTheSame() {
    String json = Ablation.json(List.of(result(Pass.PHIS, 2)), 3, 1, Clock.CPU);
    assertTrue(json.contains("\"clock\": \"cpu\""), json);
    assertTrue(json.contains("\"sort\": 2.0"), json);
  }

  @Test
  void whatWentWrongIsSaid() {
    String table = Ablation.table(List.of(Result.failed(JOB.benchmark(), "DIFFERENT: x")));
    assertTrue(table.endsWith("sort: DIFFERENT: x\n"), table);
  }
}
