package dev.isomorph.systemvm.firmware;

import dev.isomorph.systemvm.firmware.FirmwareEvents.Event;
import java.util.List;

/**
 * Fences of one hart on others (RISC-V SBI specification, chapter 8). There is no hypervisor
 * extension, so its fences are not there either.
 */
final class RemoteFenceExtension {
  private static final long ASID_BITS = 0xffff;

  private final SbiPlatform platform;
  private final FirmwareEvents events;

  RemoteFenceExtension(SbiPlatform platform, FirmwareEvents events) {
    this.platform = platform;
    this.events = events;
  }

  SbiExtension table() {
    return new SbiExtension(
        SbiExtension.id("RFNC"),
        "remote fences",
        List.of(
            new SbiFunction(0, "sbi_remote_fence_i", this::instructions),
            new SbiFunction(1, "sbi_remote_sfence_vma", this::addresses),
            new SbiFunction(2, "sbi_remote_sfence_vma_asid", this::addressesOf)));
  }

  private SbiResult instructions(int hart, long[] a) {
    return fence(
        hart, a, new RemoteFence.Instructions(), Event.FENCE_I_SENT, Event.FENCE_I_RECEIVED);
  }

  private SbiResult addresses(int hart, long[] a) {
    return fence(
        hart,
        a,
        new RemoteFence.Addresses(a[2], size(a)),
        Event.SFENCE_VMA_SENT,
        Event.SFENCE_VMA_RECEIVED);
  }

  private SbiResult addressesOf(int hart, long[] a) {
    if ((a[4] & ~ASID_BITS) != 0) {
      return SbiError.INVALID_PARAM.result();
    }
    return fence(
        hart,
        a,
        new RemoteFence.AddressesOf((int) a[4], a[2], size(a)),
        Event.SFENCE_VMA_ASID_SENT,
        Event.SFENCE_VMA_ASID_RECEIVED);
  }

  /** Two ways to say everything. */
  private static long size(long[] a) {
    return a[2] == 0 && a[3] == 0 ? RemoteFence.EVERYTHING : a[3];
  }

  private SbiResult fence(int hart, long[] a, RemoteFence fence, Event sent, Event received) {
    if (!HartMask.isValid(a[0], a[1], platform.harts())) {
      return SbiError.INVALID_PARAM.result();
    }
    long harts = HartMask.of(a[0], a[1], platform.harts());
    events.count(hart, sent);
    events.countAll(harts, received);
    platform.fence(hart, harts, fence);
    return SbiResult.SUCCESS;
  }
}
