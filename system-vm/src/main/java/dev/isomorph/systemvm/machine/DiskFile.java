package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.disk.Disk;
import dev.isomorph.systemvm.options.DriveOptions;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A disk of a machine that is saved: not its content, but by what one sees that it has not changed.
 */
record DiskFile(DriveOptions drive, Disk disk) {
  private Path path() {
    return drive.file().toAbsolutePath().normalize();
  }

  private long modified() throws IOException {
    return Files.getLastModifiedTime(drive.file()).to(TimeUnit.NANOSECONDS);
  }

  void save(DataOutput out) throws IOException {
    if (drive.snapshot()) {
      throw new IOException(
          drive.file() + " forgets what is written to it, so the machine cannot be saved");
    }
    if (!disk.readOnly()) {
      disk.flush();
    }
    out.writeUTF(path().toString());
    out.writeLong(Files.size(drive.file()));
    out.writeLong(modified());
  }

  /**
   * Reads what was saved.
   *
   * @throws IOException if it is another disk, or has been written since
   */
  void compare(DataInput in) throws IOException {
    String saved = in.readUTF();
    if (!saved.equals(path().toString())) {
      throw new IOException("the machine was saved with the disk " + saved + ", not " + path());
    }
    if (in.readLong() != Files.size(drive.file()) | in.readLong() != modified()) {
      throw new IOException("the disk " + path() + " has been written since the machine was saved");
    }
  }
}
