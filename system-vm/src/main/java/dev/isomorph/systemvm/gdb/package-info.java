/** Debugging a machine from outside, by the GDB remote serial protocol. */
package dev.isomorph.systemvm.gdb;
