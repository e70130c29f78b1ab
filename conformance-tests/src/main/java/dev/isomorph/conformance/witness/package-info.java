/** Runs the same scenario by independent means and compares what came out. */
package dev.isomorph.conformance.witness;
