package dev.isomorph.tools.suite;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the place of a test says of it.
 *
 * @param extension the group: of {@code rv64ui-p-add} it is rv64ui, else the folder
 * @param subject what is tested: there it is add, else the file's name without number and ending
 */
record TestName(String extension, String subject) {
  /** As riscv-tests has it; the letters in the middle name the environment. */
  private static final Pattern RISCV_TEST =
      Pattern.compile("(rv(?:32|64)[a-z]+)-(?:(?:p|pm|pt|v)-)?(.+)");

  private static final Pattern NUMBER = Pattern.compile("-\\d+$");
  private static final String PROGRAM_ENDING = ".elf";
  private static final String SOURCE_ENDING = ".S";

  /**
   * @param suite name of the suite's folder
   * @param path the test's path inside it
   */
  static TestName of(String suite, String path) {
    List<String> parts = Arrays.asList(path.split("/"));
    int at = parts.size() - 1;
    // riscof gives each test a folder named after its source, with folders for each machine below.
    for (int i = 0; i < at; i++) {
      if (parts.get(i).endsWith(SOURCE_ENDING)) {
        at = i;
      }
    }
    String name = base(parts.get(at));
    Matcher matcher = RISCV_TEST.matcher(name);
    if (matcher.matches()) {
      return new TestName(matcher.group(1), matcher.group(2));
    }
    int end = at > 0 && parts.get(at - 1).equals("src") ? at - 1 : at;
    String folder = String.join("/", parts.subList(0, end));
    return new TestName(folder.isEmpty() ? suite : folder, NUMBER.matcher(name).replaceFirst(""));
  }

  /** The name of a file without the ending that programs and their sources have. */
  static String base(String file) {
    for (String ending : List.of(PROGRAM_ENDING, SOURCE_ENDING)) {
      if (file.endsWith(ending) && file.length() > ending.length()) {
        return file.substring(0, file.length() - ending.length());
      }
    }
    return file;
  }
}
