/** Images of disks: what a file of the host's holds, whatever device shows it to the guest. */
package dev.isomorph.systemvm.disk;
