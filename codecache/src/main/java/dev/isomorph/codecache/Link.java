package dev.isomorph.codecache;

/**
 * A direct jump from one block to another, in a list of each: there are as many as jumps, and some
 * blocks have thousands of others that jump to them.
 */
final class Link {
  /** The block that jumps. */
  final TranslatedBlock source;

  /** The block jumped to. */
  final TranslatedBlock target;

  /** Offset in the cache of the jump's rel32. */
  final int site;

  /** Offset of the stub the jump goes to when it is not linked. */
  final int stub;

  /** The next one from the same source. */
  Link nextOutgoing;

  /** The next one to the same target, and the one before. */
  Link nextIncoming;

  private Link previousIncoming;

  /** Makes a link, and enters it at both blocks. */
  Link(TranslatedBlock source, TranslatedBlock target, int site, int stub) {
    this.source = source;
    this.target = target;
    this.site = site;
    this.stub = stub;
    nextOutgoing = source.outgoing;
    source.outgoing = this;
    nextIncoming = target.incoming;
    if (nextIncoming != null) {
      nextIncoming.previousIncoming = this;
    }
    target.incoming = this;
  }

  /** Strikes it from the list of its source. */
  void removeFromSource() {
    if (source.outgoing == this) {
      source.outgoing = nextOutgoing;
      return;
    }
    Link before = source.outgoing;
    while (before.nextOutgoing != this) {
      before = before.nextOutgoing;
    }
    before.nextOutgoing = nextOutgoing;
  }

  /** Strikes it from the list of its target. */
  void removeFromTarget() {
    if (nextIncoming != null) {
      nextIncoming.previousIncoming = previousIncoming;
    }
    if (previousIncoming == null) {
      target.incoming = nextIncoming;
    } else {
      previousIncoming.nextIncoming = nextIncoming;
    }
  }
}
