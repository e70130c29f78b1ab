/** Campaigns: looking for differences for as long as one likes. */
package dev.isomorph.conformance.campaign;
