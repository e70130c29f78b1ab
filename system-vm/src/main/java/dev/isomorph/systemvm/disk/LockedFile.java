package dev.isomorph.systemvm.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A file of the host's, locked: who writes to an image is alone with it, readers share it, in this
 * process and, by the file's lock, in others.
 *
 * <p>A process loses its locks of a file when it closes any one channel of that file; therefore all
 * readers in this process use the same.
 */
final class LockedFile implements ImageFile {
  private static final Map<Object, LockedFile> OPEN = new HashMap<>();

  private final String name;
  private final Object key;
  private final FileChannel channel;
  private final boolean writable;
  // Guarded by OPEN.
  private int users = 1;

  private LockedFile(String name, Object key, FileChannel channel, boolean writable) {
    this.name = name;
    this.key = key;
    this.channel = channel;
    this.writable = writable;
  }

  /**
   * Opens and locks.
   *
   * @throws DiskImageException if there is no such file, or others use it
   */
  static LockedFile open(Path path, boolean writable) throws IOException {
    String name = path.toString();
    synchronized (OPEN) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
          throw new DiskImageException(name, "is a folder");
        }
        LockedFile there = OPEN.get(attributes.fileKey());
        if (there == null) {
          LockedFile file = openNew(path, attributes.fileKey(), writable);
          OPEN.put(file.key, file);
          return file;
        }
        if (writable || there.writable) {
          throw new DiskImageException(name, "is in use by another drive, and one of them writes");
        }
        there.users++;
        return there;
      } catch (NoSuchFileException e) {
        throw new DiskImageException(name, "no such file");
      } catch (AccessDeniedException e) {
        throw new DiskImageException(name, "may not be " + (writable ? "written" : "read"));
      }
    }
  }

  private static LockedFile openNew(Path path, Object key, boolean writable) throws IOException {
    Set<StandardOpenOption> options =
        writable
            ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
            : Set.of(StandardOpenOption.READ);
    FileChannel channel = FileChannel.open(path, options);
    try {
      if (channel.tryLock(0, Long.MAX_VALUE, !writable) == null) {
        throw new DiskImageException(path.toString(), "is in use by another program");
      }
      return new LockedFile(path.toString(), key, channel, writable);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void read(long position, byte[] to, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(to, offset, length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position() - offset) < 0) {
        Arrays.fill(to, buffer.position(), offset + length, (byte) 0);
        return;
      }
    }
  }

  @Override
  public void write(long position, byte[] from, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(from, offset, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer, position + buffer.position() - offset);
    }
  }

  @Override
  public void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    synchronized (OPEN) {
      if (--users == 0) {
        OPEN.remove(key);
        channel.close();
      }
    }
  }
}
