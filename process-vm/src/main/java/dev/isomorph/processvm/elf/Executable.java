package dev.isomorph.processvm.elf;

/** What a file that is to be run turned out to be. */
sealed interface Executable permits Executable.Elf, ScriptLine {

  /**
   * An ELF file, open, with its headers.
   *
   * @param path the guest's path of it with no symbolic links
   */
  record Elf(String name, String path, HostFile file, ElfImage image) implements Executable {}
}
