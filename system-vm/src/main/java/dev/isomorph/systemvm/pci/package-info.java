/** PCI Express as the board has it: one bus, on which the host's bridge and other functions are. */
package dev.isomorph.systemvm.pci;
