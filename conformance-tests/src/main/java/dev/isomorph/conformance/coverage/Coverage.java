package dev.isomorph.conformance.coverage;

import dev.isomorph.conformance.generate.Shape;
import dev.isomorph.conformance.witness.Observation;
import dev.isomorph.conformance.witness.Scenario;
import java.util.EnumSet;
import java.util.Set;

/** How often one row of the instruction table was tested, and which corners were met. */
public final class Coverage {
  private static final Corner[] CORNERS = Corner.values();

  /** Those of encodings that have become another row's by a reserved rounding mode. */
  private static final Set<Corner> RESERVED =
      EnumSet.of(Corner.STATIC_RESERVED_5, Corner.STATIC_RESERVED_6);

  private final Shape shape;

  /** By corner, the places where it has not yet been met. */
  private final int[] missing = new int[CORNERS.length];

  private final Set<Corner> applicable = EnumSet.noneOf(Corner.class);
  private long cases;

  public Coverage(Shape shape) {
    this.shape = shape;
    for (Corner corner : CORNERS) {
      int places = corner.places(shape);
      missing[corner.ordinal()] = places;
      if (places != 0) {
        applicable.add(corner);
      }
    }
  }

  /** Notes that the last instruction of a scenario has been run and judged. */
  public void note(Scenario scenario, Observation result) {
    Case c = new Case(shape, scenario, result);
    if (c.isFetched()) {
      cases++;
    }
    boolean isOfRow = c.i().encodedAs() == shape.row();
    for (Corner corner : CORNERS) {
      int places = missing[corner.ordinal()];
      if (places != 0 && isOfRow != RESERVED.contains(corner)) {
        missing[corner.ordinal()] = places & ~met(corner, places, c);
      }
    }
  }

  private static int met(Corner corner, int places, Case c) {
    int met = 0;
    for (int place = 0; place < Integer.SIZE - Integer.numberOfLeadingZeros(places); place++) {
      if ((places >>> place & 1) != 0 && corner.isMet(c, place)) {
        met |= 1 << place;
      }
    }
    return met;
  }

  /** The row and what there is to know about it. */
  public Shape shape() {
    return shape;
  }

  /** How often the instruction was fetched and run. */
  public long cases() {
    return cases;
  }

  /** The corners that there are for this instruction. */
  public Set<Corner> applicable() {
    return applicable;
  }

  /** The applicable corners that have not been met at all operands they apply to. */
  public Set<Corner> missing() {
    Set<Corner> result = EnumSet.copyOf(applicable);
    result.removeIf(corner -> missing[corner.ordinal()] == 0);
    return result;
  }
}
