package dev.isomorph.tools.explain;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.engine.Retranslation;
import dev.isomorph.hostbackend.lower.CodeMap;
import dev.isomorph.hostbackend.lower.CodeMap.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeSet;

/** A translation by guest instruction: guest code, IR after each step, and host code. */
final class CodeView {
  private final HotCode hot;
  private final Retranslation translation;
  private final List<CodeMap.Part> parts;
  private final List<HostListing.Line> host;
  private final TreeSet<Integer> starts = new TreeSet<>();
  private final boolean hasTimes;
  private final Disassembler disassembler;
  private final FunctionNames names;
  private final long[] pcs;
  private final int[] encodings;

  /**
   * @param hasTimes whether the code that ran is the one that is shown
   */
  CodeView(
      HotCode hot,
      Retranslation translation,
      HostListing listing,
      FunctionNames names,
      boolean hasTimes) {
    this.hot = hot;
    this.translation = translation;
    this.names = names;
    this.hasTimes = hasTimes;
    parts = translation.parts();
    host = listing.lines(translation.code(), parts, hot.block().address());
    host.forEach(line -> starts.add(line.offset()));
    disassembler = new Disassembler(names.symbols()::nameOf);
    pcs = translation.pcs();
    encodings = translation.encodings();
  }

  /** Host instructions in line, those for entering and leaving not counted. */
  long hostInLine() {
    return host.stream().filter(line -> isInLine(kindAt(line.offset()))).count();
  }

  private static boolean isInLine(Kind kind) {
    return kind == Kind.BODY || kind == Kind.POLL;
  }

  /** Guest instructions. */
  int guest() {
    long entries = translation.nodes().stream().filter(Retranslation.Node::isEntry).count();
    return pcs.length - (int) entries;
  }

  /** Host instructions that access a spill slot or a guest register in memory, in line. */
  long memoryPlaces() {
    return host.stream()
        .filter(line -> isInLine(kindAt(line.offset())) && (line.isSpill() || line.isGuestState()))
        .count();
  }

  /** For the page. */
  Map<String, Object> toMap() {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("stages", translation.stages().stream().map(Retranslation.Stage::name).toList());
    view.put("nodes", nodes());
    view.put("rows", rows());
    view.put("aside", aside());
    return view;
  }

  private List<Object> nodes() {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < translation.nodes().size(); i++) {
      Retranslation.Node node = translation.nodes().get(i);
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("number", i);
      map.put("pc", hex(pcs[node.first()]));
      map.put("instructions", end(i) - node.first());
      map.put("depth", node.depth());
      map.put("head", node.isHead());
      map.put("next", node.successors());
      map.put("leaves", node.leavesFor().stream().map(CodeView::target).toList());
      all.add(map);
    }
    return all;
  }

  /** The number of the guest instruction behind those of a node. */
  private int end(int node) {
    return node + 1 < translation.nodes().size()
        ? translation.nodes().get(node + 1).first()
        : pcs.length;
  }

  private List<Object> rows() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < translation.nodes().size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingInt(i -> translation.nodes().get(i).rank()));
    List<Object> rows = new ArrayList<>();
    for (int node : order) {
      for (int i = translation.nodes().get(node).first(); i < end(node); i++) {
        rows.add(row(node, i));
      }
    }
    return rows;
  }

  private Map<String, Object> row(int node, int instruction) {
    Map<String, Object> row = new LinkedHashMap<>();
    boolean isEntry = translation.nodes().get(node).isEntry();
    row.put("node", node);
    row.put("pc", hex(pcs[instruction]));
    row.put("place", names.placeOf(pcs[instruction]));
    row.put("entry", isEntry);
    row.put(
        "guest",
        isEntry
            ? ""
            : disassembler
                .line(Decoder.decode(encodings[instruction]), pcs[instruction])
                .replace('\t', ' '));
    List<String> ir = new ArrayList<>();
    for (Retranslation.Stage stage : translation.stages()) {
      StringBuilder text = new StringBuilder();
      for (Retranslation.Operation operation : stage.operations()) {
        if (operation.instruction() == instruction && operation.node() == node) {
          text.append(text.isEmpty() ? "" : "\n").append(operation.text());
        }
      }
      ir.add(text.toString());
    }
    row.put("ir", ir);
    List<Object> lines = new ArrayList<>();
    long time = 0;
    for (HostListing.Line line : host) {
      CodeMap.Part part = partAt(line.offset());
      Kind kind = part.kind();
      if (part.instruction() == instruction && (isInLine(kind) || kind == Kind.ENTRY)) {
        lines.add(line(line, kind));
        time += timeAt(line);
      }
    }
    row.put("host", lines);
    row.put("time", time);
    return row;
  }

  /** What is not in line: moves, ways out, stops, and the like, in the order of emission. */
  private List<Object> aside() {
    List<Object> all = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < parts.size(); i++) {
      CodeMap.Part part = parts.get(i);
      int end = i + 1 < parts.size() ? parts.get(i + 1).offset() : Integer.MAX_VALUE;
      List<Object> lines = new ArrayList<>();
      long time = 0;
      while (at < host.size() && host.get(at).offset() < end) {
        lines.add(line(host.get(at), part.kind()));
        time += timeAt(host.get(at));
        at++;
      }
      if (!isInLine(part.kind()) && part.kind() != Kind.ENTRY && !lines.isEmpty()) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", part.kind().text());
        map.put("reason", part.reason() == null ? "" : lower(part.reason()));
        map.put("pc", hex(pcs[part.instruction()]));
        map.put("place", names.placeOf(pcs[part.instruction()]));
        map.put("host", lines);
        map.put("time", time);
        all.add(map);
      }
    }
    return all;
  }

  private Map<String, Object> line(HostListing.Line line, Kind kind) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("at", Integer.toHexString(line.offset()));
    map.put("text", line.text());
    if (!line.note().isEmpty()) {
      map.put("note", line.note());
    }
    if (line.isSpill() || line.isGuestState()) {
      map.put("mark", line.isSpill() ? "spill" : "memory");
    } else if (kind == Kind.POLL) {
      map.put("mark", "poll");
    }
    if (timeAt(line) != 0) {
      map.put("time", timeAt(line));
    }
    return map;
  }

  /** Samples are at starts of instructions; without Capstone a line is several. */
  private long timeAt(HostListing.Line line) {
    if (!hasTimes) {
      return 0;
    }
    Integer end = starts.higher(line.offset());
    NavigableMap<Integer, Long> times =
        hot.times().subMap(line.offset(), true, end == null ? Integer.MAX_VALUE : end, false);
    return times.values().stream().mapToLong(Long::longValue).sum();
  }

  private CodeMap.Part partAt(int offset) {
    return parts.get(HotCode.partAt(parts, offset));
  }

  private Kind kindAt(int offset) {
    return partAt(offset).kind();
  }

  private static String lower(Enum<?> name) {
    return name.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String target(long pc) {
    return pc == Retranslation.INDIRECTLY ? "an address in a register" : hex(pc);
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
