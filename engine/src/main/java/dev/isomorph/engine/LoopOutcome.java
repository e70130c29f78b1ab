package dev.isomorph.engine;

/** What becomes of a hot loop. */
sealed interface LoopOutcome permits CompiledRegion, RegionRefusal {}
