package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What guest memory is known to hold from the loads and stores before, along ways without a choice.
 * Another hart may have stored since; the memory model lets a load give what an earlier one of the
 * same address gave, or what its own hart has stored, unless a fence or an atomic access is between
 * them (ISA manual, "RVWMO", load value axiom). Nor may another load that accesses memory be, if it
 * perhaps reads one of these bytes: it may have seen a newer value, and then older ones must not be
 * seen any more (preserved program order, rule 2).
 */
final class KnownMemory {
  private final Map<Integer, List<Cell>> atEdge = new HashMap<>();
  private List<Cell> cells = new ArrayList<>();

  /** What a load or store has shown a place to hold. */
  private record Cell(MemoryPlace place, IrOp by, int value) {}

  /**
   * What a load would give.
   *
   * @param extension of the value, null for the value itself
   */
  record Found(int value, IrOp extension) {}

  /** Goes on at the start of a node. */
  void enter(RegionNode node) {
    List<Cell> before = node.in().size() == 1 ? atEdge.get(node.in().getFirst().index()) : null;
    cells = before == null ? new ArrayList<>() : new ArrayList<>(before);
  }

  /** The current node may be left here. */
  void leave(RegionEdge edge) {
    if (edge.to() != null && edge.to().in().size() == 1) {
      atEdge.put(edge.index(), new ArrayList<>(cells));
    }
  }

  /** Forgets all: memory is accessed in a way that orders others' accesses, too. */
  void forget() {
    cells.clear();
  }

  /** What a load would give, null if that is not known. */
  Found find(IrBlock code, IrOp load, int base, long displacement) {
    MemoryPlace wanted = MemoryPlace.of(code, load, base, displacement);
    for (Cell cell : cells) {
      if (cell.place().isSame(wanted)) {
        return cell.by() == load || isWhole(load, cell.by())
            ? new Found(cell.value(), null)
            : extended(load, cell);
      }
    }
    return null;
  }

  private static boolean isWhole(IrOp load, IrOp store) {
    return load == IrOp.LD64 && store == IrOp.ST64 || load == IrOp.LDF_D && store == IrOp.STF_D;
  }

  private static Found extended(IrOp load, Cell cell) {
    if (cell.by() != IrOp.ST8 && cell.by() != IrOp.ST16 && cell.by() != IrOp.ST32) {
      return null;
    }
    IrOp extension =
        switch (load) {
          case LD8S -> IrOp.SEXT8;
          case LD8U -> IrOp.ZEXT8;
          case LD16S -> IrOp.SEXT16;
          case LD16U -> IrOp.ZEXT16;
          case LD32S -> IrOp.SEXT32;
          case LD32U -> IrOp.ZEXT32;
          default -> null;
        };
    return extension == null ? null : new Found(cell.value(), extension);
  }

  /** Memory is accessed: a load has given a value, or one is stored. */
  void accessed(IrBlock code, IrOp access, int base, long displacement, int value) {
    MemoryPlace place = MemoryPlace.of(code, access, base, displacement);
    cells.removeIf(cell -> !cell.place().isApartFrom(place));
    cells.add(new Cell(place, access, value));
  }
}
