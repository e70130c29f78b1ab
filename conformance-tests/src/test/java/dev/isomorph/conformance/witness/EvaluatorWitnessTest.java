package dev.isomorph.conformance.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluatorWitnessTest {
  private static final long PC = 0x10000;
  private static final int FCVT_D_S_BY_RMM = 0x4206c6d3;
  private static final int FMUL_D = 0x12d6f6d3;

  /** A register that is written twice has been written once where there is no rounding mode. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void stopsWhereThereIsNoRoundingMode(int frm) {
    int[] code = {FCVT_D_S_BY_RMM, FMUL_D};
    Scenario scenario = new Scenario(PC, code, new long[32], new long[32], frm << 5, 0);
    Judge judge = new Judge(new EvaluatorWitness(8, false), new EvaluatorWitness(8, true));
    assertEquals("", judge.disagreement(scenario));
  }
}
