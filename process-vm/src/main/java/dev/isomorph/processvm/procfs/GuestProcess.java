package dev.isomorph.processvm.procfs;

import dev.isomorph.processvm.elf.LoadedProgram;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.start.StackLayout;

/**
 * The process that {@code /proc/self} is about.
 *
 * @param executable the guest's path of its program with no symbolic links
 */
public record GuestProcess(
    AddressSpace space, LoadedProgram program, StackLayout stack, String executable) {}
