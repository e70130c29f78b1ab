/** The user's commands about a machine, as in qemu's monitor. */
package dev.isomorph.systemvm.monitor;
