package dev.isomorph.systemvm.gdb;

import dev.isomorph.systemvm.hart.Halt;

/**
 * Why a machine has come to a halt.
 *
 * @param hart the number of the hart that is to blame
 */
public record HaltedHart(int hart, Halt why) {}
