/** Says which corners of which instructions have been tested. */
package dev.isomorph.conformance.coverage;
