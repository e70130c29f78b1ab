package dev.isomorph.hostbackend.region;

import dev.isomorph.hostbackend.lower.PageStream.Way;
import dev.isomorph.translator.opt.NaturalLoops;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionStates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds streams that have pages. One goes up or down if a loop does not change its address, or each
 * round moves it by constants of one sign; then one of the accesses has to be on every way round,
 * so that the address never gets far without being looked at. All others that are likely to stay
 * near go any way.
 */
final class PageFinder {
  /** The farthest that accesses of one stream may be apart. */
  private static final int WIDEST = 512;

  private final RegionGraph graph;
  private final StreamAddresses addresses;
  private final NearAddresses near;

  /** Loads and stores have streams of their own, as pages have rights of their own. */
  private final Map<Long, StreamCandidate> candidates = new LinkedHashMap<>();

  private PageFinder(RegionGraph graph, RegionStates states, StreamAddresses addresses) {
    this.graph = graph;
    this.addresses = addresses;
    near = new NearAddresses(graph, states);
  }

  static List<StreamCandidate> find(
      RegionGraph graph, RegionStates states, StreamAddresses addresses) {
    PageFinder finder = new PageFinder(graph, states, addresses);
    addresses.accesses().forEach(finder::add);
    return new ArrayList<>(finder.candidates.values());
  }

  private void add(StreamAddresses.Access access) {
    int base = addresses.base(access);
    if (addresses.isFixed(base)) {
      candidate(null, Way.UP, access).add(access, graph.code());
      return;
    }
    for (NaturalLoops.Loop loop : addresses.loopsAround(access)) {
      boolean isFixed = !addresses.isInside(base, loop);
      long step = isFixed ? 0 : addresses.step(base, loop);
      if (isFixed || step != 0) {
        StreamCandidate found = candidate(loop, step >= 0 ? Way.UP : Way.DOWN, access);
        boolean isSure = isFixed || StreamAddresses.isOnEveryWay(access, loop);
        if (found.add(access, graph.code()) && isSure) {
          found.makeSure();
        }
        return;
      }
    }
    if (access.depth() > 0 && near.contains(base)) {
      candidate(null, Way.ANY, access).add(access, graph.code());
    }
  }

  private StreamCandidate candidate(
      NaturalLoops.Loop loop, Way way, StreamAddresses.Access access) {
    int base = addresses.base(access);
    return candidates.computeIfAbsent(
        StreamAddresses.key(loop, base) << 1 | (addresses.stores(access) ? 1 : 0),
        k -> new StreamCandidate(loop, base, way, WIDEST));
  }
}
