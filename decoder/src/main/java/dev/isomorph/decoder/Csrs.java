package dev.isomorph.decoder;
final class Csrs { private Csrs() {} static String name(int number) { return "0x" + Integer.toHexString(number); } }
