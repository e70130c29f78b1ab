package dev.isomorph.conformance.campaign;

import dev.isomorph.tools.Qemu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** The kinds of cases. */
enum Kind {
  /** Single instructions from random states. */
  INSTRUCTIONS {
    @Override
    Trial open(Equipment equipment) {
      return ScenarioTrial.ofInstructions();
    }
  },

  /** Short programs from random states. */
  SEQUENCES {
    @Override
    Trial open(Equipment equipment) {
      return ScenarioTrial.ofSequences();
    }
  },

  /** Random machine code, as whole programs. */
  PROGRAMS {
    @Override
    boolean comparesWithQemu() {
      return true;
    }

    @Override
    Trial open(Equipment equipment) throws IOException, InterruptedException {
      return new ProgramTrial(equipment);
    }
  },

  /** C programs by csmith, compiled at -O0 to -O3, against their native results. */
  CSMITH {
    @Override
    String missing() {
      return CsmithTrial.missing();
    }

    @Override
    Trial open(Equipment equipment) throws IOException {
      return new CsmithTrial(equipment);
    }
  };

  /**
   * What trials may use.
   *
   * @param qemu null if there is none
   * @param scratch a folder for files of the moment
   */
  record Equipment(Qemu qemu, Path scratch) {}

  /** What it is called on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the host lacks for such cases, in a few words; empty if nothing. */
  String missing() {
    return "";
  }

  /** Whether qemu is to agree, too, where it can be trusted with a case. */
  boolean comparesWithQemu() {
    return false;
  }

  /** Makes what judges cases, for one thread. */
  abstract Trial open(Equipment equipment) throws IOException, InterruptedException;
}
