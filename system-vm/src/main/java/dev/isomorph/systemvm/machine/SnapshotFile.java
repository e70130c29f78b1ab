package dev.isomorph.systemvm.machine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The file a machine is saved in: magic bytes, the format's version, length and CRC-32 of the rest,
 * and the rest, which is compressed (zlib). It is checked as a whole before anything of it is used,
 * and appears under its name only when it is complete.
 */
final class SnapshotFile {
  private static final byte[] MAGIC = "ISOSNAP\n".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int HEADER = MAGIC.length + 4 + 8 + 4;
  private static final int BUFFER = 1 << 16;

  /** What is written. */
  interface Writer {
    void write(DataOutput out) throws IOException;
  }

  /** What is done with what was written. */
  interface Reader {
    void read(DataInput in) throws IOException;
  }

  private SnapshotFile() {}

  /**
   * Writes a file, or leaves what was there.
   *
   * @throws IOException with a line for the user
   */
  static void write(Path file, Writer content) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder");
    }
    Path whole = file.toAbsolutePath();
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    try (RandomAccessFile out = open(part, file)) {
      writeTo(out, content);
      Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      part.toFile().delete();
      throw e;
    }
  }

  private static void writeTo(RandomAccessFile out, Writer content) throws IOException {
    out.setLength(0);
    out.seek(HEADER);
    CRC32 sum = new CRC32();
    compress(new CheckedOutputStream(new Unclosed(out), sum), content);
    long length = out.length() - HEADER;
    out.seek(0);
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeLong(length);
    out.writeInt((int) sum.getValue());
    out.getFD().sync();
  }

  /** Opens a part of a file, of which only the whole has a name that says something to the user. */
  private static RandomAccessFile open(Path part, Path file) throws IOException {
    try {
      return new RandomAccessFile(part.toFile(), "rw");
    } catch (FileNotFoundException e) {
      throw new IOException(file + e.getMessage().substring(part.toString().length()), e);
    }
  }

  private static void compress(OutputStream to, Writer content) throws IOException {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                new DeflaterOutputStream(new BufferedOutputStream(to, BUFFER), deflater, BUFFER),
                BUFFER))) {
      content.write(out);
    } finally {
      deflater.end();
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException with a line for the user, if it is none, or damaged, or {@code content}
   *     throws one
   */
  static void read(Path file, Reader content) throws IOException {
    check(file);
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(HEADER);
      DataInputStream data =
          new DataInputStream(
              new BufferedInputStream(
                  new InflaterInputStream(new BufferedInputStream(in, BUFFER)), BUFFER));
      content.read(data);
      if (data.read() >= 0) {
        throw new IOException("there is more in it than there should be");
      }
    } catch (EOFException e) {
      throw new IOException(file + ": the snapshot ends too early", e);
    } catch (IOException | RuntimeException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void check(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new IOException(file + ": this is no snapshot of a machine");
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new IOException(
            file + ": a snapshot of format " + version + "; this Isomorph knows format " + VERSION);
      }
      long length = in.readLong();
      int sum = in.readInt();
      if (length != Files.size(file) - HEADER) {
        throw new IOException(file + ": the snapshot has been cut off");
      }
      CheckedInputStream rest = new CheckedInputStream(in, new CRC32());
      rest.skipNBytes(length);
      if ((int) rest.getChecksum().getValue() != sum) {
        throw new IOException(file + ": the snapshot is damaged");
      }
    } catch (EOFException e) {
      throw new IOException(file + ": the snapshot has been cut off", e);
    }
  }

  /** Bytes go to the file, whose header is yet to be written. */
  private static final class Unclosed extends OutputStream {
    private final RandomAccessFile file;

    Unclosed(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public void write(int value) throws IOException {
      file.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      file.write(bytes, offset, length);
    }
  }
}
