package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.boot.Chosen;
import dev.isomorph.systemvm.device.VirtBoardTree;
import dev.isomorph.systemvm.device.tree.FlatTree;
import dev.isomorph.systemvm.device.tree.TreeNode;
import dev.isomorph.systemvm.options.MachineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/** The device tree that a machine gives its software. */
public final class MachineTree {
  private static final String LARGEST_PAGING = "riscv,sv57";
  private static final int SEED_BYTES = 32;

  /** What harts have, as device trees tell it. */
  private static final List<String> EXTENSIONS =
      List.of(
          "i",
          "m",
          "a",
          "f",
          "d",
          "c",
          "zicbop",
          "zicntr",
          "zicond",
          "zicsr",
          "zifencei",
          "zihintpause",
          "zihpm",
          "zimop",
          "zawrs",
          "zfa",
          "zfhmin",
          "zca",
          "zcb",
          "zcd",
          "zcmop",
          "zba",
          "zbb",
          "zbc",
          "zbs",
          "sstc",
          "svadu",
          "svinval",
          "svnapot",
          "svpbmt");

  private MachineTree() {}

  /**
   * The tree of a machine, or the one the user has given, with what the kernel is to be told.
   *
   * @throws IOException with a line for the user, if the given one cannot be read
   */
  static byte[] of(MachineOptions options, Chosen chosen) throws IOException {
    TreeNode root = root(options);
    if (!chosen.commandLine().isEmpty()) {
      VirtBoardTree.chooseArguments(root, chosen.commandLine());
    }
    if (chosen.hasInitrd()) {
      VirtBoardTree.chooseInitrd(root, chosen.initrdStart(), chosen.initrdEnd());
    }
    byte[] seed = new byte[SEED_BYTES];
    if (!options.diagnostics().deterministic()) {
      new SecureRandom().nextBytes(seed);
    }
    VirtBoardTree.chooseSeed(root, seed);
    return FlatTree.write(root, 0);
  }

  /** Writes to a file what a machine would tell its software, but for the initial RAM disk. */
  public static void write(MachineOptions options, Path file) throws IOException {
    Files.write(file, of(options, new Chosen(options.boot().append(), 0, 0)));
  }

  private static TreeNode root(MachineOptions options) throws IOException {
    Path given = options.boot().deviceTree();
    if (given == null) {
      return VirtBoardTree.of(
          new VirtBoardTree.Machine(
              options.harts(), EXTENSIONS, LARGEST_PAGING, options.memoryBytes(), true));
    }
    byte[] content = Files.readAllBytes(given);
    try {
      return FlatTree.read(content);
    } catch (IOException e) {
      throw new IOException(given + ": " + e.getMessage(), e);
    }
  }
}
