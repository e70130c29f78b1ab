package dev.isomorph.hostbackend.region;

import dev.isomorph.hostbackend.lower.PageStream.Way;
import dev.isomorph.translator.opt.NaturalLoops;
import dev.isomorph.translator.region.RegionGraph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds streams that have zones: {@linkplain Way#STEADY steady} ones, which are looked at as far
 * outside as can be, and those of all other pointers. Loads and stores share a stream.
 */
final class ZoneFinder {
  private final RegionGraph graph;
  private final StreamAddresses addresses;

  /** Addresses that cannot leave their zone unseen. */
  private final Set<Long> steady = new HashSet<>();

  private final Map<Long, StreamCandidate> candidates = new LinkedHashMap<>();

  private ZoneFinder(RegionGraph graph, StreamAddresses addresses) {
    this.graph = graph;
    this.addresses = addresses;
  }

  static List<StreamCandidate> find(RegionGraph graph, StreamAddresses addresses) {
    ZoneFinder finder = new ZoneFinder(graph, addresses);
    addresses.accesses().forEach(finder::findSteady);
    addresses.accesses().forEach(finder::add);
    return new ArrayList<>(finder.candidates.values());
  }

  /** Notes addresses that an access on every way round a loop moves with it. */
  private void findSteady(StreamAddresses.Access access) {
    int base = addresses.base(access);
    for (NaturalLoops.Loop loop : addresses.loopsAround(access)) {
      if (addresses.step(base, loop) != 0 && StreamAddresses.isOnEveryWay(access, loop)) {
        steady.add(StreamAddresses.key(loop, base));
      }
    }
  }

  private void add(StreamAddresses.Access access) {
    int base = addresses.base(access);
    if (addresses.isFixed(base) && !addresses.isConstant(base)) {
      add(access, null, Way.STEADY);
      return;
    }
    for (NaturalLoops.Loop loop : addresses.loopsAround(access)) {
      if (!addresses.isInside(base, loop) || steady.contains(StreamAddresses.key(loop, base))) {
        add(access, loop, Way.STEADY);
        return;
      }
    }
    if (access.depth() > 0) {
      add(access, null, Way.FAR);
    }
  }

  private void add(StreamAddresses.Access access, NaturalLoops.Loop loop, Way way) {
    int base = addresses.base(access);
    StreamCandidate found =
        candidates.computeIfAbsent(
            StreamAddresses.key(loop, base),
            k -> new StreamCandidate(loop, base, way, Integer.MAX_VALUE));
    found.makeSure();
    found.add(access, graph.code());
  }
}
