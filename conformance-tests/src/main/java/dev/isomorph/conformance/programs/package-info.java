/** Whole programs: building them, running them here, under qemu and on the host. */
package dev.isomorph.conformance.programs;
