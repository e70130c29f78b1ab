/** What a machine is to be like, as the user has said it; nothing here does anything. */
package dev.isomorph.systemvm.options;
