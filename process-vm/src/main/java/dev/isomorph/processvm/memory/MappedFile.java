package dev.isomorph.processvm.memory;

/**
 * What backs a file mapping, as {@code /proc/self/maps} tells it.
 *
 * @param path path as the guest knows it, one byte per char
 * @param device device number as stat(2) gives it in {@code st_dev}
 * @param inode inode number
 */
public record MappedFile(String path, long device, long inode) {}
