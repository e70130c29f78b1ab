package dev.isomorph.hostbackend;

import java.io.File;

/** Tells builds of Isomorph apart: two have the same identity only if they are the same. */
public final class BuildIdentity {
  /** Where the build puts the other modules and the libraries, beside the jar that is started. */
  private static final String LIBRARIES = "lib";

  private BuildIdentity() {}

  /** Names, sizes and times of the jars; null when it has not been started from one. */
  public static String find() {
    return find(new File(System.getProperty("java.class.path")));
  }

  static String find(File jar) {
    File folder = new File(jar.getAbsoluteFile().getParentFile(), LIBRARIES);
    String[] names = folder.list();
    if (!jar.isFile() || names == null) {
      return null;
    }
    StringBuilder identity = new StringBuilder();
    append(jar, identity);
    // In any order: another one only makes it another build.
    for (String name : names) {
      append(new File(folder, name), identity);
    }
    return identity.toString();
  }

  private static void append(File file, StringBuilder to) {
    to.append(file.getName())
        .append(' ')
        .append(file.length())
        .append(' ')
        .append(file.lastModified())
        .append('\n');
  }
}
