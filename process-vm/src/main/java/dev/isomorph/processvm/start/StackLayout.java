package dev.isomorph.processvm.start;

/**
 * What lies where on the stack of a program that starts.
 *
 * @param pointer initial stack pointer, where argc is
 * @param argumentsStart first byte of the argument strings
 * @param argumentsEnd byte after them, and the first of the environment strings
 * @param environmentEnd byte after those
 * @param auxiliaryVector its bytes, as {@code /proc/self/auxv} shows them
 */
public record StackLayout(
    long pointer,
    long argumentsStart,
    long argumentsEnd,
    long environmentEnd,
    byte[] auxiliaryVector) {}
