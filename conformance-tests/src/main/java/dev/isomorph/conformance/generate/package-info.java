/** Random scenarios, weighted to the corners. */
package dev.isomorph.conformance.generate;
