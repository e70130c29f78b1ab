package dev.isomorph.conformance.witness;

import java.util.List;

/**
 * Scenarios that differ only in registers: one program, run from many states.
 *
 * @param cases at least one; all with the same program at the same place, and memory contents
 */
public record Battery(List<Scenario> cases) {}
