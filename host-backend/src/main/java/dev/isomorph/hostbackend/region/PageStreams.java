package dev.isomorph.hostbackend.region;

import dev.isomorph.hostbackend.lower.PageStream;
import dev.isomorph.hostbackend.lower.PageStream.Way;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionStates;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The {@link PageStream}s of a region, and where they start. */
final class PageStreams {
  private final StreamAddresses addresses;

  /** That of streams of which nothing is known. */
  private final Way anyWay;

  private final Map<Integer, PageStream> byAccess = new HashMap<>();
  private final Map<RegionEdge, List<Start>> starts = new HashMap<>();
  private final List<PageStream> all = new ArrayList<>();

  /** A loop is entered with a stream at this address. */
  record Start(PageStream stream, int address) {}

  private PageStreams(StreamAddresses addresses, Way anyWay) {
    this.addresses = addresses;
    this.anyWay = anyWay;
  }

  /** None. */
  static PageStreams none() {
    return new PageStreams(null, Way.ANY);
  }

  /**
   * Those worth most, as many as there may be.
   *
   * @param aliases whether streams have zones, so that addresses need not stay near
   */
  static PageStreams of(RegionGraph graph, RegionStates states, boolean aliases) {
    StreamAddresses addresses = new StreamAddresses(graph, states);
    PageStreams streams = new PageStreams(addresses, aliases ? Way.FAR : Way.ANY);
    streams.choose(
        aliases ? ZoneFinder.find(graph, addresses) : PageFinder.find(graph, states, addresses));
    return streams;
  }

  /** The stream of an access, or null. */
  PageStream of(int access) {
    return byAccess.get(access);
  }

  /** All of them. */
  List<PageStream> all() {
    return all;
  }

  /** The streams that start when an edge is taken. */
  List<Start> startingAt(RegionEdge edge) {
    return starts.getOrDefault(edge, List.of());
  }

  private void choose(List<StreamCandidate> candidates) {
    candidates.sort((a, b) -> Long.compare(b.worth(), a.worth()));
    Map<Way, Integer> next = new EnumMap<>(Way.class);
    for (StreamCandidate candidate : candidates) {
      Way way = candidate.way(anyWay);
      int index = next.getOrDefault(way, way.first());
      if (index == way.end()) {
        way = anyWay;
        index = next.getOrDefault(way, way.first());
      }
      if (index < way.end()) {
        next.put(way, index + 1);
        add(candidate, index);
      }
    }
  }

  private void add(StreamCandidate candidate, int index) {
    PageStream stream = new PageStream(index, candidate.first(), candidate.end());
    all.add(stream);
    for (int access : candidate.accesses) {
      byAccess.put(access, stream);
    }
    if (stream.way() == anyWay) {
      return;
    }
    for (RegionEdge edge : addresses.entries(candidate.base, candidate.loop)) {
      int address = addresses.atEntry(candidate.base, candidate.loop, edge);
      starts.computeIfAbsent(edge, e -> new ArrayList<>()).add(new Start(stream, address));
    }
  }
}
