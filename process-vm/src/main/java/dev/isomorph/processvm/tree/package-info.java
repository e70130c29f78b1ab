/**
 * The processes of a virtual machine: who is whose child, which groups and sessions there are, who
 * waits for whom, and whom a signal from outside is for.
 */
package dev.isomorph.processvm.tree;
