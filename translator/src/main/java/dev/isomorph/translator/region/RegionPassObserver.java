package dev.isomorph.translator.region;

/** Looks at a region between passes. */
public interface RegionPassObserver {
  /** Does not look. */
  RegionPassObserver NONE =
      new RegionPassObserver() {
        @Override
        public void after(String pass, RegionGraph graph) {}
      };

  /**
   * A pass is done.
   *
   * @param pass its name, for people
   * @param graph as it is now; the next pass changes it
   */
  void after(String pass, RegionGraph graph);
}
