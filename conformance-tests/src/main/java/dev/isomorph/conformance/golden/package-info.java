/**
 * The golden model: every instruction as the RISC-V ISA manual describes it, as directly as can be
 * written down. It judges the translator and shares nothing with it but the decoded instruction.
 */
package dev.isomorph.conformance.golden;
