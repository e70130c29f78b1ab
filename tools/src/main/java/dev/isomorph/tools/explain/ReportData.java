package dev.isomorph.tools.explain;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.engine.EngineStats;
import dev.isomorph.engine.HartActivity;
import dev.isomorph.engine.Profile;
import dev.isomorph.engine.RegionRefusal;
import dev.isomorph.hostbackend.lower.CodeMap;
import dev.isomorph.hostbackend.lower.ExecutionCounts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the report says, as maps and lists; docs/explain.md tells what the members mean. */
final class ReportData {
  /** Places of refused regions that are named, for each reason. */
  private static final int MOST_PLACES = 12;

  private final Recorder.Run run;
  private final int top;
  private final HostListing listing;
  private final List<HotCode> byTime;

  ReportData(Recorder.Run run, int top) {
    this.run = run;
    this.top = top;
    listing = new HostListing(run.stubs());
    byTime = new ArrayList<>(run.translations());
    // Where no time was found in, regions are more worth looking at.
    byTime.sort(
        Comparator.comparingLong(HotCode::time)
            .reversed()
            .thenComparing(hot -> hot.isRegion() ? 0 : 1));
  }

  Map<String, Object> toMap() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("command", run.command());
    report.put("end", run.end());
    report.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    report.put("nanoseconds", run.nanoseconds());
    report.put("samples", run.profile().samples());
    report.put("capstone", listing.hasInstructions());
    report.put("machine", MachineFacts.all());
    report.put("work", work());
    report.put("refusals", refusals());
    report.put("time", time());
    report.put("threads", HostThreads.times());
    report.put("functions", functions());
    report.put("translations", translations());
    return report;
  }

  private Map<String, Object> work() {
    EngineStats stats = run.engine().stats();
    CodeCache cache = run.engine().codeCache();
    Map<String, Object> work = new LinkedHashMap<>();
    work.put("blocks translated", stats.blocks());
    work.put("guest instructions in them", stats.guestInstructions());
    work.put("guest bytes", stats.guestBytes());
    work.put("host bytes", stats.hostBytes());
    work.put("regions made", stats.regions());
    work.put("regions given up", stats.regionsDropped());
    work.put("translation on guest threads, microseconds", stats.nanoseconds() / 1000);
    work.put("compilation of regions beside, microseconds", stats.backgroundNanoseconds() / 1000);
    work.put("code cache, bytes used", cache.bytesUsed());
    work.put("translations in the code cache", cache.size());
    work.put("evictions of a segment", cache.evictions());
    work.put("translations dropped since code changed", stats.invalidated());
    work.put("entries from the dispatcher", stats.dispatches());
    work.put("direct jumps linked", stats.links());
    work.put("indirect jumps looked up", stats.lookups());
    work.put("instructions evaluated", stats.evaluated());
    work.put("faults", stats.faults());
    if (run.counts() != null) {
      long guest = run.counts().evaluatedCount();
      long host = 0;
      for (ExecutionCounts.Translation each : run.counts().translations()) {
        guest += each.guest();
        host += each.host();
      }
      work.put("guest instructions executed", guest);
      work.put("host instructions executed", host);
    }
    return work;
  }

  private List<Object> refusals() {
    List<Object> all = new ArrayList<>();
    for (RegionRefusal reason : RegionRefusal.values()) {
      Set<String> places = new LinkedHashSet<>();
      for (Recorder.Refusal each : run.refusals()) {
        if (each.reason() == reason) {
          places.add(run.names().placeOf(each.pc()));
        }
      }
      if (!places.isEmpty()) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("reason", reason.text());
        map.put("count", places.size());
        map.put("places", places.stream().limit(MOST_PLACES).toList());
        all.add(map);
      }
    }
    return all;
  }

  private List<Object> time() {
    Profile profile = run.profile();
    long blocks = 0;
    long regions = 0;
    for (HotCode hot : byTime) {
      if (hot.isRegion()) {
        regions += hot.time();
      } else {
        blocks += hot.time();
      }
    }
    List<Object> all = new ArrayList<>();
    all.add(time("regions", "code", regions));
    all.add(time("blocks", "code", blocks));
    long stubs = profile.stubs().values().stream().mapToLong(Long::longValue).sum();
    all.add(time("stubs: ways in and out, and indirect jumps", "code", stubs));
    for (HartActivity activity : HartActivity.values()) {
      long spent = profile.activities().getOrDefault(activity, 0L);
      all.add(time(activity.text(), activity == HartActivity.OUTSIDE ? "system" : "java", spent));
    }
    return all;
  }

  private static Map<String, Object> time(String name, String kind, long nanoseconds) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("kind", kind);
    map.put("time", nanoseconds);
    return map;
  }

  private List<Object> functions() {
    Map<String, long[]> functions = new HashMap<>();
    Map<String, String> files = new HashMap<>();
    for (HotCode hot : byTime) {
      hot.times()
          .forEach(
              (offset, time) -> {
                long pc = pcAt(hot, offset);
                String name = run.names().functionOf(pc);
                files.putIfAbsent(name, run.names().fileOf(pc));
                functions.computeIfAbsent(name, key -> new long[2])[hot.isRegion() ? 1 : 0] += time;
              });
    }
    return functions.entrySet().stream()
        .sorted(Comparator.comparingLong(each -> -each.getValue()[0] - each.getValue()[1]))
        .map(
            each -> {
              Map<String, Object> map = new LinkedHashMap<>();
              map.put("name", each.getKey());
              map.put("file", files.get(each.getKey()));
              map.put("time", each.getValue()[0] + each.getValue()[1]);
              map.put("inRegions", each.getValue()[1]);
              return (Object) map;
            })
        .toList();
  }

  /** The guest instruction at which a sample was taken; of a block that counts, its first. */
  private long pcAt(HotCode hot, int offset) {
    if (!hot.isRegion() || run.counts() != null) {
      return hot.pc();
    }
    List<CodeMap.Part> parts = hot.retranslation(run.stubs()).parts();
    return hot.retranslation(run.stubs()).pcs()[HotCode.instructionAt(parts, offset)];
  }

  private List<Object> translations() {
    Map<String, List<ExecutionCounts.Translation>> counts = new HashMap<>();
    if (run.counts() != null) {
      for (ExecutionCounts.Translation each : run.counts().translations()) {
        counts
            .computeIfAbsent(
                (each.isRegion() ? "region" : "block") + each.pc(), k -> new ArrayList<>())
            .add(each);
      }
    }
    List<Object> all = new ArrayList<>();
    for (HotCode hot : byTime.subList(0, Math.min(top, byTime.size()))) {
      CodeView view =
          new CodeView(
              hot, hot.retranslation(run.stubs()), listing, run.names(), run.counts() == null);
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("kind", hot.kind());
      map.put("pc", "0x" + Long.toHexString(hot.pc()));
      map.put("place", run.names().placeOf(hot.pc()));
      map.put("time", hot.time());
      map.put("dropped", hot.isGivenUp() ? "given up" : hot.block().isLive() ? "" : "replaced");
      map.put("noRegion", hot.isRegion() ? "" : refusalOf(hot));
      map.put("guest", view.guest());
      map.put("hostBytes", hot.block().length());
      if (listing.hasInstructions()) {
        map.put("hostInLine", view.hostInLine());
        map.put("memoryPlaces", view.memoryPlaces());
      }
      executed(map, counts.getOrDefault(hot.kind() + hot.pc(), List.of()));
      map.put("code", view.toMap());
      all.add(map);
    }
    return all;
  }

  /** Why hot code in a block has no region; empty if nobody has asked. */
  private String refusalOf(HotCode hot) {
    for (Recorder.Refusal each : run.refusals()) {
      if (hot.block().overlaps(each.pc(), each.pc() + 1)) {
        return each.reason().text();
      }
    }
    return "";
  }

  private static void executed(Map<String, Object> map, List<ExecutionCounts.Translation> counts) {
    if (!counts.isEmpty()) {
      map.put("entries", counts.stream().mapToLong(ExecutionCounts.Translation::entries).sum());
      map.put("guestRun", counts.stream().mapToLong(ExecutionCounts.Translation::guest).sum());
      map.put("hostRun", counts.stream().mapToLong(ExecutionCounts.Translation::host).sum());
    }
  }
}
