/** Random whole programs that end: making them, running them, making them smaller. */
package dev.isomorph.conformance.fuzz;
