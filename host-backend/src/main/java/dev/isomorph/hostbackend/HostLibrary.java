package dev.isomorph.hostbackend;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Loads the shared object behind {@link HostCalls} through a file that exists only until the
 * dynamic linker has mapped it.
 */
final class HostLibrary {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(
          Set.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private static final int FOLDERS = 3;

  private HostLibrary() {}

  /**
   * Loads the library from a file in the first folder that lets it be executed.
   *
   * @throws UnsatisfiedLinkError if there is none, saying why in one line
   */
  static void load() {
    byte[] image = HostFunctions.sharedObject();
    StringBuilder failures = new StringBuilder("no folder can hold executable code:");
    for (int i = 0; i < FOLDERS; i++) {
      String folder = folder(i);
      if (folder != null) {
        String name = "isomorph-".concat(Long.toString(System.nanoTime()));
        String failure = tryLoad(image, Path.of(folder, name));
        if (failure == null) {
          return;
        }
        failures.append(' ').append(failure).append(';');
      }
    }
    throw new UnsatisfiedLinkError(failures.substring(0, failures.length() - 1));
  }

  /** Cheapest first: reading the environment for the first time takes a millisecond. */
  private static String folder(int choice) {
    return switch (choice) {
      case 0 -> "/dev/shm";
      case 1 -> System.getenv("XDG_RUNTIME_DIR");
      default -> System.getProperty("java.io.tmpdir");
    };
  }

  /**
   * Returns null when loaded, else why not.
   *
   * <p>The folder may be open to every user of the machine, so the file lies in one of its own that
   * is not; creating that through java.nio and the file through java.io costs a tenth of creating a
   * file with permissions, which starts up file channels.
   */
  @SuppressWarnings("restricted") // native access is what this class is for
  static String tryLoad(byte[] image, Path privateFolder) {
    File file = new File(privateFolder.toString(), "host.so");
    try {
      Files.createDirectory(privateFolder, OWNER_ONLY);
      try (FileOutputStream out = new FileOutputStream(file)) {
        out.write(image);
      }
      System.load(file.getPath());
      return null;
    } catch (IOException e) {
      return e.getClass().getSimpleName() + " " + e.getMessage();
    } catch (UnsatisfiedLinkError e) {
      return e.getMessage();
    } finally {
      file.delete();
      privateFolder.toFile().delete();
    }
  }
}
